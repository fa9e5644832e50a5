"""A network judged on examples, with its weights held still and dropout off."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.batches import Batches
from mlp_cli.data.split import Split
from mlp_cli.errors import DataError, DivergedError
from mlp_cli.nn import Network
from mlp_cli.nn.types import Floats
from mlp_cli.training.metrics import Evaluation, Probabilities, evaluate

JUDGED_AT_ONCE = 1000  # examples per batch
ANSWERED_AT_ONCE = 100_000  # examples whose probabilities are in memory


def mean_loss(network: Network, split: Split, rows: NDArray[np.intp]) -> tuple[float, float]:
    """The mean loss and the accuracy over some examples; over the training set this is the cost.

    Args:
        network: is judged.
        split: holds the examples.
        rows: their indices, at least one.
    """
    loss, right = total_loss(network, split, rows)
    return loss / len(rows), right / len(rows)


def total_loss(network: Network, split: Split, rows: NDArray[np.intp]) -> tuple[float, int]:
    """The sum of the losses over some examples, and how many are read right; none are 0."""
    batches = Batches(split, JUDGED_AT_ONCE)
    with np.errstate(over="ignore", invalid="ignore"):  # a loss that is not finite tells it too
        judged = [network.score(x, labels) for x, labels in batches.cut(rows)]
    return sum(loss for loss, _ in judged), sum(right for _, right in judged)


def judge(
    network: Network, split: Split, rows: NDArray[np.intp], classes: tuple[str, ...]
) -> Evaluation:
    """Everything that is measured of a network on some examples; arguments as for ``mean_loss``.

    Raises:
        DataError: there are no examples.
        DivergedError: the network's outputs are not finite.
    """
    if not len(rows):
        raise DataError("there are no examples to judge the network on")
    loss, _ = mean_loss(network, split, rows)
    if not math.isfinite(loss):
        raise _diverged()
    judged = ((split.labels[some], answers(network, split, some)) for some in in_pieces(rows))
    return evaluate(judged, classes, loss)


def in_pieces(rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
    """Yield indices some after others, so that not all answers are in memory at once."""
    for first in range(0, len(rows), ANSWERED_AT_ONCE):
        yield rows[first : first + ANSWERED_AT_ONCE]


def answers(network: Network, split: Split, rows: NDArray[np.intp]) -> Probabilities:
    """How sure the network is of each class, for some examples: (N, K).

    Raises:
        DivergedError: its outputs are not finite.
    """
    batches = Batches(split, JUDGED_AT_ONCE)
    return np.concatenate([finite_probabilities(network, x) for x, _ in batches.cut(rows)])


def finite_probabilities(network: Network, x: Floats) -> Floats:
    """How sure the network is of each class, (B, K), for inputs x (B, n_in).

    Raises:
        DivergedError: a probability is not finite.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # told in words below
        probabilities = network.probabilities(x)
    if not np.isfinite(probabilities).all():
        raise _diverged()
    return probabilities


def _diverged() -> DivergedError:
    return DivergedError("the network's outputs are not finite numbers: its training diverged")
