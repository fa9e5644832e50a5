"""A sweep of trainings that are over in an instant, and what it left in its folder."""

import csv
from pathlib import Path

SPACE = """\
optimizer.lr: {low: 1e-3, high: 1e-1, log: true}
layers: {choices: [[8], [16, 8]]}
dropout: {low: 0, high: 0.4, step: 0.2}
"""
FOLDER = Path("runs/sweep-tiny-001")
WORDS = ["sweep", "--config", "tiny.yaml", "--space", "space.yaml"]


def trials(folder=FOLDER):
    """The rows of trials.csv."""
    with (folder / "trials.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def told(folder=FOLDER):
    """The same without times."""
    return [{**row, "seconds": ""} for row in trials(folder)]
