"""What a neuron does with its sum z: a = f(z), and beside it how a slope flows back through f."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mlp_cli.nn.types import Floats
from mlp_cli.options import Options, Registry


@dataclass(frozen=True)
class Activation(Options):
    """a = f(z) for a layer's sums z (B, n), and its vector–Jacobian product.

    Both work in buffers that the network owns. Where ``in_place`` holds, ``z`` and ``a`` may be the
    same buffer, so ``backward`` has to know the slope from the output ``a``.
    """

    in_place: ClassVar[bool] = True
    init: ClassVar[str] = "glorot"  # the initialiser that suits it

    def parameters(self, width: int) -> Floats:
        """The starting values of what the activation itself learns in a layer of ``width``."""
        return np.empty(0)

    def forward(self, z: Floats, a: Floats, p: Floats) -> None:
        """Write f(z) into a; ``p`` is what the activation has learned."""
        raise NotImplementedError

    def backward(
        self, z: Floats, a: Floats, delta: Floats, scratch: Floats, p: Floats, dp: Floats
    ) -> None:
        """Turn delta from ∂L/∂a into ∂L/∂z and write ∂L/∂p into dp; z, a, scratch are used up."""
        raise NotImplementedError


ACTIVATIONS: Registry[Activation] = Registry("activation")


@dataclass(frozen=True)
class Elementwise(Activation):
    """The common case: each neuron alone, with ∂L/∂z = ∂L/∂a · f′(z)."""

    def f(self, z: Floats, a: Floats) -> None:
        """Write f(z) into a; z may be changed to what ``derivative`` needs."""
        raise NotImplementedError

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        """Write f′(z) into out; z and a may be used up."""
        raise NotImplementedError

    def forward(self, z: Floats, a: Floats, p: Floats) -> None:
        self.f(z, a)

    def backward(
        self, z: Floats, a: Floats, delta: Floats, scratch: Floats, p: Floats, dp: Floats
    ) -> None:
        self.derivative(z, a, out=scratch)
        delta *= scratch


@ACTIVATIONS.add("identity", "linear")
@dataclass(frozen=True)
class Identity(Activation):
    """f(z) = z."""

    init: ClassVar[str] = "lecun"

    def forward(self, z: Floats, a: Floats, p: Floats) -> None:
        if a is not z:
            np.copyto(a, z)

    def backward(
        self, z: Floats, a: Floats, delta: Floats, scratch: Floats, p: Floats, dp: Floats
    ) -> None:
        pass  # its slope is 1


@ACTIVATIONS.add("sigmoid", "logistic")
@dataclass(frozen=True)
class Sigmoid(Elementwise):
    """f(z) = 1 / (1 + e⁻ᶻ)."""

    def f(self, z: Floats, a: Floats) -> None:
        np.multiply(z, 0.5, out=a)
        np.tanh(a, out=a)  # 1 / (1 + e⁻ᶻ) = (1 + tanh(z/2)) / 2, which never overflows
        a += 1
        a *= 0.5

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        np.subtract(1, a, out=out)
        out *= a


@ACTIVATIONS.add("tanh")
@dataclass(frozen=True)
class Tanh(Elementwise):
    """f(z) = tanh z."""

    def f(self, z: Floats, a: Floats) -> None:
        np.tanh(z, out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        np.multiply(a, a, out=out)
        np.subtract(1, out, out=out)


@ACTIVATIONS.add("arctan", "atan")
@dataclass(frozen=True)
class Arctan(Elementwise):
    """f(z) = arctan z."""

    in_place: ClassVar[bool] = False

    def f(self, z: Floats, a: Floats) -> None:
        np.arctan(z, out=a)

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        np.multiply(z, z, out=out)
        out += 1
        np.reciprocal(out, out=out)


@ACTIVATIONS.add("sqnl", "sgnl")
@dataclass(frozen=True)
class SQNL(Elementwise):
    """f(z) = c − c·|c|/4 with c = z clipped to [−2, 2] (Wuraola & Patel 2018)."""

    in_place: ClassVar[bool] = False

    def f(self, z: Floats, a: Floats) -> None:
        np.clip(z, -2, 2, out=z)  # z is c from here on
        np.abs(z, out=a)
        a *= -0.25
        a += 1
        a *= z

    def derivative(self, z: Floats, a: Floats, out: Floats) -> None:
        np.abs(z, out=out)
        out *= -0.5
        out += 1


@ACTIVATIONS.add("softmax")
@dataclass(frozen=True)
class Softmax(Activation):
    """f(z)ⱼ = e^zⱼ / Σₖ e^zₖ, over the neurons of a layer."""

    def forward(self, z: Floats, a: Floats, p: Floats) -> None:
        np.subtract(z, z.max(axis=1, keepdims=True), out=a)
        np.exp(a, out=a)
        a /= a.sum(axis=1, keepdims=True)

    def backward(
        self, z: Floats, a: Floats, delta: Floats, scratch: Floats, p: Floats, dp: Floats
    ) -> None:
        delta -= np.einsum("bn,bn->b", delta, a)[:, None]  # Jᵀδ = a ⊙ (δ − ⟨δ, a⟩)
        delta *= a
