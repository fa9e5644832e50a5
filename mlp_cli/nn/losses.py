"""How wrong an answer is: the loss of one example, the cost of many, and the slope of both.

The loss judges one example's outputs y (K,) against its target t (K,), which is 1 at the label and
0 elsewhere. The cost is what training descends: the mean of the losses over the examples of a
batch, or their sum where the loss says so. That division by B happens here and nowhere else.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mlp_cli.nn.activations import Activation
from mlp_cli.nn.options import Options, Registry, option
from mlp_cli.nn.types import Floats

NOTHING = np.empty(0)  # what an output activation has learned


@dataclass(frozen=True)
class Loss(Options):
    """A loss of outputs y = f(z) (B, K) against targets t (B, K)."""

    outputs: ClassVar[tuple[str, ...]] = ("softmax", "sigmoid", "identity")
    averaged: ClassVar[bool] = True  # the cost is the mean over the batch, not the sum

    def targets(self, classes: int) -> Floats:
        """The target of each label, a row each: (K, K)."""
        return np.eye(classes)

    def __call__(
        self, output: Activation, z: Floats, y: Floats, t: Floats, delta: Floats, losses: Floats
    ) -> None:
        """Write y = f(z), each example's loss (B,), and delta = ∂cost/∂z; z and t are used up."""
        self.of_sums(output, z, y, t, delta, losses)
        if self.averaged:
            delta *= 1 / len(delta)

    def of_sums(
        self, output: Activation, z: Floats, y: Floats, t: Floats, delta: Floats, losses: Floats
    ) -> None:
        """Any loss with any output: ∂loss/∂y, then through the Jacobian of the output."""
        output.forward(z, y, NOTHING)
        self.of_outputs(y, t, delta, losses)
        output.backward(z, y, delta, t, NOTHING, NOTHING)  # softmax, sigmoid, identity: y stays

    def of_outputs(self, y: Floats, t: Floats, delta: Floats, losses: Floats) -> None:
        """Write each example's loss (B,) and ∂loss/∂y (B, K); t is used up."""
        raise NotImplementedError


LOSSES: Registry[Loss] = Registry("loss")


@LOSSES.add("cross_entropy", "categorical_cross_entropy")
@dataclass(frozen=True)
class CrossEntropy(Loss):
    """−Σₖ tₖ ln yₖ; on sigmoid outputs, each a yes or no of its own, binary cross-entropy."""

    outputs: ClassVar[tuple[str, ...]] = ("softmax", "sigmoid")

    label_smoothing: float = option(
        0.0, "share of the target spread evenly over all classes (Szegedy et al. 2016)", ge=0, lt=1
    )

    def targets(self, classes: int) -> Floats:
        return (1 - self.label_smoothing) * np.eye(classes) + self.label_smoothing / classes

    def of_sums(
        self, output: Activation, z: Floats, y: Floats, t: Floats, delta: Floats, losses: Floats
    ) -> None:
        fused = _softmax_cross_entropy if output.name == "softmax" else _sigmoid_cross_entropy
        fused(output, z, y, t, delta, losses)


@LOSSES.add("binary_cross_entropy", "bce")
@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """−Σₖ [tₖ ln yₖ + (1 − tₖ) ln(1 − yₖ)], on sigmoid outputs."""

    outputs: ClassVar[tuple[str, ...]] = ("sigmoid",)

    def of_sums(
        self, output: Activation, z: Floats, y: Floats, t: Floats, delta: Floats, losses: Floats
    ) -> None:
        _sigmoid_cross_entropy(output, z, y, t, delta, losses)


def _softmax_cross_entropy(
    output: Activation, z: Floats, y: Floats, t: Floats, delta: Floats, losses: Floats
) -> None:
    """Softmax and cross-entropy in one: ∂loss/∂z = y − t, and ln y without a ln 0."""
    np.max(z, axis=1, out=losses)
    z -= losses[:, None]
    np.exp(z, out=y)
    np.sum(y, axis=1, out=losses)
    y /= losses[:, None]
    np.log(losses, out=losses)
    z -= losses[:, None]  # z is ln y from here on
    np.subtract(y, t, out=delta)
    np.einsum("bk,bk->b", t, z, out=losses)
    np.negative(losses, out=losses)


def _sigmoid_cross_entropy(
    output: Activation, z: Floats, y: Floats, t: Floats, delta: Floats, losses: Floats
) -> None:
    """Sigmoid and binary cross-entropy in one: ∂loss/∂z = y − t, and loss = Σ ln(1 + eᶻ) − tz."""
    output.forward(z, y, NOTHING)
    np.subtract(y, t, out=delta)
    t *= z
    np.logaddexp(0, z, out=z)
    z -= t
    np.sum(z, axis=1, out=losses)


@LOSSES.add("mse", "mean_squared", "mean_squared_error")
@dataclass(frozen=True)
class MeanSquared(Loss):
    """Σₖ (yₖ − tₖ)², and as cost its mean over the examples."""

    def of_outputs(self, y: Floats, t: Floats, delta: Floats, losses: Floats) -> None:
        np.subtract(y, t, out=delta)
        np.einsum("bk,bk->b", delta, delta, out=losses)
        delta *= 2


@LOSSES.add("sse", "squared", "summed", "summed_squared")
@dataclass(frozen=True)
class SummedSquared(MeanSquared):
    """Σₖ (yₖ − tₖ)², and as cost its sum over the examples, not divided by their number."""

    averaged: ClassVar[bool] = False


@LOSSES.add("mae", "absolute", "mean_absolute_error")
@dataclass(frozen=True)
class Absolute(Loss):
    """Σₖ |yₖ − tₖ|."""

    def of_outputs(self, y: Floats, t: Floats, delta: Floats, losses: Floats) -> None:
        np.subtract(y, t, out=delta)
        np.abs(delta, out=t)
        np.sum(t, axis=1, out=losses)
        np.sign(delta, out=delta)


@LOSSES.add("hinge")
@dataclass(frozen=True)
class Hinge(Loss):
    """Σₖ max(0, 1 + yₖ − y_label) over the wrong classes k (Weston & Watkins 1999)."""

    def of_outputs(self, y: Floats, t: Floats, delta: Floats, losses: Floats) -> None:
        np.einsum("bk,bk->b", y, t, out=losses)  # y_label
        np.subtract(y, losses[:, None], out=delta)
        delta += 1
        delta -= t  # at the label itself: 1 + y − y − 1 = 0, no loss
        np.maximum(delta, 0, out=delta)
        np.sum(delta, axis=1, out=losses)
        np.greater(delta, 0, out=delta)  # ∂/∂yₖ: 1 where the margin is broken …
        t *= delta.sum(axis=1, keepdims=True)
        delta -= t  # … and minus their number at the label
