"""What the neurons of a network do when it is shown examples, and which no longer do anything."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.batches import Batches
from mlp_cli.data.split import Split
from mlp_cli.nn import Network
from mlp_cli.nn.types import Floats

LOOKED_AT = 1000  # examples
FLAT = 0.01  # a slope of f below this passes next to nothing back
MOSTLY = 0.99  # of the examples


@dataclass(frozen=True, eq=False)
class Activity:
    """One layer's outputs for some examples, and the slopes that they have there."""

    a: Floats  # (B, n)
    slopes: Floats | None  # f′(z) (B, n); None where f is not of each neuron alone

    @property
    def dead(self) -> int:
        """How many neurons give the same whatever comes in."""
        with np.errstate(invalid="ignore"):  # ∞ − ∞ is not 0
            return int(np.count_nonzero(np.ptp(self.a, axis=0) == 0))

    @property
    def saturated(self) -> int | None:
        """How many learn next to nothing: |f′| < 0.01 for 99 of 100 examples; dead ones too."""
        if self.slopes is None:
            return None
        flat = np.mean(np.abs(self.slopes) < FLAT, axis=0)
        return int(np.count_nonzero(flat >= MOSTLY))


def some(examples: Split) -> tuple[Floats, NDArray[np.intp]]:
    """A thousand examples, evenly from all, as inputs (B, n_in) and labels (B,)."""
    number = min(LOOKED_AT, len(examples))
    rows = np.arange(number) * len(examples) // number
    ((x, labels),) = Batches(examples, LOOKED_AT).cut(rows)
    return x, labels


def activities(network: Network, x: Floats) -> list[Activity]:
    """Every layer's activity.

    Args:
        network: has its norm folded.
        x: inputs (B, n_in).
    """
    found = []
    with np.errstate(over="ignore", invalid="ignore"):  # a diverged network can be looked at too
        sums = network.layer_sums(x)
        for i, f in enumerate(network.activations):
            z, p = sums[i], network.p[i]
            a = np.empty_like(z)
            f.forward(z, a, p)  # may change z to what the slope is made of
            slopes = None
            if f.name != "softmax":
                slopes = np.ones_like(z)
                f.backward(z, a.copy(), slopes, np.empty_like(z), p, np.empty_like(p))
            found.append(Activity(a, slopes))
    return found


def weight_slopes(network: Network, x: Floats, labels: NDArray[np.intp]) -> list[Floats]:
    """∂cost/∂W of every layer over these examples; running statistics move."""
    with np.errstate(over="ignore", invalid="ignore"):
        network.learn(x, labels)
    return [dW.copy() for dW in network.dW]
