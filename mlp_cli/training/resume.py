"""Going on with a run: from the same bits, with the same settings, on the same data."""

import json
import shlex
from collections.abc import Iterable
from pathlib import Path

from mlp_cli.config import Config, Override, from_plain, to_plain
from mlp_cli.config.fields import ALIASES
from mlp_cli.data.split import Dataset
from mlp_cli.errors import CheckpointError, UsageError
from mlp_cli.training.checkpoint import Checkpoint, load
from mlp_cli.training.loop import Maker, Trainer
from mlp_cli.training.names import find_path, find_run
from mlp_cli.training.run import Run
from mlp_cli.training.rundir import RunFolder


def to_resume(name: str) -> RunFolder:
    """The run folder that ``--resume`` means: its path, its previous.npz, or ``latest``.

    Raises:
        CheckpointError: there is none.
    """
    path = find_path(name)
    if path.name == RunFolder(path).previous.name and path.is_file():
        return RunFolder(path.parent)
    return find_run(name)


def checkpoint_of(folder: RunFolder, name: str) -> Checkpoint:
    """Where a run is to go on from: its last checkpoint, or the one before where that was named.

    Raises:
        CheckpointError: it is damaged; if the one before is whole, it is named.
    """
    if Path(name).name == folder.previous.name:
        return load(folder.previous)
    try:
        return load(folder.last)
    except CheckpointError as error:
        try:
            before = load(folder.previous)
        except CheckpointError:
            raise error from None
        raise CheckpointError(
            f"{error}; the one before it is whole, of epoch {before.position.epoch}; go on from "
            f"there: mlp train --resume {shlex.quote(str(folder.previous))}"
        ) from error


def resumed_config(saved: Checkpoint, overrides: Iterable[Override]) -> Config:
    """The config to go on with: the run's own, with more epochs where its schedule allows.

    Args:
        saved: the run's last checkpoint.
        overrides: what the command line says instead.

    Raises:
        ConfigError: an override breaks the schema.
        UsageError: an override contradicts the run.
    """
    old = to_plain(saved.config)
    overrides = list(overrides)
    config = from_plain(old, f"{saved.path}: config", overrides)
    new = to_plain(config)
    changed = [key for key in new if key not in ("epochs", "plots") and new[key] != old[key]]
    if changed:
        said = [(key.partition(".")[0], place) for key, _, place in overrides]
        places = dict.fromkeys(place for word, place in said if ALIASES.get(word, word) in changed)
        raise UsageError(
            f"{', '.join(places)}: a resumed run keeps its settings, and its "
            f"{' and '.join(changed)} would change; leave this out, or start a new run"
        )
    if config.epochs != saved.config.epochs and not config.schedule.extendable:
        raise UsageError(
            f"epochs: the schedule {config.schedule.name} was laid out for {saved.config.epochs} "
            "epochs, so the run cannot be given another number; start a new run"
        )
    if config.epochs < saved.config.epochs:
        raise UsageError(
            f"epochs: a resumed run can be given more epochs than its {saved.config.epochs}, "
            f"not fewer; got {config.epochs}"
        )
    return config


def take_up(saved: Checkpoint, trainer: Trainer) -> None:
    """Put a trainer of the same config where a checkpoint was taken.

    Raises:
        CheckpointError: the data is not what the run was trained on.
    """
    found = trainer.dataset
    known = (saved.classes, saved.shape, saved.data_checksum)
    if known != (found.classes, found.shape, found.checksum):
        raise CheckpointError(
            f"{saved.path}: was trained on other data than {found.name} is now; start a new run"
        )
    saved.restore(trainer)


def resume(
    folder: RunFolder,
    saved: Checkpoint,
    config: Config,
    dataset: Dataset,
    threads: int = 1,
    make: Maker = Trainer,
) -> Run:
    """Take up a run where its last checkpoint left it.

    Raises:
        CheckpointError: the data is not what the run was trained on.
        UsageError: the run is complete.
    """
    trainer = make(config, dataset, threads)
    take_up(saved, trainer)
    if trainer.done and _finished(folder, trainer):
        raise UsageError(f"{folder.path}: this run is complete: {_why_complete(trainer)}")
    if saved.path == folder.previous:
        folder.previous.replace(folder.last)  # which must not take its place, if it is damaged
    return Run(folder, trainer)


def _why_complete(trainer: Trainer) -> str:
    if trainer.stopped_early:
        return "it stopped early; for a longer one start a new run with more patience"
    done = f"all {trainer.config.epochs} epochs are done"
    schedule = trainer.config.schedule
    if not schedule.extendable:
        return f"{done}, and the schedule {schedule.name} ends with them; start a new run"
    return f"{done}; give it more with --epochs"


def _finished(folder: RunFolder, trainer: Trainer) -> bool:
    """Whether summary.json tells of all the epochs done."""
    try:
        summary = json.loads(folder.summary.read_text())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(summary, dict) and summary.get("epochs") == trainer.position.epoch
