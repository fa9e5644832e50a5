"""Why a network answered as it did: what fired, which pixels counted, and what would change it.

The network is one whose norm is folded, so that each layer is W, b and f.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.batches import Batches
from mlp_cli.data.split import Split
from mlp_cli.nn import Network
from mlp_cli.nn.types import Floats
from mlp_cli.training.evaluate import finite_probabilities

STEPS = 64  # from a black image to this one
TURNS = 100  # of the search for another answer
BEYOND = 1.02  # times as far as to where both answers are even
NEAREST = 5
AT_ONCE = 1000  # examples compared with


@dataclass(frozen=True)
class Layer:
    """What happened in one layer."""

    activation: str
    entered: int  # inputs that were not 0
    inputs: int
    z: Floats  # (n,)
    a: Floats  # (n,)


@dataclass(frozen=True)
class Flip:
    """The nearest image found that is answered otherwise."""

    x: Floats  # (n_in,)
    answer: int
    distance: float  # the Euclidean length of the change; a white pixel is 1


@dataclass(frozen=True)
class Explanation:
    """Everything about one answer; pixels are (n_in,)."""

    x: Floats
    probabilities: Floats  # (K,)
    layers: list[Layer]
    slopes: Floats  # of the answer's sum
    counted: Floats  # what each pixel did for the answer's sum, compared with black
    flip: Flip | None  # None where none was found
    temperature: float  # that the last sums are divided by for the probabilities

    @property
    def answer(self) -> int:
        """The class of the greatest probability."""
        return int(self.probabilities.argmax())


def explain(network: Network, x: Floats) -> Explanation:
    """Look at one answer from all sides.

    Args:
        network: answers.
        x: the image (n_in,), in [0, 1].

    Raises:
        DivergedError: its outputs are not finite.
    """
    (probabilities,) = finite_probabilities(network, x[None])
    answer = int(probabilities.argmax())
    slopes, counted = attributions(network, x, answer)
    return Explanation(
        x=x,
        probabilities=probabilities,
        layers=layers_of(network, x),
        slopes=slopes,
        counted=counted,
        flip=nearest_flip(network, x),
        temperature=network.temperature,
    )


def layers_of(network: Network, x: Floats) -> list[Layer]:
    """Sums and activations of each layer."""
    sums = network.layer_sums(x[None])
    outputs = [a[0].copy() for a in network.layer_outputs(x[None])]
    inputs = [x, *outputs[:-1]]
    return [
        Layer(f.name, int(np.count_nonzero(h)), h.size, z[0], a)
        for f, h, z, a in zip(network.activations, inputs, sums, outputs, strict=True)
    ]


def attributions(network: Network, x: Floats, answer: int) -> tuple[Floats, Floats]:
    """The slope of an answer's sum at x, and the integrated gradients from black to x.

    xᵢ · ∫₀¹ ∂z/∂xᵢ(αx) dα, by the midpoint rule; they add up to z(x) − z(0) (Sundararajan et al.
    2017).
    """
    classes = network.sizes[-1]
    towards = np.zeros((STEPS, classes), network.dtype)
    towards[:, answer] = 1
    slopes = network.input_slopes(x[None], towards[:1])[0]
    shares = ((np.arange(STEPS) + 0.5) / STEPS).astype(network.dtype)
    along = network.input_slopes(shares[:, None] * x, towards)
    return slopes, x * along.mean(axis=0)


def nearest_flip(network: Network, x: Floats) -> Flip | None:
    """A small change that makes another answer, pixels staying in [0, 1].

    Step by step over the nearest border between two classes, if all were straight (DeepFool,
    Moosavi-Dezfooli et al. 2016).
    """
    classes = network.sizes[-1]
    every = np.eye(classes, dtype=network.dtype)
    first = int(network.layer_sums(x[None])[-1][0].argmax())
    now = x.copy()
    for _ in range(TURNS):
        z = network.layer_sums(now[None])[-1][0]
        if (found := int(z.argmax())) != first:
            return Flip(now, found, float(np.linalg.norm(now - x)))
        slopes = network.input_slopes(np.repeat(now[None], classes, axis=0), every)
        apart, ways = z[first] - z, slopes - slopes[first]  # (K,), (K, n_in)
        ways *= _movable(now, ways)
        lengths = np.linalg.norm(ways, axis=1)
        lengths[first] = 0
        if not lengths.any():
            return None
        distances = np.where(lengths > 0, apart / np.maximum(lengths, 1e-12), np.inf)
        nearest = int(distances.argmin())
        step = BEYOND * (distances[nearest] + 1e-4) / lengths[nearest]
        now = np.clip(now + step * ways[nearest], 0, 1).astype(network.dtype)
    return None


def _movable(x: Floats, ways: Floats) -> NDArray[np.bool_]:
    """Which pixels have room in their direction: black ones cannot go down, nor white ones up."""
    return ~(((x <= 0) & (ways < 0)) | ((x >= 1) & (ways > 0)))


def nearest_examples(x: Floats, split: Split, rows: NDArray[np.intp]) -> list[tuple[int, float]]:
    """The indices of the examples whose pixels are nearest to x, and how far they are.

    Args:
        x: the image (n_in,), in [0, 1].
        split: holds the examples.
        rows: the indices of those to look at.
    """
    batches = Batches(split, AT_ONCE, x.dtype).cut(rows)
    nearest: list[tuple[int, float]] = []
    for number, (batch, _) in enumerate(batches):
        distances = np.linalg.norm(batch - x, axis=1)
        some = np.argsort(distances, kind="stable")[:NEAREST]
        nearest += [(int(rows[number * AT_ONCE + i]), float(distances[i])) for i in some]
        nearest = sorted(nearest, key=lambda each: each[1])[:NEAREST]
    return nearest
