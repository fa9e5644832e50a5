"""Answers averaged: those of several networks, and those to several changed copies of an image."""

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.batches import Batch, Batches
from mlp_cli.data.split import Split
from mlp_cli.data.warp import Warp
from mlp_cli.nn import Network
from mlp_cli.randomness import stream
from mlp_cli.training.evaluate import JUDGED_AT_ONCE, finite_probabilities
from mlp_cli.training.metrics import Evaluation, Probabilities, evaluate


def judge_together(
    networks: Sequence[Network],
    split: Split,
    rows: NDArray[np.intp],
    classes: tuple[str, ...],
    copies: int = 0,
    warp: Warp | None = None,
) -> Evaluation:
    """What is measured of the mean of all probabilities; its loss is their cross-entropy.

    Args:
        networks: answer with the same weight (Hansen & Salamon 1990).
        split: holds the examples.
        rows: their indices, at least one.
        classes: their names.
        copies: how many changed copies are answered to beside each image, always the same.
        warp: changes them.

    Raises:
        DivergedError: a network's outputs are not finite.
    """
    batches, labels = Batches(split, JUDGED_AT_ONCE), split.labels[rows]
    total = _answers(networks, batches.cut(rows))
    if warp is not None:
        for copy in range(copies):
            changed = batches.warped(rows, warp, partial(stream, 0, "copies", copy))
            total += _answers(networks, changed)
        total /= 1 + copies
    right = np.take_along_axis(total, labels[:, None], axis=1)
    loss = -float(np.log(np.maximum(right, np.finfo(right.dtype).tiny)).mean(dtype=np.float64))
    return evaluate(labels, total, classes, loss)


def _answers(networks: Sequence[Network], batches: Iterable[Batch]) -> Probabilities:
    """The networks' mean probabilities of every example, (N, K)."""
    return np.concatenate(
        [sum(finite_probabilities(n, x) for n in networks) / len(networks) for x, _ in batches]
    )
