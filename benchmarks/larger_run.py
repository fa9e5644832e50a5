"""Trains on a data set, from the disk or read into memory first, and prints how that went as JSON.

The command line gives the config, as JSON, the data directory, and ``disk`` or ``memory``.
"""

import json
import os
import sys
import zlib
from dataclasses import replace
from pathlib import Path
from statistics import median

from mlp_cli import blas


def main() -> None:
    """Set up as ``mlp train`` does, train, and print one line of JSON."""
    blas.prepare(os.environ)
    machine = blas.start()

    import numpy as np

    from mlp_cli.config import from_plain
    from mlp_cli.data.dataset import open_dataset
    from mlp_cli.training.evaluate import mean_loss
    from mlp_cli.training.events import EpochDone
    from mlp_cli.training.loop import Trainer

    plain, directory, place = sys.argv[1:]
    config = from_plain(json.loads(plain), "larger")
    dataset = open_dataset(config.data.name, Path(directory))
    stored = dataset.train.stored
    if place == "memory" and stored is not None:
        images = np.fromfile(stored.path, np.uint8, offset=stored.start).reshape(-1, stored.size)
        dataset = replace(dataset, train=replace(dataset.train, images=images, stored=None))
    trainer = Trainer(config, dataset, machine.threads or 1)
    epochs = [event for event in trainer.fit() if isinstance(event, EpochDone)]
    _, accuracy = mean_loss(trainer.network, dataset.test, np.arange(len(dataset.test)))
    told = {
        "examples": len(trainer.train_rows),
        "samples_per_second": median(epoch.samples_per_second for epoch in epochs),
        "test_accuracy": accuracy,
        "weights": zlib.crc32(trainer.network.theta.tobytes()),
    }
    print(json.dumps(told))


main()
