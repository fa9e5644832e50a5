"""Past runs for a terminal: a list, one of them whole, and several side by side."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from mlp_cli.config import to_plain, to_yaml
from mlp_cli.reports.canvas import MARKS, Canvas, limits
from mlp_cli.reports.tables import pad, percent
from mlp_cli.training.events import EpochDone
from mlp_cli.training.records import Record, differences

NARROWEST, WIDEST = 12, 26  # characters of a run's column when several stand side by side
NOTHING = "–"


def list_text(runs: Sequence[Record]) -> str:
    """A line for each run."""
    width = max([len("run"), *(len(str(run.path)) for run in runs)])
    head = (
        f"{'run':<{width}}  {'data':<14} {'validation':>10} {'test':>9} {'epochs':>9} {'time':>9}"
    )
    lines = [head]
    for run in runs:
        planned = run.config.epochs
        done = f"{len(run.history)}" if run.summary else f"{len(run.history)} of {planned}"
        lines.append(
            f"{run.path!s:<{width}}  {pad(run.config.data.name, 14)} {_share(run.val_accuracy):>10}"
            f" {_share(run.test_accuracy):>9} {done:>9} {run.seconds:>7.1f} s"
        )
    return "\n".join(lines)


def record_text(run: Record) -> str:
    """A run's result, its curves and its config."""
    measures = [f"{name:<14}{value}" for name, (value,) in _measures([run]).items()]
    curves = [curves_text([run], *each) for each in CURVES if _drawn([run], each[0])]
    config = [f"  {line}" for line in to_yaml(to_plain(run.config)).splitlines()]
    head = f"{'run':<14}{run.path}"
    return "\n\n".join(["\n".join([head, *measures]), *curves, "\n".join(["config", *config])])


def comparison_text(runs: Sequence[Record]) -> str:
    """Runs side by side: where their configs differ, what came of it, and their curves overlaid."""
    apart = {key: [_plain(value) for value in values] for key, values in differences(runs).items()}
    head = {"": [f"{mark} {run.name}" for mark, run in zip(_marks(runs), runs, strict=True)]}
    settings, *measures = _tables(head | apart, _measures(runs))
    tables = [settings if apart else f"{settings}\ntheir configs are the same", *measures]
    curves = [curves_text(runs, *each) for each in CURVES if _drawn(runs, each[0])]
    return "\n\n".join([*tables, *curves])


def curves_text(runs: Sequence[Record], measure: str, name: str, unit: float) -> str:
    """A measure over the epochs, a mark for each run."""
    series = [
        [
            (epoch.epoch, unit * value)
            for epoch in run.history
            if (value := _value(epoch, measure)) is not None
        ]
        for run in runs
    ]
    points = [point for each in series for point in each]
    epochs, values = zip(*points, strict=True)
    canvas = Canvas((1, max(*epochs, 2)), limits(values))
    for mark, each in zip(_marks(runs), series, strict=True):
        canvas.points([x for x, _ in each], [y for _, y in each], mark)
    axis = canvas.axis({1: "1", float(max(epochs)): f"{max(epochs)}"})
    return "\n".join([f"    {name}", *canvas.lines(".4g"), f"{axis}  epoch"])


CURVES = (
    ("train_loss", "training loss", 1.0),
    ("val_loss", "validation loss", 1.0),
    ("val_accuracy", "validation accuracy in %", 100.0),
)


def _measures(runs: Sequence[Record]) -> dict[str, list[str]]:
    """What is told of each run."""

    def of_summary(key: str, form: Callable[[Any], str]) -> list[str]:
        return [form(run.summary[key]) if run.summary else NOTHING for run in runs]

    return {
        "test": of_summary("test_accuracy", percent),
        "validation": [_share(run.val_accuracy) for run in runs],
        "training cost": of_summary("train_cost", "{:.4f}".format),
        "parameters": of_summary("parameters", "{:,}".format),
        "best epoch": of_summary("best_epoch", str),
        "epochs": [f"{len(run.history)} of {run.config.epochs}" for run in runs],
        "training time": [f"{run.seconds:.1f} s" for run in runs],
    }


def _tables(*tables: dict[str, list[str]]) -> list[str]:
    """A line for each row; the columns of all tables are as wide as those of the others."""
    width = max(len(name) for rows in tables for name in rows)
    widest = max(len(cell) for rows in tables for cells in rows.values() for cell in cells)
    column = min(max(NARROWEST, widest), WIDEST)
    return [
        "\n".join(
            f"{name:<{width}}" + "".join("  " + pad(cell, column, right=True) for cell in cells)
            for name, cells in rows.items()
        )
        for rows in tables
    ]


def _drawn(runs: Sequence[Record], measure: str) -> bool:
    return any(_value(epoch, measure) is not None for run in runs for epoch in run.history)


def _value(epoch: EpochDone, measure: str) -> float | None:
    value: float | None = getattr(epoch, measure)
    return value


def _marks(runs: Sequence[Record]) -> list[str]:
    return [MARKS[i % len(MARKS)] for i in range(len(runs))]


def _plain(value: Any) -> str:
    return (
        NOTHING if value is None else json.dumps(value) if isinstance(value, list) else str(value)
    )


def _share(accuracy: float | None) -> str:
    return NOTHING if accuracy is None else percent(accuracy)
