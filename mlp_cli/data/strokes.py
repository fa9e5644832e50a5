"""Strokes: which of them are one digit, and how thick they are."""

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.morphology import (
    Components,
    Floats,
    Mask,
    closed,
    components,
    depth,
    depth_within,
    openings,
)
from mlp_cli.data.prepare import box_of

LONGEST = 4  # times the longer side of its box is the pen's way: what is longer is a grid or cloth
BROADEST = 0.45  # of that side: what is broader is a blot
ON_THE_EDGE = 0.5  # times as far, for a stroke at the picture's edge: it may be a shadow's corner
STRAIGHT = 1.15  # times as long as its box's diagonal is the way of what is no straight stroke
RIVAL = 0.3  # times as long, at least, is a digit beside a pen
THINNEST = 0.45  # times as thick as the main stroke: what is thinner is a line's rest
THICKEST, LENGTHY = 2.5, 1.5  # what is thicker, or so many times as long, is a thing lying there
SHORTEST = 0.12  # times as long: what is shorter is a speck
NEAR = 0.2  # times the main stroke's length away: what is farther off is not of the digit
SMALL_PART, THICKER = 0.1, 1.3  # what is less of all marks, and no thicker than the rest, is none

# MNIST's strokes, in parts of the longer side; those far from it are drawn anew at these.
WIDTH = 0.13
THIN, THICK = 0.75, 1.35
NO_THINNER, NO_THICKER = 0.85, 1.25
LESS = (1.0, 0.7, 0.4)  # of a change, where all of it would close a loop


def one_digit(mask: Mask) -> Mask:
    """The stroke with the longest way of the pen, and those that belong to it (H, W).

    All False where there is none.
    """
    strokes = components(mask)
    if not len(strokes):
        return mask
    labels, start, stop, areas = strokes.labels, strokes.start, strokes.stop, strokes.areas
    widths = widths_of(strokes, mask)
    lengths = (stop - start).max(axis=1)
    inside = ((start > 0) & (stop < mask.shape)).all(axis=1)
    ways = areas / widths
    weights = ways * np.where(inside, 1, ON_THE_EDGE)
    bent = ways >= STRAIGHT * np.hypot(*(stop - start).T)
    main, rival = int(np.argmax(weights)), int(np.argmax(weights * bent))
    thicker = not bent[main] and bent[rival] and widths[main] > THICKER * widths[rival]
    if thicker and ways[rival] >= RIVAL * ways[main]:  # a pen lies there
        main = rival
    left = (widths >= THINNEST * widths[main]) & (widths <= THICKEST * widths[main])
    left &= (lengths >= SHORTEST * lengths[main]) & (lengths <= LENGTHY * lengths[main])
    left[main] = False
    members = [main]
    for member in members:  # grows while it is gone through
        apart = np.maximum(start - stop[member], start[member] - stop).max(axis=1)
        near = left & (apart < NEAR * lengths[main])
        members += np.flatnonzero(near).tolist()
        left &= ~near
    chosen: Mask = np.isin(labels, np.array(members) + 1)
    return chosen if is_drawn(chosen) else np.zeros_like(mask)


def is_drawn(strokes: Mask) -> bool:
    """Whether strokes (H, W), some at least, are neither a blot nor a grid or cloth."""
    longer = max(strokes[box_of(strokes)].shape)
    whole = closed(strokes, 1 + longer // 100)  # what is sprayed hangs together
    width = width_within(whole)
    return bool(width <= BROADEST * longer and whole.sum() <= LONGEST * longer * width)


def is_bent(stroke: Mask) -> bool:
    """Whether a cropped stroke (H, W) is no straight one."""
    return bool(stroke.sum() / width_within(stroke) >= STRAIGHT * np.hypot(*stroke.shape))


def stands_out(strokes: Mask, marks: Mask) -> bool:
    """Whether strokes are more than a small part of all marks (H, W), or thicker than the rest.

    A part of the pen's way: the rest may be one thick thing.
    """
    rest = marks & ~strokes
    if not rest.any():
        return True
    deep = depth_within(marks)
    width, usual = (float(width_of(deep[mask].mean())) for mask in (strokes, rest))
    way, other = strokes.sum() / width, rest.sum() / usual
    return bool(way >= SMALL_PART * (way + other) or width > THICKER * usual)


def evened(mask: Mask) -> Mask:
    """A cropped mask, with strokes thinned or thickened to about those of MNIST."""
    for _ in range(2):  # what is thickened grows larger too
        mask = np.pad(mask, max(mask.shape) // 4 + 1)
        deep = depth(mask)
        width, usual = float(width_of(deep[mask].mean())), WIDTH * max(mask[box_of(mask)].shape)
        if width < THIN * usual:
            mask = _thicker(mask, (NO_THINNER * usual - width) / 2)
        elif width > THICK * usual:
            mask = _thinner(mask, deep, (width - NO_THICKER * usual) / 2)
        mask = mask[box_of(mask)]
    return mask


def width_of(depth: NDArray[np.float64]) -> NDArray[np.float64]:
    """A stroke's width w from the mean distance of its pixels to the nearest outside, w/4 + ½."""
    return np.maximum(4 * depth - 2, 1)


def widths_of(strokes: Components, mask: Mask) -> NDArray[np.float64]:
    """The mean width of each of the strokes that a mask (H, W) is made of, in pixels: (n,)."""
    deep = np.bincount(strokes.labels.ravel(), depth_within(mask).ravel())[1:]
    return width_of(deep / strokes.areas)


def width_within(mask: Mask) -> float:
    """The mean width of the strokes of a mask (H, W), in pixels; some of it is True."""
    return float(width_of(depth_within(mask)[mask].mean()))


def _thicker(mask: Mask, grown: float) -> Mask:
    """Grown by so much on all sides, or by less where that would close a loop."""
    outside, loops = depth(~mask), openings(mask)
    for share in LESS:
        thick: Mask = outside <= share * grown
        if openings(thick) == loops:
            return thick
    return mask


def _thinner(mask: Mask, deep: Floats, shrunk: float) -> Mask:
    """Shrunk by so much on all sides, or by less where that would break a stroke or lose it."""
    pieces = components(mask)
    for share in LESS:
        thin: Mask = deep > share * shrunk
        left = np.unique(pieces.labels[thin]).size
        if left == len(pieces) == len(components(thin)):
            return thin
    return mask
