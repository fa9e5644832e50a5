"""Answers averaged: those of several networks, and those to several changed copies of an image."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.batches import Batches
from mlp_cli.data.split import Split
from mlp_cli.data.warp import Warp
from mlp_cli.nn import Network
from mlp_cli.randomness import stream
from mlp_cli.training.evaluate import JUDGED_AT_ONCE, answers, finite_probabilities, in_pieces
from mlp_cli.training.metrics import Evaluation, Probabilities, evaluate

Member = tuple[Network, Split]  # a network, and the examples as it is shown them


def judge_together(
    members: Sequence[Member],
    rows: NDArray[np.intp],
    classes: tuple[str, ...],
    copies: int = 0,
    warp: Warp | None = None,
) -> Evaluation:
    """What is measured of the mean of all probabilities; its loss is their cross-entropy.

    Args:
        members: answer with the same weight (Hansen & Salamon 1990), each to the same examples.
        rows: the examples' indices, at least one.
        classes: their names.
        copies: how many changed copies are answered to beside each image, always the same.
        warp: changes them.

    Raises:
        DivergedError: a network's outputs are not finite.
    """
    surprise = 0.0

    def judged() -> Iterator[tuple[NDArray[np.integer], Probabilities]]:
        nonlocal surprise
        for some in in_pieces(rows):
            mean = mean_answers(members, some, copies, warp)
            labels = members[0][1].labels[some]
            right = np.take_along_axis(mean, labels[:, None], axis=1)
            logs = np.log(np.maximum(right, np.finfo(right.dtype).tiny))
            surprise -= float(logs.sum(dtype=np.float64))
            yield labels, mean

    evaluation = evaluate(judged(), classes, 0.0)
    return replace(evaluation, loss=surprise / len(rows))


def mean_answers(
    members: Sequence[Member], rows: NDArray[np.intp], copies: int = 0, warp: Warp | None = None
) -> Probabilities:
    """The mean of all probabilities, (N, K); arguments as for ``judge_together``."""
    first, *others = (_answers(member, rows, copies, warp) for member in members)
    return sum(others, start=first) / len(members)


def _answers(
    member: Member, rows: NDArray[np.intp], copies: int, warp: Warp | None
) -> Probabilities:
    """One network's probabilities of every example, (N, K), or their mean with the copies'."""
    network, split = member
    total = answers(network, split, rows)
    if warp is None:
        return total
    batches = Batches(split, JUDGED_AT_ONCE)
    for copy in range(copies):
        changed = batches.warped(rows, warp, partial(stream, 0, "copies", copy))
        total += np.concatenate([finite_probabilities(network, x) for x, _ in changed])
    return total / (1 + copies)
