"""Pictures of the inside of a network: what its first neurons look for, and what all of them do."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mlp_cli.data.split import Split
from mlp_cli.errors import RunError
from mlp_cli.nn.types import Floats
from mlp_cli.reports.figures import BLUE, new_figure, save
from mlp_cli.training.activity import activities, some, weight_slopes
from mlp_cli.training.checkpoint import Checkpoint

MOST = 100  # neurons drawn
ABREAST = 10
BARS = 60


def draw_inside(saved: Checkpoint, examples: Split | None, folder: Path) -> list[Path]:
    """Draw what a checkpoint looks like from inside into a folder, which is made.

    Args:
        saved: the checkpoint.
        examples: of its training; without them weights are drawn, and nothing else.
        folder: where to; files of these names are replaced.

    Returns:
        The files: ``weights.png``, ``activations.png``, ``gradients.png``.

    Raises:
        RunError: they cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"{folder}: cannot be made: {error.strerror}") from error
    network = saved.network()
    drawn = [folder / "weights.png"]
    draw_weights(network.W[0], saved.shape, drawn[0])
    if examples is not None:
        x, labels = some(examples)
        drawn += [folder / "activations.png", folder / "gradients.png"]
        outputs = [layer.a for layer in activities(network.folded(), x)]
        draw_histograms(outputs, "activation", drawn[1])
        draw_histograms(weight_slopes(network, x, labels), "∂cost/∂W", drawn[2])
    return drawn


def draw_weights(W: Floats, shape: tuple[int, int], path: Path) -> None:
    """Draw what the neurons of the first layer look for into a PNG, the strongest first.

    Red pixels speak for a neuron, blue ones against it; all have the same scale.

    Args:
        W: the first layer's weights (n_in, n).
        shape: height and width of an image.
        path: the file.

    Raises:
        RunError: the file cannot be written.
    """
    finite = np.nan_to_num(W).astype(np.float64)  # a diverged network can be looked at too
    strongest = np.argsort(-np.linalg.norm(finite, axis=0), kind="stable")[:MOST]
    rows = -(-len(strongest) // ABREAST)
    figure = new_figure(ABREAST, rows + 0.4)
    grid = figure.subplots(rows, ABREAST, squeeze=False).ravel()
    most = float(np.abs(finite).max()) or 1.0
    for axes in grid:
        axes.set_axis_off()
    for axes, i in zip(grid, strongest, strict=False):
        axes.imshow(finite[:, i].reshape(shape), cmap="RdBu_r", vmin=-most, vmax=most)
    figure.suptitle(f"The {len(strongest)} strongest of {W.shape[1]:,} neurons of layer 1")
    save(figure, path)


def draw_histograms(values: Sequence[Floats], what: str, path: Path) -> None:
    """Draw how often each value occurs in each layer, side by side, into a PNG.

    Raises:
        RunError: the file cannot be written.
    """
    figure = new_figure(3.2 * len(values), 3)
    panels = figure.subplots(1, len(values), squeeze=False)[0]
    for i, (axes, layer) in enumerate(zip(panels, values, strict=True), 1):
        finite = layer[np.isfinite(layer)].astype(np.float64)  # float32 has no room for some bins
        if finite.size:
            axes.hist(finite, bins=BARS, color=BLUE, log=True)
        else:
            axes.text(0.5, 0.5, "no finite value", ha="center", transform=axes.transAxes)
        axes.set(title=f"Layer {i}", xlabel=what)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("how many")
    save(figure, path)
