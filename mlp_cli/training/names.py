"""What a name on the command line means: a run folder, a checkpoint, ``latest``, ``shipped``."""

import contextlib
import hashlib
import os
import re
import shlex
from pathlib import Path

from mlp_cli import shipped
from mlp_cli.errors import CheckpointError, RunError, UsageError, did_you_mean
from mlp_cli.training.rundir import RunFolder

RUNS = Path("runs")
ELSEWHERE = RUNS / "elsewhere.txt"  # the run folders that --out put in other places
LATEST = "latest"
BEST = "best.yaml"  # in the folder of a sweep: the config of its best trial
DATABASE = "study.db"  # and what was tried, unless another storage is named


def new_run(name: str, out: Path | None) -> RunFolder:
    """Make a run folder: ``out`` itself, or the next free ``runs/NAME-001``.

    Raises:
        UsageError: ``out`` already has a run in it, or a file that a run would overwrite.
        RunError: the folder cannot be made.
    """
    try:
        return _next_folder(name) if out is None else _given_folder(out)
    except OSError as error:
        raise RunError(
            f"{out or RUNS}: no run folder can be made there: {error.strerror}"
        ) from error


def new_sweep(name: str, out: Path | None) -> Path:
    """Make the folder of a sweep: ``out`` itself, or the next free ``runs/sweep-NAME-001``.

    Raises:
        UsageError: ``out`` is not empty.
        RunError: the folder cannot be made.
    """
    try:
        if out is None:
            return _next_folder(f"sweep-{name}").path
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise UsageError(f"--out {out}: is not empty; name another folder")
    except OSError as error:
        raise RunError(f"{out or RUNS}: no folder can be made there: {error.strerror}") from error
    return out


def _next_folder(name: str) -> RunFolder:
    RUNS.mkdir(exist_ok=True)
    number = max((_number(path.name, name) for path in RUNS.iterdir()), default=0)
    while True:
        number += 1
        path = RUNS / f"{name}-{number:03d}"
        try:
            path.mkdir()
        except FileExistsError:
            continue  # another training took it first
        return RunFolder(path)


def _given_folder(out: Path) -> RunFolder:
    out.mkdir(parents=True, exist_ok=True)
    folder = RunFolder(out)
    if folder.last.exists() or folder.best.exists():
        raise UsageError(
            f"--out {out}: has a run in it already; name another folder, or go on with "
            f"that run: mlp train --resume {shlex.quote(str(out))}"
        )
    for file in (
        folder.config,
        folder.previous,
        folder.metrics,
        folder.summary,
        folder.curves,
        folder.confusion,
        folder.tensorboard,
    ):
        if os.path.lexists(file):
            raise UsageError(
                f"--out {out}: has a {file.name} in it already, which a run would "
                "overwrite; name another folder"
            )
    _remember(out)
    return folder


def _remember(out: Path) -> None:
    """Note a run folder that lies elsewhere, so that ``latest`` finds it too."""
    path = out.resolve()
    if path.parent == RUNS.resolve() or "\n" in str(path):  # which a list of lines cannot hold
        return
    with contextlib.suppress(OSError):  # a folder that cannot hold runs/ has no latest either
        RUNS.mkdir(exist_ok=True)
        with ELSEWHERE.open("ab") as file:
            file.write(os.fsencode(path) + b"\n")


def _number(folder: str, name: str) -> int:
    """The number of a run called ``name``; 0 of anything else."""
    match = re.fullmatch(re.escape(name) + r"-(\d+)", folder)
    return int(match[1]) if match else 0


def find_run(name: str) -> RunFolder:
    """The folder called ``name``, as ``find_folder`` knows it, of a run that can go on.

    Raises:
        CheckpointError: there is none.
    """
    folder = find_folder(name)
    if not os.path.isfile(folder.last):
        best, remedy = folder.path / BEST, ""
        if os.path.isfile(folder.previous):
            before = shlex.quote(str(folder.previous))
            remedy = f"; what was before it is here: --resume {before}"
        elif os.path.isfile(best):
            remedy = f"; it is a sweep's, whose best is: --config {shlex.quote(str(best))}"
        raise CheckpointError(f"{name}: is no run folder, for it has no last.npz{remedy}")
    return folder


def find_folder(name: str) -> RunFolder:
    """The run folder called ``name``: a path, from here or from ./runs, or ``latest``.

    Raises:
        CheckpointError: there is none.
    """
    if name == LATEST and not os.path.isdir(name):
        return latest_run()
    path = find_path(name)
    if not os.path.lexists(path):
        hint = did_you_mean(name, _names())
        raise CheckpointError(f"{name}: there is no such run; {hint}name a run folder or `latest`")
    return RunFolder(path)


def find_path(name: str) -> Path:
    """What lies at a path: as it was typed, or else in ./runs if it is there."""
    typed, inside = Path(name), RUNS / name
    other = not os.path.lexists(typed) and ".." not in typed.parts and os.path.lexists(inside)
    return inside if other else typed


def _names() -> list[str]:
    """What a run may be called here, to find the one that was meant."""
    return [LATEST, *(str(folder.path) for folder in folders() if os.path.isfile(folder.last))]


def folders() -> list[RunFolder]:
    """Those in ./runs, and those that were started from here with --out; not all hold a run."""
    noted = ELSEWHERE.read_bytes().split(b"\n") if ELSEWHERE.is_file() else []
    others = [Path(os.fsdecode(path)) for path in noted if path]
    return [RunFolder(path) for path in dict.fromkeys([*RUNS.glob("*"), *others])]


def latest_run() -> RunFolder:
    """The run folder, in ./runs or started from here with --out, with the newest checkpoint.

    Raises:
        CheckpointError: there is none.
    """
    written = [folder.last for folder in folders() if os.path.isfile(folder.last)]
    if not written:
        raise CheckpointError(
            f"there is no run in ./{RUNS} yet; train one (mlp train --config quickstart) or name "
            "a checkpoint"
        )
    return RunFolder(max(written, key=lambda path: path.stat().st_mtime_ns).parent)


def find_checkpoint(name: str) -> Path:
    """The checkpoint that ``name`` means: a file, a run folder's best, ``latest``, ``shipped``.

    Raises:
        CheckpointError: there is none, or the one that comes along is damaged.
    """
    if name == shipped.NAME:  # whatever lies here, so that a command answers the same everywhere
        return _shipped()
    path = find_path(name)
    if os.path.isfile(path):
        return path
    if not os.path.isdir(path) and name != LATEST:
        hint = did_you_mean(name, [shipped.NAME, *_names()])
        raise CheckpointError(
            f"{name}: there is no such checkpoint; {hint}name a run folder, an .npz file, `latest` "
            "or `shipped`"
        )
    folder = find_run(name)
    return folder.best if folder.best.is_file() else folder.last


def _shipped() -> Path:
    """The model that comes along, if it is what it should be."""
    try:
        found = hashlib.sha256(shipped.MODEL.read_bytes()).hexdigest()
    except OSError as error:
        raise CheckpointError(
            f"{shipped.MODEL}: cannot be read: {error.strerror}; install mlp again"
        ) from error
    if found != shipped.MODEL_SHA256:
        raise CheckpointError(f"{shipped.MODEL}: is damaged; install mlp again")
    return shipped.MODEL
