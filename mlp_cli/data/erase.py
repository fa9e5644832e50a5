"""Random erasing (Zhong et al. 2020): a rectangle of each image is blotted out."""

import numpy as np
from numpy.typing import NDArray


def erase(
    images: NDArray[np.float32],
    most: float,
    rng: np.random.Generator,
    own: NDArray[np.bool_] | None = None,
) -> None:
    """Set a rectangle of each image (n, H, W) to 0, its sides up to ``most`` of the image's.

    Args:
        images: are changed.
        most: a share.
        rng: the random numbers of these images, or of more.
        own: which of those that the numbers are for these images are.
    """
    n, height, width = images.shape
    drawn = n if own is None else len(own)
    rows, columns = (_left_alone(drawn, size, most, rng) for size in (height, width))
    if own is not None:
        rows, columns = rows[own], columns[own]
    images *= rows[:, :, None] | columns[:, None, :]


def _left_alone(n: int, size: int, most: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """For each of n images, which of its rows or columns a random interval leaves alone."""
    length = rng.uniform(0, most * size, (n, 1))
    start = rng.uniform(0, size - length)
    centres = np.arange(size) + 0.5
    left_alone: NDArray[np.bool_] = (centres < start) | (centres >= start + length)
    return left_alone
