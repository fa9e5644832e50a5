"""Past runs for a terminal: a list, one of them whole, and several side by side."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from mlp_cli.config import to_plain, to_yaml
from mlp_cli.errors import visible
from mlp_cli.reports.canvas import MARKS, Canvas, limits
from mlp_cli.reports.tables import pad, percent
from mlp_cli.training.events import EpochDone
from mlp_cli.training.pastruns import PastRun, differences

WIDEST = 30  # characters of a run's column
NOTHING = "–"

# What is drawn over the epochs, its title, and what it is multiplied by.
CURVES = (
    ("train_loss", "training loss", 1.0),
    ("val_loss", "validation loss", 1.0),
    ("val_accuracy", "validation accuracy in %", 100.0),
)


def list_text(runs: Sequence[PastRun]) -> str:
    """A line for each run."""
    rows = [["run", "data", "validation", "test", "epochs", "time"]]
    for run in runs:
        accuracies = (_share(run.val_accuracy), _share(run.test_accuracy))
        seconds = f"{run.seconds:.1f} s"
        names = visible(run.path), visible(run.config.data.name)
        rows.append([*names, *accuracies, _epochs(run), seconds])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            pad(cell, width, right=i > 1)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def run_text(run: PastRun) -> str:
    """A run's result, its curves and its config."""
    measures = [f"{name:<14}{value}" for name, (value,) in _measures([run]).items()]
    head = "\n".join([f"{'run':<14}{visible(run.path)}", *measures])
    config = [f"  {line}" for line in to_yaml(to_plain(run.config)).splitlines()]
    return "\n\n".join([head, *_curves([run]), "\n".join(["config", *config])])


def comparison_text(runs: Sequence[PastRun]) -> str:
    """Runs side by side: where their configs differ, what came of it, and their curves overlaid."""
    apart = {key: [_plain(value) for value in row] for key, row in differences(runs).items()}
    names = {"": [f"{mark} {_end(run)}" for mark, run in zip(MARKS, runs, strict=False)]}
    settings, measures = _tables(names | apart, _measures(runs))
    if not apart:
        settings += "\ntheir configs are the same"
    return "\n\n".join([settings, measures, *_curves(runs)])


def _curves(runs: Sequence[PastRun]) -> list[str]:
    """A chart for each measure that there is, with a mark for each run."""
    return [
        _chart(runs, measure, title, unit)
        for measure, title, unit in CURVES
        if any(getattr(epoch, measure) is not None for run in runs for epoch in run.history)
    ]


def _chart(runs: Sequence[PastRun], measure: str, title: str, unit: float) -> str:
    def points(history: list[EpochDone]) -> list[tuple[int, float]]:
        values = [(epoch.epoch, getattr(epoch, measure)) for epoch in history]
        return [(epoch, unit * value) for epoch, value in values if value is not None]

    series = [points(run.history) for run in runs]
    epochs, values = zip(*[point for each in series for point in each], strict=True)
    last = max(epochs)
    canvas = Canvas((1, max(last, 2)), limits(values))
    for mark, each in zip(MARKS, series, strict=False):
        canvas.points([x for x, _ in each], [y for _, y in each], mark)
    axis = canvas.axis({1: "1", last: str(last)})
    return "\n".join([f"    {title}", *canvas.lines(".4g"), f"{axis}  epoch"])


def _measures(runs: Sequence[PastRun]) -> dict[str, list[str]]:
    """What is told of each run."""

    def of_summary(key: str, form: Callable[[Any], str]) -> list[str]:
        return [form(run.summary[key]) if run.summary else NOTHING for run in runs]

    return {
        "test": of_summary("test_accuracy", percent),
        "validation": [_share(run.val_accuracy) for run in runs],
        "training cost": of_summary("train_cost", "{:.4f}".format),
        "parameters": of_summary("parameters", "{:,}".format),
        "best epoch": [str(run.best.epoch) if run.best else NOTHING for run in runs],
        "epochs": [_epochs(run) for run in runs],
        "training time": [f"{run.seconds:.1f} s" for run in runs],
    }


def _tables(*tables: dict[str, list[str]]) -> list[str]:
    """A line for each row; the columns of all tables are as wide as those of the others."""
    width = max(len(name) for rows in tables for name in rows)
    column = max(len(cell) for rows in tables for cells in rows.values() for cell in cells)
    return [
        "\n".join(
            f"{name:<{width}}"
            + "".join("  " + pad(cell, min(column, WIDEST), right=True) for cell in cells)
            for name, cells in rows.items()
        )
        for rows in tables
    ]


def _epochs(run: PastRun) -> str:
    done = len(run.history)
    return f"{done}" if run.summary else f"{done} of {run.config.epochs}"


def _end(run: PastRun) -> str:
    """The path, or its end, where what tells runs apart is."""
    path, room = visible(run.path), WIDEST - 2
    return path if len(path) <= room else "…" + path[1 - room :]


def _plain(value: Any) -> str:
    if value is None:
        return NOTHING
    return value if isinstance(value, str) else json.dumps(value)


def _share(accuracy: float | None) -> str:
    return NOTHING if accuracy is None else percent(accuracy)
