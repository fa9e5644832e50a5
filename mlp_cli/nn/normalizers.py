"""Sums brought to mean 0 and variance 1, so that no layer has to follow the scale of those below.

    ẑ = (z − mean) / √(variance + ε)        z ← ẑ + b

The biases b are added after it. A gain beside them, as in the paper, is left out: where f is a
rectifier, the next layer's weights can do its work (Rasmus et al. 2015), and noise on ẑ keeps its
share of the signal.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from mlp_cli.nn.types import Floats
from mlp_cli.options import Options, Registry, option


@dataclass(frozen=True)
class Normalizer(Options):
    """A layer's sums (B, n) normalised, and its vector–Jacobian product."""

    eps: float = option(1e-5, "ε, keeps the division finite", gt=0)

    def statistics(self, width: int) -> Floats:
        """What is kept of a layer of ``width`` for prediction, as it starts: (k, width)."""
        raise NotImplementedError

    def forward(self, z: Floats, scratch: Floats, ones: Floats, kept: Floats) -> Floats:
        """Turn z into ẑ as in training.

        Args:
            z: sums (B, n), changed in place.
            scratch: (B, n).
            ones: (B,).
            kept: what is kept of the layer, brought up to date.

        Returns:
            1/√(variance + ε), which ``backward`` needs.
        """
        raise NotImplementedError

    def predict(self, z: Floats, kept: Floats) -> None:
        """Turn z into ẑ by what was kept."""
        raise NotImplementedError

    def backward(
        self, delta: Floats, normed: Floats, scratch: Floats, ones: Floats, scale: Floats
    ) -> None:
        """Turn delta from ∂L/∂ẑ into ∂L/∂z, given ẑ and what ``forward`` returned."""
        raise NotImplementedError

    def fold(self, W: Floats, b: Floats, kept: Floats) -> None:
        """Work what ``predict`` does into the layer's W and b."""
        raise NotImplementedError


NORMALIZERS: Registry[Normalizer] = Registry("normaliser")


@NORMALIZERS.add("batch", "batch_norm")
@dataclass(frozen=True)
class BatchNorm(Normalizer):
    """Each neuron over the batch, and at prediction over the training (Ioffe & Szegedy 2015)."""

    momentum: float = option(0.1, "share of a batch in the running statistics", gt=0, le=1)

    def statistics(self, width: int) -> Floats:
        return np.stack([np.zeros(width), np.ones(width)])  # running mean and variance

    def forward(self, z: Floats, scratch: Floats, ones: Floats, kept: Floats) -> Floats:
        n = len(ones)
        mean = ones @ z / n  # (B,) @ (B, n) -> (n,)
        z -= mean
        np.multiply(z, z, out=scratch)
        variance = ones @ scratch / n
        scale = self.scale(variance)
        z *= scale
        if n > 1:  # one example has no variance
            kept[0] += self.momentum * (mean - kept[0])
            kept[1] += self.momentum * (variance * (n / (n - 1)) - kept[1])
        return scale

    def predict(self, z: Floats, kept: Floats) -> None:
        mean, variance = kept
        z -= mean
        z *= self.scale(variance)

    def backward(
        self, delta: Floats, normed: Floats, scratch: Floats, ones: Floats, scale: Floats
    ) -> None:
        n = len(ones)
        np.multiply(delta, normed, out=scratch)
        np.multiply(normed, ones @ scratch / n, out=scratch)
        delta -= ones @ delta / n
        delta -= scratch
        delta *= scale

    def fold(self, W: Floats, b: Floats, kept: Floats) -> None:
        mean, variance = kept
        scale = self.scale(variance)
        W *= scale
        b -= mean * scale

    def scale(self, variance: Floats) -> Floats:
        """1/√(variance + ε)."""
        scale: Floats = 1 / np.sqrt(variance + variance.dtype.type(self.eps))
        return scale


def kept_of_layers(
    norm: Normalizer | None, hidden: tuple[int, ...], dtype: DTypeLike
) -> tuple[Floats, list[Floats]]:
    """One flat vector of what is kept of all hidden layers, and each layer's part as a view."""
    starts = [norm.statistics(width) for width in hidden] if norm else []
    flat = np.concatenate([np.empty(0), *(start.ravel() for start in starts)]).astype(dtype)
    ends = np.cumsum([0, *(start.size for start in starts)])[1:]
    parts = zip(starts, ends, strict=True)
    return flat, [flat[end - start.size : end].reshape(start.shape) for start, end in parts]
