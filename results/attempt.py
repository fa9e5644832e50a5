"""Tries a recipe with other values on digits that it neither learns from nor is judged on at last.

    python results/attempt.py minute layers=[512,512] optimizer.lr=0.002

adds a row to results/tried.csv: how many of the held-out digits are read right after the last
epoch. These are 10,000 training digits; for a recipe on a sample, all training digits of the whole
set that the sample lacks.
"""

import csv
import json
import os
import sys
import time
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlp_cli import blas

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mlp_cli.config import Config
    from mlp_cli.data.split import Dataset, Split

TABLE = Path(__file__).with_name("tried.csv")
COLUMNS = ("recipe", "settings", "accuracy", "loss", "train_loss", "epochs", "seconds", "threads")
HELD_OUT = 10_000


def judged_on(config: "Config", dataset: "Dataset") -> "tuple[Config, Split, NDArray[np.intp]]":
    """The config that holds digits out, and where they are."""
    import numpy as np

    from mlp_cli.data.catalogue import CATALOGUE
    from mlp_cli.data.dataset import open_dataset
    from mlp_cli.data.directory import data_directory
    from mlp_cli.training.loop import split_rows

    known = CATALOGUE.get(dataset.name)
    whole = known and known.sample_of
    if whole is None:
        config = replace(config, data=replace(config.data, validation=HELD_OUT))
        return config, dataset.train, split_rows(config, dataset.train.labels)[1]
    seen = {image.tobytes() for split in (dataset.train, dataset.test) for image in split.images}
    rest = open_dataset(whole, data_directory(None)).shown(config.data.deskew).train
    unknown = [i for i, image in enumerate(rest.images) if image.tobytes() not in seen]
    return replace(config, data=replace(config.data, validation=0)), rest, np.array(unknown)


def settings(config: "Config") -> str:
    """What is not as it is by default, as JSON."""
    from mlp_cli.options import Options

    def said(value: Any) -> Any:
        if not is_dataclass(value):
            return value
        name = {"name": value.name} if isinstance(value, Options) else {}
        own = {
            key.name: said(getattr(value, key.name))
            for key in fields(value)
            if getattr(value, key.name) != key.default
        }
        return value.name if name and not own else name | own

    return json.dumps(said(config))


def main(recipe: str, *changes: str) -> None:
    """Train once, telling each epoch on stderr, and write the row."""
    blas.prepare(os.environ)
    machine = blas.start()

    from mlp_cli.cli.settings import setting
    from mlp_cli.config import load
    from mlp_cli.data.dataset import open_dataset
    from mlp_cli.data.directory import data_directory
    from mlp_cli.training.budget import within_minutes
    from mlp_cli.training.evaluate import mean_loss
    from mlp_cli.training.events import EpochDone
    from mlp_cli.training.loop import Trainer

    config = load(recipe, [setting(text) for text in changes])
    dataset = open_dataset(config.data.name, data_directory(None)).shown(config.data.deskew)
    config, split, rows = judged_on(config, dataset)
    trainer = Trainer(config, dataset, machine.threads or 1)
    if trainer.leaves_a_core:
        machine = blas.use_one_thread()
    trainer.val_rows = trainer.val_rows[:0]  # judged once, at the end
    seconds = time.perf_counter()
    trainer.config = within_minutes(trainer, machine.threads or 1, seconds)
    for event in trainer.fit():
        if isinstance(event, EpochDone):
            print(event.epoch, f"{event.train_loss:.4f}", file=sys.stderr)
    seconds = time.perf_counter() - seconds
    loss, accuracy = mean_loss(trainer.network, split, rows)
    row = [recipe, settings(trainer.config), f"{accuracy:.4f}", f"{loss:.4f}"]
    row += [
        f"{event.train_loss:.4f}",
        str(trainer.config.epochs),
        f"{seconds:.1f}",
        str(machine.threads),
    ]
    new = not TABLE.exists()
    with TABLE.open("a", newline="") as file:
        table = csv.writer(file)
        table.writerows([COLUMNS] * new)
        table.writerow(row)


if __name__ == "__main__":
    main(*sys.argv[1:])
