"""How a step downhill is taken: theta changes by what its slope, and the slopes before, suggest.

Every rule is elementwise, so it can run on any part of theta. It may use up the gradient, and
computes in float32 when theta is float32 (its factors are Python floats, which widen nothing).
"""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mlp_cli.nn.types import Floats
from mlp_cli.options import Options, Registry, option


@dataclass(frozen=True)
class Optimizer(Options):
    """A rule theta ← theta − …, with what it remembers named in ``memory``."""

    memory: ClassVar[tuple[str, ...]] = ()
    decoupled: ClassVar[bool] = False  # weight decay shrinks W itself, not by way of the slope

    learning_rate: float = option(0.1, "η, the length of a step", gt=0)
    weight_decay: float = option(0.0, "adds weight_decay · W to the slope; never of biases", ge=0)
    l1: float = option(0.0, "adds l1 · sign(W) to the slope; never of biases", ge=0)
    clip_norm: float | None = option(None, "the greatest length of the gradient", gt=0)

    def update(
        self, theta: Floats, g: Floats, s: Floats, lr: float, t: int, *memory: Floats
    ) -> None:
        """Change theta in place.

        Args:
            theta: the parameters (n,).
            g: their slopes, used up.
            s: scratch of the same length.
            lr: the learning rate of this step.
            t: the step, counted from 1.
            *memory: what the rule remembers, as named in ``memory``, each (n,).
        """
        raise NotImplementedError


OPTIMIZERS: Registry[Optimizer] = Registry("optimizer")


@OPTIMIZERS.add("sgd", "gradient_descent")
@dataclass(frozen=True)
class SGD(Optimizer):
    """θ ← θ − ηg (Robbins & Monro 1951)."""

    def update(
        self, theta: Floats, g: Floats, s: Floats, lr: float, t: int, *memory: Floats
    ) -> None:
        g *= lr
        theta -= g


@OPTIMIZERS.add("momentum")
@dataclass(frozen=True)
class Momentum(Optimizer):
    """v ← μv + g, θ ← θ − ηv (Polyak 1964)."""

    memory: ClassVar[tuple[str, ...]] = ("velocity",)

    learning_rate: float = option(0.05, "η, the length of a step", gt=0)
    momentum: float = option(0.9, "μ, the share of the last velocity that is kept", ge=0, lt=1)

    def update(
        self, theta: Floats, g: Floats, s: Floats, lr: float, t: int, *memory: Floats
    ) -> None:
        (v,) = memory
        v *= self.momentum
        v += g
        np.multiply(v, lr, out=s)
        theta -= s


@OPTIMIZERS.add("nesterov")
@dataclass(frozen=True)
class Nesterov(Momentum):
    """v ← μv + g, θ ← θ − η(g + μv) (Nesterov 1983; Sutskever et al. 2013)."""

    def update(
        self, theta: Floats, g: Floats, s: Floats, lr: float, t: int, *memory: Floats
    ) -> None:
        (v,) = memory
        v *= self.momentum
        v += g
        np.multiply(v, self.momentum, out=s)
        s += g
        s *= lr
        theta -= s


@OPTIMIZERS.add("adagrad")
@dataclass(frozen=True)
class Adagrad(Optimizer):
    """r ← r + g², θ ← θ − ηg/(√r + ε) (Duchi et al. 2011)."""

    memory: ClassVar[tuple[str, ...]] = ("square_sum",)

    learning_rate: float = option(0.01, "η, the length of a step", gt=0)
    eps: float = option(1e-10, "ε, keeps the division finite", gt=0)

    def update(
        self, theta: Floats, g: Floats, s: Floats, lr: float, t: int, *memory: Floats
    ) -> None:
        (r,) = memory
        np.multiply(g, g, out=s)
        r += s
        np.sqrt(r, out=s)
        s += self.eps
        g /= s
        g *= lr
        theta -= g


@OPTIMIZERS.add("rmsprop")
@dataclass(frozen=True)
class RMSProp(Optimizer):
    """r ← ρr + (1 − ρ)g², θ ← θ − ηg/(√r + ε) (Tieleman & Hinton 2012)."""

    memory: ClassVar[tuple[str, ...]] = ("square_mean",)

    learning_rate: float = option(0.001, "η, the length of a step", gt=0)
    rho: float = option(0.99, "ρ, the share of the last mean that is kept", ge=0, lt=1)
    eps: float = option(1e-8, "ε, keeps the division finite", gt=0)

    def update(
        self, theta: Floats, g: Floats, s: Floats, lr: float, t: int, *memory: Floats
    ) -> None:
        (r,) = memory
        np.multiply(g, g, out=s)
        s *= 1 - self.rho
        r *= self.rho
        r += s
        np.sqrt(r, out=s)
        s += self.eps
        g /= s
        g *= lr
        theta -= g


@OPTIMIZERS.add("adam")
@dataclass(frozen=True)
class Adam(Optimizer):
    """θ ← θ − η m̂/(√v̂ + ε), m̂ and v̂ the corrected means of g and g² (Kingma & Ba 2015)."""

    memory: ClassVar[tuple[str, ...]] = ("m", "v")

    learning_rate: float = option(0.001, "η, the length of a step", gt=0)
    beta1: float = option(0.9, "β₁, the share of the last m that is kept", ge=0, lt=1)
    beta2: float = option(0.999, "β₂, the share of the last v that is kept", ge=0, lt=1)
    eps: float = option(1e-8, "ε, keeps the division finite", gt=0)

    def update(
        self, theta: Floats, g: Floats, s: Floats, lr: float, t: int, *memory: Floats
    ) -> None:
        # Kept are m/(1 − β₁) and v/(1 − β₂): two passes over the vectors fewer, and the factors
        # that bring them back are folded into the learning rate and ε.
        m, v = memory
        m *= self.beta1
        m += g
        g *= g
        v *= self.beta2
        v += g
        m_scale = (1 - self.beta1) / (1 - self.beta1**t)
        v_scale = math.sqrt((1 - self.beta2) / (1 - self.beta2**t))
        np.sqrt(v, out=s)
        s += self.eps / v_scale
        np.divide(m, s, out=s)
        s *= lr * m_scale / v_scale
        theta -= s


@OPTIMIZERS.add("adamw")
@dataclass(frozen=True)
class AdamW(Adam):
    """Adam, with W ← (1 − η · weight_decay)W beside it (Loshchilov & Hutter 2019)."""

    decoupled: ClassVar[bool] = True

    weight_decay: float = option(0.01, "shrinks W by η · weight_decay a step", ge=0)
