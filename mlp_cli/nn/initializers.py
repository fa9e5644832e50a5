"""Where the weights start: drawn so that signals neither die out nor blow up; biases start at 0."""

import math
from dataclasses import dataclass

import numpy as np

from mlp_cli.nn.types import Floats
from mlp_cli.options import Options, Registry, option


@dataclass(frozen=True)
class Initializer(Options):
    """Draws a layer's weights W (fan_in, fan_out)."""

    def __call__(self, fan_in: int, fan_out: int, rng: np.random.Generator) -> Floats:
        """A new W (fan_in, fan_out), in float64."""
        raise NotImplementedError


INITIALIZERS: Registry[Initializer] = Registry("init")


@INITIALIZERS.add("uniform")
@dataclass(frozen=True)
class Uniform(Initializer):
    """W ~ U[−limit, limit], the tutorial's [−1, 1] unless another limit is given."""

    limit: float = option(1.0, "the largest weight", gt=0)

    def __call__(self, fan_in: int, fan_out: int, rng: np.random.Generator) -> Floats:
        return rng.uniform(-self.limit, self.limit, (fan_in, fan_out))


@INITIALIZERS.add("he", "kaiming")
@dataclass(frozen=True)
class He(Initializer):
    """W ~ N(0, 2/fan_in), for rectifiers (He et al. 2015)."""

    def __call__(self, fan_in: int, fan_out: int, rng: np.random.Generator) -> Floats:
        return rng.normal(0, math.sqrt(2 / fan_in), (fan_in, fan_out))


@INITIALIZERS.add("glorot", "xavier")
@dataclass(frozen=True)
class Glorot(Initializer):
    """W ~ U[−r, r] with r = √(6/(fan_in + fan_out)) (Glorot & Bengio 2010)."""

    def __call__(self, fan_in: int, fan_out: int, rng: np.random.Generator) -> Floats:
        r = math.sqrt(6 / (fan_in + fan_out))
        return rng.uniform(-r, r, (fan_in, fan_out))


@INITIALIZERS.add("lecun")
@dataclass(frozen=True)
class LeCun(Initializer):
    """W ~ N(0, 1/fan_in) (LeCun et al. 1998)."""

    def __call__(self, fan_in: int, fan_out: int, rng: np.random.Generator) -> Floats:
        return rng.normal(0, math.sqrt(1 / fan_in), (fan_in, fan_out))


@INITIALIZERS.add("orthogonal")
@dataclass(frozen=True)
class Orthogonal(Initializer):
    """W with orthonormal rows or columns, whichever are fewer (Saxe et al. 2014)."""

    def __call__(self, fan_in: int, fan_out: int, rng: np.random.Generator) -> Floats:
        tall = rng.normal(size=(max(fan_in, fan_out), min(fan_in, fan_out)))
        q, r = np.linalg.qr(tall)
        q *= np.sign(np.diag(r))  # without this, qr favours some orthogonal matrices over others
        return q if fan_in >= fan_out else q.T


@INITIALIZERS.add("zeros")
@dataclass(frozen=True)
class Zeros(Initializer):
    """W = 0: every neuron of a layer stays the same as its neighbour, so nothing is learned."""

    def __call__(self, fan_in: int, fan_out: int, rng: np.random.Generator) -> Floats:
        return np.zeros((fan_in, fan_out))
