"""Trainings of an instant: a data set of tiny pictures, configs for it, and runs on it."""

from pathlib import Path
from typing import Any

import numpy as np

from mlp_cli.config import Config, from_plain
from mlp_cli.data.split import Dataset, Split
from mlp_cli.training.events import EpochDone, StepsDone
from mlp_cli.training.loop import Trainer
from mlp_cli.training.resume import checkpoint_of, resume, resumed_config, to_resume
from mlp_cli.training.run import Run
from mlp_cli.training.rundir import RunFolder

CLASSES = ("circle", "cross", "square")
SHAPE = (4, 5)


def toy_dataset(train: int = 30, test: int = 12, seed: int = 0) -> Dataset:
    """Noisy pictures of three classes; each pixel of each class has a mean of its own."""
    rng = np.random.default_rng(seed)
    means = rng.integers(0, 200, (len(CLASSES), SHAPE[0] * SHAPE[1]))

    def split(examples: int) -> Split:
        labels = np.arange(examples) % len(CLASSES)
        images = means[labels] + rng.integers(0, 56, (examples, means.shape[1]))
        return Split(images.astype(np.uint8), labels)

    return Dataset("mnist-5k", CLASSES, SHAPE, split(train), split(test))


def toy_config(**keys: Any) -> Config:
    """A config with these keys, and small where they are silent."""
    small = {"data": {"name": "mnist-5k", "validation": 6}, "layers": [4], "epochs": 3}
    return from_plain({**small, "plots": False, **keys}, "toy")


def begin(folder: Path, config: Config) -> Run:
    """A new run in this folder, which is made."""
    folder.mkdir(exist_ok=True)
    return Run(RunFolder(folder), Trainer(config, toy_dataset()))


def stop_after(run: Run, events: int) -> list[StepsDone | EpochDone]:
    """Run until so many events were told, save there as Ctrl-C does, and give the events."""
    told = []
    for event in run.train():
        told.append(event)
        if len(told) == events:
            break
    run.save()
    return told


def complete(run: Run) -> list[StepsDone | EpochDone]:
    """Run to the end, and give the events."""
    told = list(run.train())
    run.finish("mlp train")
    return told


def take_up(
    folder: Path,
    *overrides: tuple[str, str, str],
    dataset: Dataset | None = None,
    name: str | None = None,
) -> Run:
    """The run of this folder, as ``mlp train --resume`` finds it: from its files alone."""
    found = to_resume(name or str(folder))
    saved = checkpoint_of(found, name or str(folder))
    return resume(found, saved, resumed_config(saved, overrides), dataset or toy_dataset())


def bits(checkpoint: Path) -> dict[str, bytes]:
    """The parameters and the optimizer's memory in a checkpoint."""
    with np.load(checkpoint) as archive:
        return {name: archive[name].tobytes() for name in archive.files if name != "page"}
