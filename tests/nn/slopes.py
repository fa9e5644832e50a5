"""What a gradient check needs: how far two gradients are apart, where corners are, wrong slopes."""

from collections.abc import Callable
from typing import Any

import numpy as np

from mlp_cli.nn import Network

TOLERANCE = 1e-8
KINKS = (-2.0, 0.0, 2.0)  # where an activation or its slope has a corner
MARGIN = 1e-3  # how far all sums, margins and weights stay from a corner


def cost(net: Network, total: float, examples: int = 6) -> float:
    return total / examples if net.loss.averaged else total


def relative_error(slopes: np.ndarray, measured: np.ndarray) -> float:
    length = np.linalg.norm
    return float(length(slopes - measured) / (length(slopes) + length(measured)))


def scaled(method: Callable[..., None], argument: int) -> Callable[..., None]:
    """The method, with 1.01 times what it writes to this argument (self is number 0)."""

    def wrong(*args: Any, **kwargs: Any) -> None:
        method(*args, **kwargs)
        written = kwargs["out"] if "out" in kwargs else args[argument]
        written *= 1.01

    return wrong
