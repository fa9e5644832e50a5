"""How sure a network says it is, brought in line with how often it is right."""

import math

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.split import Split
from mlp_cli.nn import Network
from mlp_cli.training.evaluate import answers

HALVINGS = 40
FURTHEST = 3.0  # of ln T, either way
MOST = 100_000  # examples: more of them do not make one number any better


def fit_temperature(network: Network, split: Split, rows: NDArray[np.intp]) -> float:
    """The T for which probabilities ∝ p^(1/T) explain the labels best (Guo et al. 2017).

    Minimises −Σ ln p_label(T) + (ln T)²/2 over all examples: the second term, a normal prior, is
    for few of them, all of which may be right. With β = 1/T and s = ln p − ln p_label, its slope

        ∂/∂ln β = β Σ E[s] + ln β

    goes from − to + where the interval of ln β is halved to; for many examples it does so once.

    Args:
        network: its temperature must be 1.
        split: holds the examples, none of which it learned from.
        rows: their indices, at least one; of more than MOST, so many far from each other count.

    Raises:
        DivergedError: the network's outputs are not finite.
    """
    if len(rows) > MOST:
        rows = rows[np.arange(MOST) * len(rows) // MOST]
    p = answers(network, split, rows)
    s = np.log(np.maximum(p, np.finfo(p.dtype).tiny).astype(np.float64))  # (N, K)
    s -= np.take_along_axis(s, split.labels[rows][:, None], axis=1)
    highest = s.max(axis=1, keepdims=True)
    low, high = -FURTHEST, FURTHEST
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        weights = np.exp(math.exp(middle) * (s - highest))
        expected = (weights * s).sum(axis=1) / weights.sum(axis=1)
        if math.exp(middle) * expected.sum() + middle > 0:
            high = middle
        else:
            low = middle
    return math.exp(-(low + high) / 2)
