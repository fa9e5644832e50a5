"""Pictures of a sweep: its trials in their order, what mattered, and all values side by side."""

import json
import math
from pathlib import Path

import numpy as np

from mlp_cli.config.space import Choice, Dimension
from mlp_cli.reports.figures import BLUE, GREY, ORANGE, new_figure, save
from mlp_cli.reports.sweep import shown
from mlp_cli.training.sweep import Sweep
from mlp_cli.training.trials import Trial

MOST_TICKS = 12  # choices that are named on an axis


def draw_sweep(sweep: Sweep, importances: dict[str, float], folder: Path) -> None:
    """Draw all the pictures into a folder; of importances, if they are known.

    Args:
        sweep: has a complete trial.
        importances: each key's share.
        folder: is there.

    Raises:
        RunError: a file cannot be written.
    """
    draw_history(sweep.trials, folder / "history.png")
    draw_parallel(sweep, folder / "parallel.png")
    if importances:
        draw_importances(importances, folder / "importances.png")


def draw_history(trials: list[Trial], path: Path) -> None:
    """Draw each trial's accuracy over its number, and the best until then."""
    from matplotlib.ticker import MaxNLocator

    figure = new_figure(8, 4.2)
    axes = figure.add_subplot()
    best, bests = -1.0, []
    for state, colour, marker in (("complete", BLUE, "o"), ("pruned", GREY, "x")):
        some = [trial for trial in trials if trial.state == state]
        heights = [_accuracy(trial) for trial in some]
        numbers = [trial.number for trial in some]
        if some:
            axes.plot(numbers, heights, marker, color=colour, markersize=5, label=state)
    for trial in trials:
        best = max(best, _accuracy(trial) if trial.state == "complete" else -1.0)
        bests.append((trial.number, best))
    known = [pair for pair in bests if pair[1] >= 0]
    axes.step(*zip(*known, strict=True), color=ORANGE, where="post", label="best so far")
    axes.set(title="Trials", xlabel="trial", ylabel="validation accuracy (%)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(framealpha=1, edgecolor="white", loc="lower right")
    save(figure, path)


def draw_importances(importances: dict[str, float], path: Path) -> None:
    """Draw each key's share as a bar."""
    figure = new_figure(8, 1.6 + 0.4 * len(importances))
    axes = figure.add_subplot()
    names = list(importances)[::-1]
    bars = axes.barh(names, [100 * importances[name] for name in names], color=BLUE)
    axes.bar_label(bars, fmt="%.0f %%", padding=3)
    axes.set(title="What set the best trials apart", xlabel="share (%)")
    axes.margins(x=0.12)
    axes.spines[["top", "right"]].set_visible(False)
    save(figure, path)


def draw_parallel(sweep: Sweep, path: Path) -> None:
    """Draw a line for each complete trial through its values, darker the better it is."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    complete = [trial for trial in sweep.trials if trial.state == "complete"]
    complete.sort(key=_accuracy)
    low, high = _accuracy(complete[0]), _accuracy(complete[-1])
    shades = ScalarMappable(Normalize(low - 0.2 * (high - low) - 0.01, high), "Blues")
    colours = shades.to_rgba(np.array([_accuracy(trial) for trial in complete]))
    figure = new_figure(2.4 + 1.9 * len(sweep.space), 4.8)
    axes = figure.add_subplot()
    for trial, colour in zip(complete, colours, strict=True):
        heights = [_height(each, trial.values[each.key]) for each in sweep.space]
        axes.plot(heights, color=tuple(colour), marker="o", markersize=3.5)
    for place, each in enumerate(sweep.space):
        axes.axvline(place, color=GREY, linewidth=0.8, zorder=0)
        for text in _ticks(each):
            spot = (place + 0.03, _height(each, text))
            named = axes.annotate(shown(text), spot, fontsize=8, va="center", parse_math=False)
            named.set_bbox({"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1})
    axes.set_xticks(range(len(sweep.space)), [each.key for each in sweep.space], parse_math=False)
    axes.set(title="Complete trials", xlim=(-0.3, len(sweep.space) - 0.6), yticks=[])
    axes.spines[:].set_visible(False)
    figure.colorbar(shades, ax=axes, label="validation accuracy (%)")
    save(figure, path)


def _height(dimension: Dimension, text: str) -> float:
    """Where a value stands between the lowest, 0, and the highest, 1."""
    if isinstance(dimension, Choice):
        return dimension.points.index(text) / max(1, len(dimension.points) - 1)
    scale = math.log if dimension.log else float
    low, high = scale(dimension.low), scale(dimension.high)
    return (scale(json.loads(text)) - low) / (high - low)


def _ticks(dimension: Dimension) -> list[str]:
    """The values that are named on a key's axis."""
    named = [text for _, text, _ in dimension.tried]
    return named[:: -(-len(named) // MOST_TICKS)]


def _accuracy(trial: Trial) -> float:
    """In per cent."""
    return 100 * (trial.result.val_accuracy or 0.0)
