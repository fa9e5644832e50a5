"""All that is read from anybody, and what may become of it.

A case has to be read, or refused in one line by an error of ours, within two seconds of the
processor's time, in bounded memory, and without a file being written.
"""

import gzip
import io
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from mlp_cli import shipped
from mlp_cli.cli.settings import setting
from mlp_cli.config import load as load_config
from mlp_cli.data import idx, own
from mlp_cli.data.arrayfiles import map_npy
from mlp_cli.data.digits import prepare_digit
from mlp_cli.data.images import FORMATS, load_image
from mlp_cli.errors import ConfigError, MlpError
from mlp_cli.training.checkpoint import load as load_checkpoint

SECONDS = 2  # of the processor, for a case
MEMORY = 1 << 30  # bytes beyond those at the start

Read = Callable[[Path], object]


@dataclass(frozen=True)
class Kind:
    """Something that is read."""

    name: str
    good: list[bytes]
    read: Read


@dataclass
class Counts:
    """What became of the cases."""

    cases: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0  # seconds

    def __str__(self) -> str:
        return (
            f"{self.cases:,} cases: {self.read:,} read, {self.refused:,} refused, none slower than "
            f"{self.slowest:.2f} s"
        )


def judge(kind: Kind, case: bytes, folder: Path, counts: Counts) -> None:
    """Read a case of a kind, and count what became of it.

    Raises:
        AssertionError: it ended otherwise than read or refused; its bytes are in ``folder``.
    """
    path = folder / "case"
    path.write_bytes(case)
    started = time.process_time()
    try:
        with _alarm():
            kind.read(path)
        counts.read += 1
    except MlpError as error:
        _check_words(error)
        counts.refused += 1
    counts.cases += 1
    counts.slowest = max(counts.slowest, time.process_time() - started)
    assert list(folder.iterdir()) == [path], "a file was written"


def _check_words(error: MlpError) -> None:
    lines = str(error).split("\n")
    assert isinstance(error, ConfigError) or len(lines) == 1, f"not one line: {lines}"
    assert all(line and line.isprintable() for line in lines), f"not printable: {lines}"


@contextmanager
def _alarm() -> Iterator[None]:
    def hang(number: int, frame: object) -> None:
        raise AssertionError(f"it took more than {SECONDS} seconds")

    before = signal.signal(signal.SIGPROF, hang)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@cache
def kinds() -> list[Kind]:
    """All that is read from anybody."""
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (12, 6, 5), np.uint8), np.arange(12, dtype=np.uint8) % 3
    raw = [idx.encode(images), idx.encode(labels)]
    recipes = [path.read_bytes() for path in sorted(shipped.RECIPES.glob("*.yaml"))]
    return [
        Kind("checkpoints", _checkpoints(images.reshape(12, -1), labels), _read_checkpoint),
        Kind("IDX files", raw, lambda path: idx.map_file(path)),
        Kind(
            "gzipped IDX files",
            [gzip.compress(each, 1) for each in raw],
            lambda path: list(idx.decompress(path)),
        ),
        Kind("images", _pictures(), _read_picture),
        Kind("configs", recipes, lambda path: load_config(str(path))),
        Kind(
            ".npz files",
            [_npz(x_train=images, y_train=labels), _npz(images=images, labels=labels)],
            lambda path: own.read(str(path)),
        ),
        Kind(".npy files", [_npy(images), _npy(labels.astype(">i4"))], map_npy),
        Kind(
            "--set values",
            [b"layers=[256, 128]", b"optimizer.lr=3e-4", b"augment={name: digits, rotate: 8}"],
            lambda path: load_config("quickstart", [setting(path.read_text("latin-1"))]),
        ),
    ]


def _npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def _npz(**arrays: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def _checkpoints(images: np.ndarray, labels: np.ndarray) -> list[bytes]:
    """Of a run in the middle of an epoch, with all that a checkpoint may hold."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from toys import toy_config, toy_dataset

    from mlp_cli.training.checkpoint import save
    from mlp_cli.training.loop import Trainer

    made = []
    for keys in ({"norm": "batch", "batch_size": 7}, {"activation": "prelu", "optimizer": "sgd"}):
        trainer = Trainer(toy_config(**keys), toy_dataset())
        for _ in zip(range(4), trainer.fit(), strict=False):
            pass
        with tempfile.TemporaryDirectory() as folder:
            save(trainer, Path(folder, "last.npz"))
            made.append(Path(folder, "last.npz").read_bytes())
    return made


def _read_checkpoint(path: Path) -> None:
    from toys import toy_dataset

    from mlp_cli.training.loop import Trainer

    saved = load_checkpoint(path)
    saved.network().folded()
    if saved.config.data.name == "mnist-5k" and max(saved.config.layers, default=0) < 100:
        trainer = Trainer(saved.config, toy_dataset())
        if trainer.network.theta.size == saved.theta.size:
            saved.restore(trainer)
            next(trainer.fit(), None)


def _pictures() -> list[bytes]:
    image = np.full((28, 28), 255, np.uint8)
    image[6:22, 12:16] = 0
    made = []
    for kind in FORMATS:
        for mode in ("L", "RGB", "P"):
            out = io.BytesIO()
            try:
                Image.fromarray(image).convert(mode).save(out, kind)
            except OSError:  # not every format has every mode
                continue
            made.append(out.getvalue())
    return made


def _read_picture(path: Path) -> None:
    prepare_digit(load_image(path, "a picture"))


def bounded_memory() -> None:
    """From here on, this process can take so much more, and no more."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    size = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, resource.RLIM_INFINITY))


def run(make: Callable[[Kind, int, Path], Counts]) -> None:
    """Read as many cases of each kind as the command line says, and print what became of them.

    Kinds are shared out among the cores.
    """
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=_begin) as pool:
        names = [each.name for each in kinds()]
        counts = [pool.submit(_of_kind, make, i, int(sys.argv[1])) for i in range(len(names))]
        for name, counted in zip(names, counts, strict=True):
            print(f"{name:<18} {counted.result()}", flush=True)


def _begin() -> None:
    bounded_memory()
    warnings.simplefilter("error")


def _of_kind(make: Callable[[Kind, int, Path], Counts], number: int, cases: int) -> Counts:
    with tempfile.TemporaryDirectory() as place:
        return make(kinds()[number], cases, Path(place))
