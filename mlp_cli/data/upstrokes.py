"""Upstrokes drawn onto 1s: much of the world writes them so, and hardly anyone in MNIST did."""

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.deskew import deskew, moments
from mlp_cli.data.prepare import box_of, placed
from mlp_cli.data.split import Dataset, Split
from mlp_cli.errors import DataError

ONE = "1"
INKED = 128  # levels of 255
PLAIN = 0.21  # of its height is the width of a 1 at most, if it is one stroke
REACH = (0.1, 0.45)  # of its height does an upstroke begin beside the top
STEEPNESS = (0.5, 1.6)  # times as far below it: a flatter one makes a 7
FALL = (0.08, 0.5)  # and no less or more, of its height


def with_upstrokes(
    dataset: Dataset, rows: NDArray[np.intp], share: float, rng: np.random.Generator
) -> Split:
    """The training examples, some of whose 1s get an upstroke.

    Args:
        dataset: as it is, or deskewed; then what is changed is deskewed again.
        rows: the examples that may be changed.
        share: of the 1s among them.
        rng: chooses them, and draws.

    Raises:
        DataError: the data set has no class of the name 1, or is too large to be copied.
    """
    train, base = dataset.train, (dataset.slanted or dataset).train
    if ONE not in dataset.classes:
        raise DataError(
            f"{dataset.name}: has no class 1 to draw upstrokes on; leave data.upstrokes out"
        )
    if train.large:
        raise DataError(
            f"{dataset.name}: is too large to be copied for its 1s to get upstrokes; leave "
            "data.upstrokes out"
        )
    ones = rows[train.labels[rows] == dataset.classes.index(ONE)]
    ones = ones[rng.random(len(ones)) < share]
    images = train.images.copy()
    if len(ones):
        drawn = upstroked(base.images[ones], dataset.shape, rng)
        images[ones] = deskew(drawn, dataset.shape) if dataset.upright else drawn
    return Split(images, train.labels)


def upstroked(
    images: NDArray[np.uint8], shape: tuple[int, int], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """1s (N, height * width), each with a stroke that rises to its top from the left.

    As thick as the 1 is, and slanted with it; then all is fitted and centred anew, as MNIST's are.
    What is no plain stroke, for it has an upstroke or a foot, stays as it is.
    """
    ones = images.reshape(-1, *shape)
    reach, steepness = rng.uniform(*REACH, len(ones)), rng.uniform(*STEEPNESS, len(ones))
    falls = np.clip(reach * steepness, *FALL)
    slants = moments(ones)[2]
    drawn = [_upstroked(*each) for each in zip(ones, slants, reach, falls, strict=True)]
    return np.array(drawn, np.uint8).reshape(images.shape)


def _upstroked(
    one: NDArray[np.uint8], slant: float, reach: float, fall: float
) -> NDArray[np.uint8]:
    """A 1 (H, W) whose upstroke begins so far to the left of its top, and below, in its heights."""
    rows = np.flatnonzero((one >= INKED).any(axis=1))
    if not rows.size:
        return one
    height = int(rows[-1] + 1 - rows[0])
    width = one.sum() / 255 / (height * np.hypot(1, slant))
    if width > PLAIN * height:
        return one
    framed = np.pad(one, height)
    crown = framed[height + rows[0]].astype(float)
    top = height + rows[0] + (width - 1) / 2, crown @ np.arange(len(crown)) / crown.sum()
    way = height * np.array([fall, slant * fall - reach])
    apart = _apart(framed.shape, np.array(top), way)
    stroke = np.rint(255 * np.clip(width / 2 + 0.5 - apart, 0, 1)).astype(np.uint8)
    drawn = np.maximum(framed, stroke)
    return placed(drawn[box_of(drawn)], one.shape)


def _apart(
    shape: tuple[int, int], start: NDArray[np.float64], way: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How far each pixel (H, W) is from the nearest point of a straight way (row, column)."""
    pixels = np.moveaxis(np.indices(shape), 0, -1) - start
    nearest = np.clip(pixels @ way / (way @ way), 0, 1)
    apart: NDArray[np.float64] = np.linalg.norm(pixels - nearest[..., None] * way, axis=-1)
    return apart
