"""Mathematical morphology (Serra 1982) in OpenCV, which starts ten times as fast as SciPy."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Components:
    """What hangs together in a mask, over edges and corners of its pixels: n components."""

    labels: NDArray[np.int32]  # (H, W): from 1 on, and 0 where the mask is False
    start: NDArray[np.int32]  # (n, 2): the first row and column of each
    stop: NDArray[np.int32]  # (n, 2): and those behind its last
    areas: NDArray[np.int32]  # (n,): pixels

    def __len__(self) -> int:
        return len(self.areas)


def components(mask: Mask) -> Components:
    """The components of a mask (H, W)."""
    _, labels, found, _ = cv2.connectedComponentsWithStats(mask.view(np.uint8), connectivity=8)
    left, top, width, height, areas = np.asarray(found, np.int32)[1:].T  # after the ground
    start, sides = np.column_stack([top, left]), np.column_stack([height, width])
    return Components(np.asarray(labels, np.int32), start, start + sides, areas)


def touching(mask: Mask, where: Mask) -> Mask:
    """What hangs together in a mask (H, W) and is in ``where`` (H, W), at least in part."""
    labels = components(mask).labels
    found: Mask = np.isin(labels, labels[mask & where]) & mask
    return found


def openings(mask: Mask) -> int:
    """How many parts the strokes of a mask (H, W) cut the ground into: 2 for a 0 on a sheet."""
    return cv2.connectedComponents((~mask).view(np.uint8), connectivity=4)[0] - 1


def depth(mask: Mask) -> Floats:
    """How far each pixel of a mask (H, W) is from the nearest that is False, of which it has some.

    In pixels.
    """
    apart = cv2.distanceTransform(mask.view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(apart, np.float32)


def depth_within(mask: Mask) -> Floats:
    """The same, where all beyond the edge is False."""
    return depth(np.pad(mask, 1))[1:-1, 1:-1]


def without_strokes(grey: Floats, size: int, dark: bool) -> Floats:
    """A picture (H, W) without all that is thinner than ``size`` and darker, or lighter.

    A closing or an opening by a square.
    """
    kind = cv2.MORPH_CLOSE if dark else cv2.MORPH_OPEN
    return np.asarray(cv2.morphologyEx(grey, kind, _square(size)), np.float32)


def closed(mask: Mask, by: int) -> Mask:
    """A mask (H, W) with gaps up to twice so many pixels wide filled."""
    room = 2 * by  # OpenCV takes what is outside for ink
    around = np.pad(mask, room).view(np.uint8)
    filled = np.asarray(cv2.morphologyEx(around, cv2.MORPH_CLOSE, _square(2 * by + 1)), np.bool_)
    return filled[room:-room, room:-room]


def grown(mask: Mask, by: int) -> Mask:
    """A mask (H, W) with all that is up to so many pixels away, along either axis."""
    return np.asarray(cv2.dilate(mask.view(np.uint8), _square(2 * by + 1)), np.bool_)


def smooth(grey: Floats, sigma: float) -> Floats:
    """A picture (H, W) under a Gaussian; beyond its edges it goes on as it is there."""
    return np.asarray(
        cv2.GaussianBlur(grey, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), np.float32
    )


def _square(size: int) -> NDArray[np.uint8]:
    return np.ones((size, size), np.uint8)
