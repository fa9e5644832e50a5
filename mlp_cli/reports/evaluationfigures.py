"""Pictures of an evaluation: what is confused, what was wrong, how sure, and how easily upset."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlp_cli.reports.figures import BLUE, GREY, ORANGE, drawable, new_figure, save
from mlp_cli.training.metrics import Bin, Scores
from mlp_cli.training.robustness import Measured


def draw_classes(per_class: Sequence[Scores], classes: Sequence[str], path: Path) -> None:
    """Draw precision and recall of each class as bars into a PNG.

    Raises:
        RunError: the file cannot be written.
    """
    figure = new_figure(8.4, 1.2 + 0.35 * len(classes))
    axes = figure.add_subplot()
    places = np.arange(len(classes))
    for shift, colour, name in ((-0.2, BLUE, "precision"), (0.2, ORANGE, "recall")):
        shares = [100 * getattr(scores, name) for scores in per_class]
        axes.barh(places + shift, shares, 0.36, color=colour, label=name)
    axes.set_yticks(places, drawable(classes), parse_math=False)
    axes.invert_yaxis()
    least = min(min(scores.precision, scores.recall) for scores in per_class)
    axes.set_xlim(np.floor(100 * least) - 1 if least > 0.5 else 0, 100)
    axes.set(title="Each class", xlabel="share (%)")
    axes.legend(framealpha=1, edgecolor="white", loc="lower left")
    axes.spines[["top", "right"]].set_visible(False)
    save(figure, path)


def draw_reliability(bins: Sequence[Bin], path: Path) -> None:
    """Draw accuracy over confidence, beside where they are equal, and how many there are of each.

    Raises:
        RunError: the file cannot be written.
    """
    figure = new_figure(6.2, 5.6)
    axes, counts = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    sure = [100 * bin.confidence for bin in bins]
    right = [100 * bin.accuracy for bin in bins]
    axes.plot([0, 100], [0, 100], color=GREY, linestyle=":", label="as sure as right")
    axes.plot(sure, right, color=BLUE, marker="o", label="measured")
    axes.set(title="Reliability", ylabel="right (%)")
    axes.legend(framealpha=1, edgecolor="white", loc="upper left")
    counts.bar(sure, [bin.examples for bin in bins], width=4, color=BLUE)
    counts.set_yscale("log")
    counts.set(xlabel="confidence (%)", ylabel="examples", xlim=(0, 102))
    for each in (axes, counts):
        each.spines[["top", "right"]].set_visible(False)
    save(figure, path)


def draw_refusals(accuracy: NDArray[np.float64], path: Path) -> None:
    """Draw the accuracy on what is answered over the share that is refused, the least sure first.

    Args:
        accuracy: on the 1, 2, … N surest.
        path: the file.

    Raises:
        RunError: the file cannot be written.
    """
    figure = new_figure(6.2, 4.2)
    axes = figure.add_subplot()
    n = len(accuracy)
    answered = max(n // 2, 1)  # at least
    refused = 100 * (1 - np.arange(answered, n + 1) / n)
    axes.plot(refused, 100 * accuracy[answered - 1 :], color=BLUE)
    axes.set(title="If it may refuse", xlabel="refused (%)", ylabel="right of the answered (%)")
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    save(figure, path)


def draw_robustness(measured: Sequence[Measured], path: Path) -> None:
    """Draw the accuracy over the size of each change.

    Raises:
        RunError: the file cannot be written.
    """
    figure = new_figure(4 * len(measured), 3.6)
    for axes, each in zip(
        figure.subplots(1, len(measured), squeeze=False)[0], measured, strict=True
    ):
        accuracies = [100 * accuracy for accuracy in each.accuracies]
        axes.plot(each.change.amounts, accuracies, color=BLUE, marker="o")
        axes.set(title=each.change.name, xlabel=each.change.unit, ylim=(0, 102))
        axes.set_ylabel("right (%)")
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    save(figure, path)
