"""How wrong an answer is: the loss of one example, the cost of many, and the slope of both.

The loss judges one example's outputs y (K,) against its target t (K,), which is 1 at the label and
0 elsewhere; what is of no class has the label K, and t is 1/K everywhere. The cost is what training
descends: the mean of the losses over the examples of a batch, or their sum where the loss says so.
That division by B happens here and nowhere else.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mlp_cli.nn.activations import Activation
from mlp_cli.nn.types import Floats
from mlp_cli.nn.workspace import Answers
from mlp_cli.options import Options, Registry, option

NOTHING = np.empty(0)  # what an output activation has learned


@dataclass(frozen=True)
class Loss(Options):
    """A loss of outputs y = f(z) (B, K) against targets t (B, K)."""

    outputs: ClassVar[tuple[str, ...]] = ("softmax", "sigmoid", "identity")
    averaged: ClassVar[bool] = True  # the cost is the mean over the batch, not the sum
    knows_none: ClassVar[bool] = True  # is least for equal outputs alone, for what is of no class

    def targets(self, classes: int) -> Floats:
        """The target of each label, a row each, and last that of no class: (K + 1, K)."""
        return np.concatenate([np.eye(classes), np.full((1, classes), 1 / classes)])

    def slope(self, output: Activation, a: Answers, delta: Floats) -> None:
        """Write y = f(z) and delta = ∂cost/∂z for a batch; what ``each`` needs stays in a."""
        self.of_sums(output, a, delta)
        if self.averaged:
            delta *= 1 / len(delta)

    def each(self, output: Activation, a: Answers) -> None:
        """Write each example's loss, once the slopes are done; z and target are used up.

        No step waits for it, so it is called once for all batches that are learned at once.
        """
        raise NotImplementedError

    def of_sums(self, output: Activation, a: Answers, delta: Floats) -> None:
        """Any loss with any output: ∂loss/∂y, then through the Jacobian of the output."""
        output.forward(a.z, a.y, NOTHING)
        self.of_outputs(a, delta)
        output.backward(a.z, a.y, delta, a.z, NOTHING, NOTHING)  # all outputs know it from y

    def of_outputs(self, a: Answers, delta: Floats) -> None:
        """Write ∂loss/∂y (B, K); z is scratch."""
        raise NotImplementedError


LOSSES: Registry[Loss] = Registry("loss")


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """−Σₖ [tₖ ln yₖ + (1 − tₖ) ln(1 − yₖ)], on sigmoid outputs."""

    outputs: ClassVar[tuple[str, ...]] = ("sigmoid",)

    def of_sums(self, output: Activation, a: Answers, delta: Floats) -> None:
        output.forward(a.z, a.y, NOTHING)
        np.subtract(a.y, a.target, out=delta)  # both in one: ∂loss/∂z = y − t

    def each(self, output: Activation, a: Answers) -> None:
        z, tz = a.z, a.target
        tz *= z
        np.logaddexp(0, z, out=z)  # loss = Σ ln(1 + eᶻ) − tz, without a ln 0
        z -= tz
        np.sum(z, axis=1, out=a.losses)


@LOSSES.add("cross_entropy", "categorical_cross_entropy")
@dataclass(frozen=True)
class CrossEntropy(BinaryCrossEntropy):
    """−Σₖ tₖ ln yₖ; on sigmoid outputs, each a yes or no of its own, binary cross-entropy."""

    outputs: ClassVar[tuple[str, ...]] = ("softmax", "sigmoid")

    label_smoothing: float = option(
        0.0, "share of the target spread evenly over all classes (Szegedy et al. 2016)", ge=0, lt=1
    )

    def targets(self, classes: int) -> Floats:
        spread = self.label_smoothing
        return (1 - spread) * super().targets(classes) + spread / classes

    def of_sums(self, output: Activation, a: Answers, delta: Floats) -> None:
        if output.name != "softmax":
            super().of_sums(output, a, delta)
            return
        z, y, rest = a.z, a.y, a.rest
        np.maximum.reduce(z, axis=1, keepdims=True, out=rest)
        z -= rest
        np.exp(z, out=y)
        np.add.reduce(y, axis=1, keepdims=True, out=rest)
        y /= rest
        np.subtract(y, a.target, out=delta)

    def each(self, output: Activation, a: Answers) -> None:
        if output.name != "softmax":
            super().each(output, a)
            return
        log_y, log_total = a.z, np.log(a.rest, out=a.rest)
        log_y -= log_total  # without a ln 0
        np.einsum("bk,bk->b", a.target, log_y, out=a.losses)
        np.negative(a.losses, out=a.losses)


LOSSES.add("binary_cross_entropy", "bce")(BinaryCrossEntropy)  # after the more usual one


@LOSSES.add("mse", "mean_squared", "mean_squared_error")
@dataclass(frozen=True)
class MeanSquared(Loss):
    """Σₖ (yₖ − tₖ)², and as cost its mean over the examples."""

    def of_outputs(self, a: Answers, delta: Floats) -> None:
        np.subtract(a.y, a.target, out=delta)
        delta *= 2

    def each(self, output: Activation, a: Answers) -> None:
        off = np.subtract(a.y, a.target, out=a.z)
        np.einsum("bk,bk->b", off, off, out=a.losses)


@LOSSES.add("sse", "squared", "summed", "summed_squared")
@dataclass(frozen=True)
class SummedSquared(MeanSquared):
    """Σₖ (yₖ − tₖ)², and as cost its sum over the examples, not divided by their number."""

    averaged: ClassVar[bool] = False


@LOSSES.add("mae", "absolute", "mean_absolute_error")
@dataclass(frozen=True)
class Absolute(Loss):
    """Σₖ |yₖ − tₖ|."""

    def of_outputs(self, a: Answers, delta: Floats) -> None:
        np.subtract(a.y, a.target, out=delta)
        np.sign(delta, out=delta)

    def each(self, output: Activation, a: Answers) -> None:
        off = np.subtract(a.y, a.target, out=a.z)
        np.sum(np.abs(off, out=off), axis=1, out=a.losses)


@LOSSES.add("hinge")
@dataclass(frozen=True)
class Hinge(Loss):
    """Σₖ max(0, 1 + yₖ − y_label) over the wrong classes k (Weston & Watkins 1999).

    For what is of no class it has no slope between the margins.
    """

    knows_none: ClassVar[bool] = False

    def of_outputs(self, a: Answers, delta: Floats) -> None:
        self._margins(a, delta)
        np.greater(delta, 0, out=delta)  # ∂/∂yₖ: 1 where the margin is broken …
        np.add.reduce(delta, axis=1, keepdims=True, out=a.rest)
        delta -= np.multiply(a.target, a.rest, out=a.z)  # … and minus their number at the label

    def each(self, output: Activation, a: Answers) -> None:
        self._margins(a, a.z)
        np.sum(a.z, axis=1, out=a.losses)

    def _margins(self, a: Answers, out: Floats) -> None:
        """Write by how much each wrong class k breaks its margin; at the label it is 0."""
        np.einsum("bk,bk->b", a.y, a.target, out=a.rest[:, 0])  # y_label
        np.subtract(a.y, a.rest, out=out)
        out += 1
        out -= a.target  # 1 + y − y − 1 at the label itself
        np.maximum(out, 0, out=out)
