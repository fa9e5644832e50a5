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

    def slope(
        self, output: Activation, z: Floats, y: Floats, t: Floats, rest: Floats, delta: Floats
    ) -> None:
        """Write y = f(z) and delta = ∂cost/∂z; z and rest (B, 1) keep what ``each`` needs."""
        self.of_sums(output, z, y, t, rest, delta)
        if self.averaged:
            delta *= 1 / len(delta)

    def each(
        self, output: Activation, z: Floats, y: Floats, t: Floats, rest: Floats, losses: Floats
    ) -> None:
        """Write each example's loss (B,) after ``slope``; z and t are used up.

        No step needs it, so it is for many small batches at once.
        """
        raise NotImplementedError

    def of_sums(
        self, output: Activation, z: Floats, y: Floats, t: Floats, rest: Floats, delta: Floats
    ) -> None:
        """Any loss with any output: ∂loss/∂y, then through the Jacobian of the output."""
        output.forward(z, y, NOTHING)
        self.of_outputs(y, t, rest, z, delta)
        output.backward(z, y, delta, z, NOTHING, NOTHING)  # softmax, sigmoid, identity: y is enough

    def of_outputs(
        self, y: Floats, t: Floats, rest: Floats, scratch: Floats, delta: Floats
    ) -> None:
        """Write ∂loss/∂y (B, K)."""
        raise NotImplementedError


LOSSES: Registry[Loss] = Registry("loss")


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """−Σₖ [tₖ ln yₖ + (1 − tₖ) ln(1 − yₖ)], on sigmoid outputs."""

    outputs: ClassVar[tuple[str, ...]] = ("sigmoid",)

    def of_sums(
        self, output: Activation, z: Floats, y: Floats, t: Floats, rest: Floats, delta: Floats
    ) -> None:
        output.forward(z, y, NOTHING)
        np.subtract(y, t, out=delta)  # both in one: ∂loss/∂z = y − t

    def each(
        self, output: Activation, z: Floats, y: Floats, t: Floats, rest: Floats, losses: Floats
    ) -> None:
        t *= z
        np.logaddexp(0, z, out=z)  # loss = Σ ln(1 + eᶻ) − tz, without a ln 0
        z -= t
        np.sum(z, axis=1, out=losses)


@LOSSES.add("cross_entropy", "categorical_cross_entropy")
@dataclass(frozen=True)
class CrossEntropy(BinaryCrossEntropy):
    """−Σₖ tₖ ln yₖ; on sigmoid outputs, each a yes or no of its own, binary cross-entropy."""

    outputs: ClassVar[tuple[str, ...]] = ("softmax", "sigmoid")

    label_smoothing: float = option(
        0.0, "share of the target spread evenly over all classes (Szegedy et al. 2016)", ge=0, lt=1
    )

    def targets(self, classes: int) -> Floats:
        return (1 - self.label_smoothing) * np.eye(classes) + self.label_smoothing / classes

    def of_sums(
        self, output: Activation, z: Floats, y: Floats, t: Floats, rest: Floats, delta: Floats
    ) -> None:
        if output.name != "softmax":
            super().of_sums(output, z, y, t, rest, delta)
            return
        np.maximum.reduce(z, axis=1, keepdims=True, out=rest)
        z -= rest
        np.exp(z, out=y)
        np.add.reduce(y, axis=1, keepdims=True, out=rest)
        y /= rest
        np.subtract(y, t, out=delta)

    def each(
        self, output: Activation, z: Floats, y: Floats, t: Floats, rest: Floats, losses: Floats
    ) -> None:
        if output.name != "softmax":
            super().each(output, z, y, t, rest, losses)
            return
        np.log(rest, out=rest)
        z -= rest  # z is ln y from here on, without a ln 0
        np.einsum("bk,bk->b", t, z, out=losses)
        np.negative(losses, out=losses)


LOSSES.add("binary_cross_entropy", "bce")(BinaryCrossEntropy)  # after the more usual one


@LOSSES.add("mse", "mean_squared", "mean_squared_error")
@dataclass(frozen=True)
class MeanSquared(Loss):
    """Σₖ (yₖ − tₖ)², and as cost its mean over the examples."""

    def of_outputs(
        self, y: Floats, t: Floats, rest: Floats, scratch: Floats, delta: Floats
    ) -> None:
        np.subtract(y, t, out=delta)
        delta *= 2

    def each(
        self, output: Activation, z: Floats, y: Floats, t: Floats, rest: Floats, losses: Floats
    ) -> None:
        np.subtract(y, t, out=z)
        np.einsum("bk,bk->b", z, z, out=losses)


@LOSSES.add("sse", "squared", "summed", "summed_squared")
@dataclass(frozen=True)
class SummedSquared(MeanSquared):
    """Σₖ (yₖ − tₖ)², and as cost its sum over the examples, not divided by their number."""

    averaged: ClassVar[bool] = False


@LOSSES.add("mae", "absolute", "mean_absolute_error")
@dataclass(frozen=True)
class Absolute(Loss):
    """Σₖ |yₖ − tₖ|."""

    def of_outputs(
        self, y: Floats, t: Floats, rest: Floats, scratch: Floats, delta: Floats
    ) -> None:
        np.subtract(y, t, out=delta)
        np.sign(delta, out=delta)

    def each(
        self, output: Activation, z: Floats, y: Floats, t: Floats, rest: Floats, losses: Floats
    ) -> None:
        np.subtract(y, t, out=z)
        np.abs(z, out=z)
        np.sum(z, axis=1, out=losses)


@LOSSES.add("hinge")
@dataclass(frozen=True)
class Hinge(Loss):
    """Σₖ max(0, 1 + yₖ − y_label) over the wrong classes k (Weston & Watkins 1999)."""

    def _margins(self, y: Floats, t: Floats, rest: Floats, out: Floats) -> None:
        """Write by how much each wrong class k breaks its margin; at the label it is 0."""
        np.einsum("bk,bk->b", y, t, out=rest[:, 0])  # y_label
        np.subtract(y, rest, out=out)
        out += 1
        out -= t  # 1 + y − y − 1 at the label itself
        np.maximum(out, 0, out=out)

    def of_outputs(
        self, y: Floats, t: Floats, rest: Floats, scratch: Floats, delta: Floats
    ) -> None:
        self._margins(y, t, rest, delta)
        np.greater(delta, 0, out=delta)  # ∂/∂yₖ: 1 where the margin is broken …
        np.add.reduce(delta, axis=1, keepdims=True, out=rest)
        np.multiply(t, rest, out=scratch)
        delta -= scratch  # … and minus their number at the label

    def each(
        self, output: Activation, z: Floats, y: Floats, t: Floats, rest: Floats, losses: Floats
    ) -> None:
        self._margins(y, t, rest, z)
        np.sum(z, axis=1, out=losses)
