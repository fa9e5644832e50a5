"""The rectifier and its kin: a neuron that passes what is above zero and holds back the rest."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mlp_cli.nn.activations import ACTIVATIONS, Activation, Elementwise, Sigmoid
from mlp_cli.nn.types import Floats
from mlp_cli.options import option


@ACTIVATIONS.add("relu")
@dataclass(frozen=True)
class ReLU(Elementwise):
    """f(z) = max(z, 0) (Nair & Hinton 2010)."""

    init: ClassVar[str] = "he"

    def f(self, z: Floats, a: Floats) -> None:
        np.maximum(z, 0, out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        np.greater(a, 0, out=out)


@ACTIVATIONS.add("leaky_relu")
@dataclass(frozen=True)
class LeakyReLU(Elementwise):
    """f(z) = max(z, 0) + slope · min(z, 0) (Maas et al. 2013)."""

    in_place: ClassVar[bool] = False
    init: ClassVar[str] = "he"

    slope: float = option(0.01, "slope below zero", ge=0, lt=1)

    def f(self, z: Floats, a: Floats) -> None:
        np.multiply(z, self.slope, out=a)
        np.maximum(z, a, out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        np.greater(z, 0, out=out)
        out *= 1 - self.slope
        out += self.slope


@ACTIVATIONS.add("prelu", "parametric_relu")
@dataclass(frozen=True)
class PReLU(Activation):
    """f(z)ⱼ = max(zⱼ, 0) + pⱼ · min(zⱼ, 0) with one learned slope p a neuron (He et al. 2015)."""

    in_place: ClassVar[bool] = False
    init: ClassVar[str] = "he"

    slope: float = option(0.25, "each neuron's slope below zero at the start", ge=0, lt=1)

    def parameters(self, width: int) -> Floats:
        return np.full(width, self.slope)

    def forward(self, z: Floats, a: Floats, p: Floats) -> None:
        np.minimum(z, 0, out=a)
        a *= p - 1
        a += z

    def backward(
        self, z: Floats, a: Floats, delta: Floats, scratch: Floats, p: Floats, dp: Floats
    ) -> None:
        np.minimum(z, 0, out=scratch)
        scratch *= delta
        scratch.sum(axis=0, out=dp)
        np.greater(z, 0, out=scratch)
        scratch *= 1 - p
        scratch += p
        delta *= scratch


@ACTIVATIONS.add("elu")
@dataclass(frozen=True)
class ELU(Elementwise):
    """f(z) = z where z > 0, α(eᶻ − 1) elsewhere (Clevert et al. 2016)."""

    in_place: ClassVar[bool] = False
    init: ClassVar[str] = "he"

    alpha: float = option(1.0, "−f(z) far below zero", gt=0)

    def f(self, z: Floats, a: Floats) -> None:
        np.minimum(z, 0, out=a)
        np.expm1(a, out=a)
        a *= self.alpha
        np.maximum(z, 0, out=z)
        a += z

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        np.minimum(a, 0, out=out)  # αeᶻ = a + α below zero, 1 above
        out += self.alpha
        np.greater(a, 0, out=z)
        z *= 1 - self.alpha
        out += z


@ACTIVATIONS.add("swish", "silu")
@dataclass(frozen=True)
class Swish(Elementwise):
    """f(z) = z · σ(z) (Ramachandran et al. 2017)."""

    in_place: ClassVar[bool] = False
    init: ClassVar[str] = "he"

    def f(self, z: Floats, a: Floats) -> None:
        Sigmoid().f(z, a)
        a *= z

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        Sigmoid().f(z, out)  # f′ = σ + zσ(1 − σ) = σ + a(1 − σ)
        np.subtract(1, out, out=z)
        z *= a
        out += z


@ACTIVATIONS.add("gelu")
@dataclass(frozen=True)
class GELU(Elementwise):
    """f(z) = z/2 · (1 + tanh(c(z + kz³))), c = √(2/π), k = 0.044715 (Hendrycks & Gimpel 2016)."""

    in_place: ClassVar[bool] = False
    init: ClassVar[str] = "he"

    C: ClassVar[float] = math.sqrt(2 / math.pi)
    K: ClassVar[float] = 0.044715

    def _tanh(self, z: Floats, out: Floats) -> None:
        np.multiply(z, z, out=out)
        out *= self.K
        out += 1
        out *= z
        out *= self.C
        np.tanh(out, out=out)

    def f(self, z: Floats, a: Floats) -> None:
        self._tanh(z, a)
        a += 1
        a *= z
        a *= 0.5

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        self._tanh(z, out)  # f′ = (1 + t)/2 + z/2 · (1 − t²) · c(1 + 3kz²)
        np.multiply(z, z, out=a)
        a *= 3 * self.K
        a += 1
        a *= z
        a *= self.C
        np.multiply(out, out, out=z)
        np.subtract(1, z, out=z)
        a *= z
        out += a
        out += 1
        out *= 0.5
