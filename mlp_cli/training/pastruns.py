"""What past runs left behind: their configs, their epochs and, of the finished ones, their results.

A folder is read as it is. One that is being written, or was resumed and has not come to its end
again, counts as unfinished.
"""

import csv
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from mlp_cli.config import Config, load, to_plain
from mlp_cli.errors import ConfigError, MlpError, RunError, UsageError
from mlp_cli.training.events import EpochDone, best_epoch, of_one_training
from mlp_cli.training.names import find_folder, folders
from mlp_cli.training.rundir import RunFolder

ASIDE = ("plots",)  # keys of a config that say nothing of how well it learns

# What a summary is read for.
RESULTS = ("test_accuracy", "train_cost", "parameters", "epochs", "planned_epochs")

MOST = 1e100  # that a number can be where nothing is damaged; float32 ends at 3e38

_TYPES = {spec.name: int if spec.type is int else float for spec in fields(EpochDone)}
_OPTIONAL = ("val_loss", "val_accuracy")  # empty where nothing was held out


@dataclass(frozen=True)
class PastRun:
    """One run."""

    path: Path
    config: Config
    history: list[EpochDone]
    summary: dict[str, Any] | None  # None of an unfinished run

    @property
    def best(self) -> EpochDone | None:
        """The best epoch so far."""
        return best_epoch(self.history) if self.history else None

    @property
    def val_accuracy(self) -> float | None:
        """Of the best epoch."""
        return self.best.val_accuracy if self.best else None

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
            "history": [epoch.row() for epoch in self.history],
            "summary": self.summary,
        }


def past_run(name: str) -> PastRun:
    """The run called ``name``, as ``find_folder`` knows it.

    Raises:
        CheckpointError: there is none.
        RunError, ConfigError: as for ``read``.
    """
    return read(find_folder(name))


def past_runs() -> tuple[list[PastRun], list[MlpError]]:
    """All runs of ./runs and those started from here with --out: by data set, the best first.

    Beside them, why others cannot be read.
    """
    found, faults = [], []
    for folder in folders():
        if os.path.isfile(folder.metrics):
            try:
                found.append(read(folder))
            except MlpError as fault:
                faults.append(fault)
    return sorted(found, key=lambda run: (run.config.data.name, -run.merit, run.path)), faults


def read(folder: RunFolder) -> PastRun:
    """Read a run folder.

    Raises:
        RunError: it is no run folder, or a file of it is missing or damaged.
        ConfigError: its config is not valid.
    """
    try:
        history, summary = _history(folder.metrics), _summary(folder.summary)
    except OSError as error:
        raise RunError(
            f"{folder.path}: is no run folder: {error.filename}: {error.strerror}"
        ) from error
    except (ValueError, KeyError, RecursionError, csv.Error) as error:
        raise RunError(f"{folder.path}: metrics.csv or summary.json is damaged: {error}") from error
    try:
        config = load(str(folder.config))
    except ConfigError:
        raise
    except UsageError as error:
        raise RunError(f"{folder.path}: its config.yaml is missing or cannot be read") from error
    end = (len(history), config.epochs)
    if summary is not None and (summary["epochs"], summary["planned_epochs"]) != end:
        summary = None  # of an earlier end of this run
    return PastRun(folder.path, config, history, summary)


def differences(runs: Sequence[PastRun]) -> dict[str, list[Any]]:
    """The dotted keys in which configs differ, with each one's value, None where it has none.

    A key that only some have, as Adam's betas, counts where they differ in it; otherwise what it
    belongs to, the optimizer, says it already.
    """
    flat = [flattened(to_plain(run.config)) for run in runs]
    keys = dict.fromkeys(key for values in flat for key in values if key not in ASIDE)
    shared = {key for key in keys if all(key in values for values in flat)}
    table = {}
    for key in keys:
        given = [values[key] for values in flat if key in values]
        unsaid = key not in shared and key.rpartition(".")[0] not in shared
        if any(value != given[0] for value in given) or (unsaid and given != [None] * len(given)):
            table[key] = [values.get(key) for values in flat]
    return table


def flattened(values: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Nested mappings as one with dotted keys; the name of an option stands under its own key."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        path = before.removesuffix(".") if key == "name" and before else before + key
        flat |= flattened(value, f"{before}{key}.") if isinstance(value, dict) else {path: value}
    return flat


def _history(path: Path) -> list[EpochDone]:
    with path.open(newline="", encoding="utf-8") as file:
        history = [EpochDone(**_values(row)) for row in csv.DictReader(file)]
    if not of_one_training(history):
        raise ValueError("its epochs are not those of one training")
    return history


def _values(row: dict[str, str | None]) -> dict[str, Any]:
    """A row's values by name.

    Raises:
        ValueError: one is missing, or no number that a training comes to.
    """
    values: dict[str, Any] = {}
    for name, make in _TYPES.items():
        text = row.get(name)
        if not text and name not in _OPTIONAL:
            raise ValueError(f"epoch {row.get('epoch')} has no {name}")
        values[name] = make(text) if text else None
        if text and not abs(values[name]) <= MOST:
            raise ValueError(f"{name} is {text[:20]}")
    return values


def _summary(path: Path) -> dict[str, Any] | None:
    """What summary.json says; None where there is none.

    Raises:
        ValueError: it is not JSON, or does not say what a summary says.
    """
    if not os.path.isfile(path):
        return None
    summary = json.loads(path.read_text("utf-8"))
    if not isinstance(summary, dict) or not all(
        isinstance(summary.get(key), int | float) and abs(summary[key]) <= MOST for key in RESULTS
    ):
        raise ValueError(f"it does not say {', '.join(RESULTS)}")
    return summary
