"""Strokes: which of them are one digit, and how thick they are."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]

TOUCHING = np.ones((3, 3), np.bool_)  # pixels that share an edge or a corner are one stroke
ON_THE_EDGE = 0.5  # times as far, for a stroke at the picture's edge: it may be a shadow's corner
THINNEST = 0.45  # times as thick as the main stroke: what is thinner is a line's rest
SHORTEST = 0.12  # times as long: what is shorter is a speck
NEAR = 0.2  # times the main stroke's length away: what is farther off is not of the digit

# MNIST's strokes, in parts of the longer side; those far from it are drawn anew at these.
WIDTH = 0.13
THIN, THICK = 0.75, 1.35
NO_THINNER, NO_THICKER = 0.85, 1.25
LESS = (1.0, 0.7, 0.4)  # of a change, where all of it would close a loop


def one_digit(mask: Mask) -> Mask:
    """The stroke with the longest way of the pen, and those that belong to it (H, W).

    All False where there is none.
    """
    labels, n = ndimage.label(mask, TOUCHING)
    if not n:
        return mask
    areas = np.bincount(labels.ravel())[1:]
    depth = ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1]
    widths = width_of(np.asarray(ndimage.mean(depth, labels, np.arange(1, n + 1))))
    sides = [[(side.start, side.stop) for side in box] for box in ndimage.find_objects(labels)]
    start, stop = np.array(sides).transpose(2, 0, 1)  # (n, 2) each
    lengths = (stop - start).max(axis=1)
    inside = ((start > 0) & (stop < mask.shape)).all(axis=1)
    main = int(np.argmax(areas / widths * np.where(inside, 1, ON_THE_EDGE)))
    left = (widths >= THINNEST * widths[main]) & (lengths >= SHORTEST * lengths[main])
    left[main] = False
    members = [main]
    for member in members:  # grows while it is gone through
        apart = np.maximum(start - stop[member], start[member] - stop).max(axis=1)
        near = left & (apart < NEAR * lengths[main])
        members += np.flatnonzero(near).tolist()
        left &= ~near
    chosen: Mask = np.isin(labels, np.array(members) + 1)
    return chosen


def cropped(mask: Mask) -> Mask:
    """The smallest box that holds all of it."""
    (box,) = ndimage.find_objects(mask.astype(np.uint8))
    return mask[box]


def evened(mask: Mask) -> Mask:
    """A cropped mask, with strokes thinned or thickened to about those of MNIST."""
    for _ in range(2):  # what is thickened grows larger too
        mask = np.pad(mask, max(mask.shape) // 4 + 1)
        depth = ndimage.distance_transform_edt(mask)
        width, usual = float(width_of(depth[mask].mean())), WIDTH * max(cropped(mask).shape)
        if width < THIN * usual:
            mask = _thicker(mask, (NO_THINNER * usual - width) / 2)
        elif width > THICK * usual:
            mask = _thinner(mask, depth, (width - NO_THICKER * usual) / 2)
        mask = cropped(mask)
    return mask


def width_of(depth: NDArray[np.float64]) -> NDArray[np.float64]:
    """A stroke's width w from the mean distance of its pixels to the nearest outside, w/4 + ½."""
    return np.maximum(4 * depth - 2, 1)


def _thicker(mask: Mask, grown: float) -> Mask:
    """Grown by so much on all sides, or by less where that would close a loop."""
    outside = ndimage.distance_transform_edt(~mask)
    loops = ndimage.label(~mask)[1]
    for share in LESS:
        thick: Mask = outside <= share * grown
        if ndimage.label(~thick)[1] == loops:
            return thick
    return mask


def _thinner(mask: Mask, depth: NDArray[np.float64], shrunk: float) -> Mask:
    """Shrunk by so much on all sides, or by less where that would break a stroke or lose it."""
    labels, pieces = ndimage.label(mask, TOUCHING)
    for share in LESS:
        thin: Mask = depth > share * shrunk
        left = np.unique(labels[thin]).size
        if left == pieces == ndimage.label(thin, TOUCHING)[1]:
            return thin
    return mask
