"""Whether slopes come out right on this machine: backpropagation against central differences."""

from collections.abc import Callable, Iterator

import numpy as np

from mlp_cli.nn import ACTIVATIONS, LOSSES, Network
from mlp_cli.nn.types import Floats
from mlp_cli.randomness import stream

SIZES = (5, 4, 3)
EXAMPLES = 6
STEP = 1e-6  # to each side of a parameter
TOLERANCE = 1e-6  # of a gradient's length; what is wrong is off by much more


def gradient_error() -> float:
    """The largest relative error of a gradient, over all activations, losses and outputs.

    It is |g − ĝ| / (|g| + |ĝ|) for the gradient g and its measurement ĝ, in float64.
    """
    return max(_error(network) for network in _networks())


def _networks() -> Iterator[Network]:
    """Small ones, so that each activation, loss and output is in one of them."""
    for name in ACTIVATIONS:
        yield _network(name, "cross_entropy", "softmax")
    for loss in LOSSES:
        for output in LOSSES[loss].outputs:
            yield _network("tanh", loss, output)


def _network(hidden: str, loss: str, output: str) -> Network:
    activations = [ACTIVATIONS[hidden](), ACTIVATIONS[output]()]
    return Network(SIZES, activations, LOSSES[loss](), dtype=np.float64)


def _error(network: Network) -> float:
    rng = stream(0, "selftest")
    network.theta[:] = rng.normal(scale=0.7, size=network.theta.size)
    x, labels = rng.normal(size=(EXAMPLES, SIZES[0])), rng.integers(SIZES[-1], size=EXAMPLES)
    network.learn(x, labels)
    slopes = network.grad.copy()
    share = 1 / EXAMPLES if network.loss.averaged else 1.0
    measured = central_differences(lambda: share * network.score(x, labels)[0], network.theta)
    length = np.linalg.norm
    return float(length(slopes - measured) / (length(slopes) + length(measured)))


def central_differences(cost: Callable[[], float], theta: Floats) -> Floats:
    """∂cost/∂theta as (cost(theta + step) − cost(theta − step)) / (2 · step), one by one."""
    slopes = np.empty_like(theta)
    for i, value in enumerate(theta.tolist()):
        theta[i] = value + STEP
        above = cost()
        theta[i] = value - STEP
        slopes[i] = (above - cost()) / (2 * STEP)
        theta[i] = value
    return slopes
