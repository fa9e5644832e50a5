"""Trainings for any number of ranks: mpirun -n N python ranked.py FOLDER keeps each one's end."""

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from toys import toy_config, toy_dataset

from mlp_cli.launcher import place_of
from mlp_cli.training.loop import Trainer
from mlp_cli.training.ranks import Ranks, world
from mlp_cli.training.resume import take_up
from mlp_cli.training.shared import SharedTrainer

# 24 examples to learn from and 6 held out. Batches of 7 and 23 leave a short last one, of 3 and 1.
CASES: dict[str, dict[str, Any]] = {
    "plain": {"batch_size": 12},
    "uneven": {"batch_size": 7, "dropout": 0.3, "input_dropout": 0.2, "layers": [5, 3]},
    "noise": {"batch_size": 7, "dropout": [0.2, 0.4], "layers": [5, 4], "noise": 0.3}
    | {"input_noise": 0.2},
    "single": {"batch_size": 1, "dropout": 0.3, "optimizer": {"name": "sgd"}},
    "few": {"batch_size": 2, "dropout": 0.3, "activation": "prelu"},
    "last": {"batch_size": 23, "augment": {"name": "digits", "erase": 0.5}, "dropout": 0.2},
    "augment": {"batch_size": 5, "augment": {"name": "digits", "erase": 0.5}},
    "all": {"batch_size": "all", "optimizer": {"name": "momentum", "clip_norm": 0.5}},
    "smooth": {"loss": {"name": "cross_entropy", "label_smoothing": 0.1}, "batch_size": 10}
    | {"optimizer": {"name": "adamw", "weight_decay": 0.01, "l1": 0.001}, "schedule": "cosine"},
    "summed": {"loss": "sse", "batch_size": 23, "output": "sigmoid"},
    "stopping": {"epochs": 40, "early_stopping": {"patience": 2}, "schedule": "plateau"}
    | {"batch_size": 6, "optimizer": {"name": "sgd", "learning_rate": 0.5}},
    "no validation": {"batch_size": 8, "data": {"name": "mnist-5k", "validation": 0}},
    "few held out": {"batch_size": 8, "data": {"name": "mnist-5k", "validation": 1}},
}


def ending(trainer: Trainer) -> dict[str, Any]:
    """Train to the end, and give all that a resumed run would begin with, and the curves."""
    for _ in trainer.fit():
        pass
    history = [
        [e.train_loss, e.train_accuracy, e.val_loss or 0, e.val_accuracy or 0]
        for e in trainer.history
    ]
    return {"theta": trainer.network.theta, "history": np.array(history), **trainer.descent.memory}


def shared(ranks: Ranks, keys: dict[str, Any]) -> SharedTrainer:
    """This rank's trainer, as ``mlp train`` makes it: the others begin where the first says."""
    if ranks.rank == 0:
        return SharedTrainer(toy_config(**keys), toy_dataset(), 1, ranks)
    saved = ranks.told()
    trainer = SharedTrainer(saved.config, toy_dataset(), 1, ranks)
    take_up(saved, trainer)
    return trainer


def main(folder: Path) -> None:
    """Each rank keeps each ending in a file of its own."""
    ranks = world(place_of(os.environ))
    for name, keys in CASES.items():
        np.savez(folder / f"{name}-{ranks.rank}.npz", **ending(shared(ranks, keys)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
