"""An explanation as a picture: the image, its gradients, and what would be answered otherwise."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mlp_cli.data.pictures import Picture
from mlp_cli.nn.types import Floats
from mlp_cli.reports.figures import drawable, new_figure, save
from mlp_cli.training.explain import Explanation


def draw_explanation(
    picture: Picture,
    found: Explanation,
    classes: Sequence[str],
    shape: tuple[int, int],
    path: Path,
) -> None:
    """Draw the picture, its gradient, its integrated gradients and the flip into a PNG.

    Red speaks for the answer, blue against it.

    Raises:
        RunError: the file cannot be written.
    """
    names = drawable(classes)
    answer = f"{names[found.answer]} ({100 * found.probabilities[found.answer]:.1f} %)"
    panels = [
        (f"read as {answer}", found.x, "gray", (0.0, 1.0)),
        ("gradient", found.slopes, "RdBu_r", _even(found.slopes)),
        ("integrated gradients", found.counted, "RdBu_r", _even(found.counted)),
    ]
    if found.flip is not None:
        change = found.flip.x - found.x
        panels.append((f"so changed: {names[found.flip.answer]}", found.flip.x, "gray", (0.0, 1.0)))
        panels.append(("the change", change, "RdBu_r", _even(change)))
    figure = new_figure(2.4 * len(panels), 2.8)
    for axes, (title, values, colours, (low, high)) in zip(
        figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True
    ):
        axes.imshow(values.reshape(shape), cmap=colours, vmin=low, vmax=high)
        axes.set_title(title, fontsize=10, parse_math=False)
        axes.set_axis_off()
    save(figure, path)


def _even(values: Floats) -> tuple[float, float]:
    """Limits as far below 0 as above."""
    most = max(float(np.abs(values).max()), 1e-12)
    return -most, most
