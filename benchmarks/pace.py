"""Prints how fast a training goes: for each tenth of a second of one, seconds per example.

The command line gives the config, as JSON, and the data directory.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mlp_cli import blas

if TYPE_CHECKING:
    from mlp_cli.training.loop import Trainer

PIECE = 0.1  # seconds, or a step where that takes longer
WARM_UP, PIECES = 3, 10


def pieces(trainer: "Trainer") -> list[float]:
    """Train for a while: the seconds per example in each piece of the time, once warm."""
    n = len(trainer.train_rows)
    found: list[float] = []
    since, before = time.perf_counter(), 0
    for _ in trainer.fit():
        now = time.perf_counter()
        if now - since < PIECE:
            continue
        learned = trainer.position.epoch * n + trainer.position.seen
        found.append((now - since) / (learned - before))
        since, before = now, learned
        if len(found) == WARM_UP + PIECES:
            break
    return found[WARM_UP:]


def main() -> None:
    """Set up as ``mlp train`` does, train, and print one line of JSON."""
    blas.prepare(os.environ)
    machine = blas.start()

    from mlp_cli.config import from_plain
    from mlp_cli.data.dataset import open_dataset
    from mlp_cli.training.loop import Trainer

    plain, directory = sys.argv[1:]
    config = from_plain(json.loads(plain), "scaling")
    trainer = Trainer(config, open_dataset("mnist", Path(directory)), machine.threads or 1)
    print(json.dumps(pieces(trainer)))


main()
