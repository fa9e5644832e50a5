"""Small networks and batches to test with."""

from collections.abc import Sequence

import numpy as np

from mlp_cli.nn import ACTIVATIONS, INITIALIZERS, LOSSES, Network, Normalizer
from mlp_cli.randomness import stream


def network(
    *sizes: int,
    hidden: str = "relu",
    output: str = "softmax",
    loss: str = "cross_entropy",
    dtype: type = np.float64,
    dropout: Sequence[float] | None = None,
    theta: np.ndarray | None = None,
    grad: np.ndarray | None = None,
    noise: Sequence[float] | None = None,
    norm: Normalizer | None = None,
) -> Network:
    """A network with drawn weights: he for what is hidden, glorot for the output."""
    depth = len(sizes) - 2
    activations = [ACTIVATIONS[name]() for name in [hidden] * depth + [output]]
    net = Network(sizes, activations, LOSSES[loss](), dropout, dtype, theta, grad, noise, norm)
    starts = [INITIALIZERS[name]() for name in ["he"] * depth + ["glorot"]]
    net.initialize(starts, stream(0, "init"))
    return net


def batch(
    size: int, width: int = 6, classes: int = 3, dtype: type = np.float64
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (size, width) and their labels (size,)."""
    rng = np.random.default_rng(1)
    return rng.normal(size=(size, width)).astype(dtype), rng.integers(classes, size=size)
