"""Pictures of a run, for the eye: its curves, its confusions and sheets of examples."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mlp_cli.errors import RunError
from mlp_cli.files import replacing
from mlp_cli.training.events import EpochDone, best_epoch

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from mlp_cli.training.rangetest import RangeTest

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#6e6e6e"  # told apart by every eye (Okabe and Ito 2008)
MOST_COUNTS = 20  # classes; with more, the cells are too small for numbers


def draw_curves(history: list[EpochDone], path: Path) -> None:
    """Draw loss and accuracy over the epochs into a PNG, and mark the best where it was validated.

    Args:
        history: at least one epoch.
        path: the file; its folder exists.

    Raises:
        RunError: the file cannot be written.
    """
    figure = new_figure(10, 4.2)
    loss, accuracy = figure.subplots(1, 2)
    _draw_measure(loss, history, "loss", 1)
    _draw_measure(accuracy, history, "accuracy", 100)
    loss.set(title="Loss", ylabel="mean loss per example")
    loss.set_ylim(bottom=0)
    accuracy.set(title="Accuracy", ylabel="accuracy (%)")
    loss.legend(framealpha=1, edgecolor="white")
    accuracy.legend(framealpha=1, edgecolor="white", loc="lower right")
    save(figure, path)


def draw_confusion(confusion: NDArray[np.int64], classes: Sequence[str], path: Path) -> None:
    """Draw a (K, K) confusion matrix into a PNG: shades are shares of a row, numbers are counts.

    Raises:
        RunError: the file cannot be written.
    """
    from matplotlib.colors import PowerNorm

    names, K = drawable(classes), len(classes)
    figure = new_figure(8.4, 7.4)
    axes = figure.add_subplot()
    shares = 100 * confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    # The root of the share, so that a confusion of one in a hundred is seen beside the diagonal.
    picture = axes.imshow(shares, cmap="Blues", norm=PowerNorm(0.5, vmin=0, vmax=100))
    examples = confusion.sum()
    right = 100 * confusion.trace() / examples
    axes.set_title(f"Confusion matrix: {right:.2f} % of {examples:,} examples are right")
    axes.set(xlabel="predicted class", ylabel="true class")
    turn = 0 if max(map(len, names)) <= 5 and K <= MOST_COUNTS else 90
    axes.set_xticks(range(K), names, rotation=turn, parse_math=False)
    axes.set_yticks(range(K), names, parse_math=False)
    axes.tick_params(length=0, labelsize=10 if K <= MOST_COUNTS else 7)
    axes.spines[:].set_visible(False)
    if K <= MOST_COUNTS:
        for row, column in np.argwhere(confusion):
            colour = "white" if shares[row, column] > 30 else "black"
            count = f"{confusion[row, column]}"
            axes.text(column, row, count, ha="center", va="center", color=colour, fontsize=10)
    figure.colorbar(picture, label="share of the true class (%)", ticks=[0, 1, 5, 20, 50, 100])
    save(figure, path)


def draw_range_test(test: "RangeTest", path: Path) -> None:
    """Draw the running loss over the learning rate into a PNG, and mark the suggested rate.

    Raises:
        RunError: the file cannot be written.
    """
    figure = new_figure(7, 4.2)
    axes = figure.add_subplot()
    axes.semilogx(test.rates, test.drawn, color=BLUE)
    if test.suggested is not None:
        label = f"suggested ({test.suggested:g})"
        axes.axvline(test.suggested, color=GREY, linestyle=":", label=label)
        axes.legend(framealpha=1, edgecolor="white")
    axes.set(title="Learning rate range test", xlabel="learning rate", ylabel="running loss")
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    save(figure, path)


def draw_sheet(images: NDArray[np.uint8], titles: Sequence[str], path: Path) -> None:
    """Draw (N, H, W) pictures, each under its title, into a PNG, ten abreast.

    Raises:
        RunError: the file cannot be written.
    """
    columns = min(10, len(images))
    rows = -(-len(images) // columns)
    lines = max(title.count("\n") + 1 for title in titles)
    longest = max(len(line) for title in titles for line in title.split("\n"))
    figure = new_figure(max(columns, 3), (1.15 + 0.15 * lines) * rows)
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes in grid:
        axes.set_axis_off()
    for axes, image, title in zip(grid, images, titles, strict=False):
        axes.imshow(image, cmap="gray_r", vmin=0, vmax=255)
        axes.set_title(title, fontsize=min(10, 150 / longest), pad=3, parse_math=False)
    save(figure, path)


def _draw_measure(axes: "Axes", history: list[EpochDone], measure: str, unit: float) -> None:
    """One measure of training and validation over the epochs, in multiples of 1 / unit."""
    from matplotlib.ticker import MaxNLocator

    epochs = [epoch.epoch for epoch in history]
    for split, name, colour in (("train", "training", BLUE), ("val", "validation", ORANGE)):
        values = [getattr(epoch, f"{split}_{measure}") for epoch in history]
        if None not in values:
            heights = [unit * value for value in values]
            axes.plot(epochs, heights, color=colour, label=name, marker="o", markersize=3.5)
    best = best_epoch(history)
    if best.val_accuracy is not None:
        label = f"best epoch ({best.epoch})"
        axes.axvline(best.epoch, color=GREY, linestyle=":", zorder=0, label=label)
    axes.set_xlabel("epoch")
    axes.set_xlim(epochs[0] - 0.5, epochs[-1] + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)


def new_figure(width: float, height: float) -> "Figure":
    """An empty figure of so many hundred pixels."""
    from matplotlib import rcdefaults
    from matplotlib.figure import Figure

    rcdefaults()  # a matplotlibrc in the current folder may be a stranger's
    return Figure(figsize=(width, height), dpi=100, layout="constrained")


def drawable(names: Sequence[str]) -> list[str]:
    """The class names; its number for a class with a letter that the font lacks, such as お."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    letters = get_font(findfont(FontProperties())).get_charmap()
    return [
        name if all(ord(letter) in letters for letter in name) else str(number)
        for number, name in enumerate(names)
    ]


def save(figure: "Figure", path: Path) -> None:
    """Write the PNG whole or not at all."""
    try:
        with replacing(path) as file:
            figure.savefig(file, format="png")
    except OSError as error:
        raise RunError(f"cannot write {path}: {error.strerror}") from None
