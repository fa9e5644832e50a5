"""Slanted digits set upright: each row is moved sideways, as far as it lies from the middle.

How slanted an image is, its moments tell: the slope of the line that fits x best, given y.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

AT_ONCE = 1000  # images: with fewer, two threads wait for each other more than they share
FRAME = 2  # black pixels around an image, for what is read from outside of it

Reals = NDArray[np.floating[Any]]


def deskew(images: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Set images upright and their centre of mass in the middle (LeCun et al. 1998).

    The pixel at (x, y) is read from (x + x̄ + s·y, y + ȳ), all counted from the middle, where
    s = cov(x, y) / var(y) under the ink as mass; between pixels, from the nearest four. The sums
    are of whole and half numbers, so the bits are the same on every machine.

    Args:
        images: (N, height * width).
        shape: height and width.

    Returns:
        (N, height * width).
    """
    if not len(images):
        return images
    starts = range(0, len(images), AT_ONCE)
    some = [images[first : first + AT_ONCE].reshape(-1, *shape) for first in starts]
    with ThreadPoolExecutor(
        min(4, os.cpu_count() or 1)
    ) as pool:  # NumPy lets go of the interpreter
        return np.concatenate([*pool.map(_deskew, some)]).reshape(images.shape)


def _deskew(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height = images.shape[1]
    x, y, slant = moments(images)
    rows = np.arange(height) - (height - 1) / 2
    framed = np.pad(images, ((0, 0), (FRAME, FRAME), (FRAME, FRAME))).astype(np.float32)
    sideways = x[:, None] + slant[:, None] * rows  # (N, H)
    moved = _moved(framed, y)  # (N, H, W + 2 · FRAME)
    moved = _moved(moved.reshape(height * len(images), -1), sideways.reshape(-1))  # (N · H, W)
    return np.rint(moved).astype(np.uint8).reshape(images.shape)


def moments(images: NDArray[np.uint8]) -> tuple[Reals, Reals, Reals]:
    """The centre x̄ and ȳ of each image, from the middle, and its slant; (N,) each."""
    _, height, width = images.shape
    rows, columns = np.arange(height) - (height - 1) / 2, np.arange(width) - (width - 1) / 2
    ink = images.astype(np.float64)
    mass, across = ink.sum(axis=2), ink @ columns  # (N, H): Σₓ p and Σₓ p·x of each row
    total = np.maximum(mass.sum(axis=1), 1)  # an empty image stays as it is
    x, y = across.sum(axis=1) / total, mass @ rows / total
    covariance, variance = across @ rows / total - x * y, mass @ rows**2 / total - y**2
    flat = variance <= 0  # a single row has no slant
    return x, y, np.where(flat, 0, covariance / np.where(flat, 1, variance))


def _moved(framed: NDArray[np.float32], by: Reals) -> NDArray[np.float32]:
    """Each line (N, 2 + size + 2, …) read ``by`` (N,) further along: (N, size, …)."""
    n, size = len(framed), framed.shape[1] - 2 * FRAME
    whole = np.floor(by)
    share = (by - whole).astype(np.float32).reshape(n, *[1] * (framed.ndim - 1))
    place = (FRAME + whole).astype(np.intp)[:, None] + np.arange(size)
    np.clip(place, 0, size + FRAME, out=place)  # from here on, this pixel and the next are black
    place += framed.shape[1] * np.arange(n)[:, None]
    joined = framed.reshape(-1, *framed.shape[2:])
    near: NDArray[np.float32] = joined.take(place, axis=0, mode="clip")
    far = joined[1:].take(place, axis=0, mode="clip")
    far -= near
    far *= share
    near += far
    return near
