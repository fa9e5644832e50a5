"""What is no digit, for a network to learn that it does not know all that there is.

Outlier exposure (Hendrycks, Mazeika and Dietterich 2019): a network learns from drawings of
nothing that it knows, for which each class is to be as likely as any other.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.catalogue import MNIST, NO_TEN_DIGITS
from mlp_cli.data.deskew import deskew
from mlp_cli.data.drawings import KINDS, SIDE
from mlp_cli.data.prepare import box_of, placed
from mlp_cli.data.split import Dataset, Split
from mlp_cli.errors import DataError

NARROWEST = 0.6  # of its height, or the other way round, is the width of what is drawn on
INKED = 128  # levels of 255


def with_nondigits(dataset: Dataset, train: Split, n: int, rng: np.random.Generator) -> Split:
    """Examples, and behind them n drawings whose label K says that they show none of K classes.

    Args:
        dataset: as it is, or deskewed; then the drawings are too.
        train: its training examples, as they are learned from.
        n: how many drawings.
        rng: draws them.

    Raises:
        DataError: the data set has other classes than the ten digits, or is too large to be copied.
    """
    if dataset.classes != MNIST.classes:
        raise DataError(f"{dataset.name}: {NO_TEN_DIGITS}; leave data.nondigits out")
    if train.large:
        raise DataError(
            f"{dataset.name}: is too large to be copied with drawings behind; leave "
            "data.nondigits out"
        )
    drawn = nondigits(n, dataset.shape, rng)
    if dataset.upright:
        drawn = deskew(drawn, dataset.shape)
    none = np.full(n, len(dataset.classes), train.labels.dtype)
    return Split(np.concatenate([train.images, drawn]), np.concatenate([train.labels, none]))


def nondigits(n: int, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.uint8]:
    """So many drawings, fitted and centred as MNIST's digits are: (n, height * width)."""
    kinds = rng.integers(len(KINDS), size=n).tolist()
    drawn = [_drawn(kind, shape, rng) for kind in kinds]
    return np.array(drawn, np.uint8).reshape(n, shape[0] * shape[1])


def _drawn(kind: int, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.uint8]:
    """One of a kind, narrowed or flattened."""
    while True:  # grain may leave nothing
        sides = [SIDE, round(SIDE * rng.uniform(NARROWEST, 1))]
        ink = np.asarray(cv2.resize(KINDS[kind](rng), rng.permutation(sides).tolist())) >= INKED
        if ink.any():
            return placed(ink[box_of(ink)], shape)
