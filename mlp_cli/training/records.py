"""What past runs left behind: their configs, their epochs and, of the finished ones, their results.

A folder is read as it is: one that is being written has no summary yet, and counts as unfinished.
"""

import csv
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from mlp_cli.config import Config, load, to_plain
from mlp_cli.errors import MlpError, RunError
from mlp_cli.training.events import EpochDone, best_epoch
from mlp_cli.training.rundir import RunFolder, folders

# A config's keys that say nothing of how well it learns.
ASIDE = ("plots",)

_TYPES = {spec.name: int if spec.type is int else float for spec in fields(EpochDone)}


@dataclass(frozen=True)
class Record:
    """One run."""

    path: Path
    config: Config
    history: list[EpochDone]
    summary: dict[str, Any] | None  # None of an unfinished run

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def val_accuracy(self) -> float | None:
        """Of the best epoch."""
        return best_epoch(self.history).val_accuracy if self.history else None

    @property
    def test_accuracy(self) -> float | None:
        """Of a finished run."""
        return self.summary["test_accuracy"] if self.summary else None

    @property
    def merit(self) -> float:
        """What runs are sorted by: validation accuracy, or where there is none test accuracy."""
        known = (self.val_accuracy, self.test_accuracy)
        return next((accuracy for accuracy in known if accuracy is not None), 0.0)

    @property
    def seconds(self) -> float:
        """Spent on all epochs."""
        return sum(epoch.epoch_seconds for epoch in self.history)

    def to_json(self) -> dict[str, Any]:
        """What is known, as plain values."""
        return {
            "run": str(self.path),
            "finished": self.summary is not None,
            "data": self.config.data.name,
            "val_accuracy": self.val_accuracy,
            "test_accuracy": self.test_accuracy,
            "epochs": len(self.history),
            "seconds": round(self.seconds, 3),
            "config": to_plain(self.config),
        }


def record(folder: RunFolder) -> Record:
    """Read a run folder.

    Raises:
        RunError: it is no run folder, or a file of it is damaged.
        ConfigError: its config is not valid.
    """
    try:
        history = _history(folder.metrics)
        summary = json.loads(folder.summary.read_text("utf-8")) if folder.summary.exists() else None
    except OSError as error:
        raise RunError(
            f"{folder.path}: is no run folder: {error.filename}: {error.strerror}"
        ) from error
    except (ValueError, TypeError, KeyError) as error:
        raise RunError(f"{folder.path}: metrics.csv or summary.json is damaged: {error}") from error
    return Record(folder.path, load(str(folder.config)), history, summary)


def records() -> tuple[list[Record], list[MlpError]]:
    """All runs of ./runs and those started from here with --out: by data set, the best first.

    Beside them, why others cannot be read.
    """
    found, faults = [], []
    for folder in folders():
        if folder.metrics.is_file():
            try:
                found.append(record(folder))
            except MlpError as fault:
                faults.append(fault)
    return sorted(found, key=lambda run: (run.config.data.name, -run.merit, run.name)), faults


def differences(runs: Iterable[Record]) -> dict[str, list[Any]]:
    """The dotted keys in which configs differ, with each one's value.

    Keys that only some have, such as Adam's betas, are left out: their optimizer is what differs.
    """
    first, *others = [flattened(to_plain(run.config)) for run in runs]
    shared = [key for key in first if key not in ASIDE and all(key in other for other in others)]
    table = {key: [first[key], *(other[key] for other in others)] for key in shared}
    return {key: row for key, row in table.items() if any(value != row[0] for value in row)}


def flattened(values: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Nested mappings as one with dotted keys; the name of an option stands under its own key."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        path = before.removesuffix(".") if key == "name" and before else before + key
        flat |= flattened(value, f"{before}{key}.") if isinstance(value, dict) else {path: value}
    return flat


def _history(path: Path) -> list[EpochDone]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [EpochDone(**_values(row)) for row in rows]


def _values(row: dict[str, str]) -> dict[str, Any]:
    return {name: _TYPES[name](text) if text else None for name, text in row.items()}
