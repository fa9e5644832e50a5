"""Lines of ruled and squared paper taken out of a mask of ink."""

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.morphology import Mask, closed, components
from mlp_cli.data.strokes import widths_of

Shares = NDArray[np.float64]

STEEPEST = 0.1  # pixels up for one along: paper is held nearly straight
SLOPES = np.linspace(-STEEPEST, STEEPEST, 41)
LEAST = 0.75  # share of a line's pixels, in the picture, that are ink
FAINTER = 0.9  # times that, for its neighbours
THICKEST = 0.04  # of the longer side: what is thicker was not printed
STROKE = 1.8  # times as thick as a line, and more, are strokes
END = 0.08  # of the way across: printed lines come as near to both edges of the picture
BEYOND = 0.05  # of the way across: they go so far beyond the digit, on both sides
OFTEN = 8  # times does a grid leave the picture, at least
THIN = 0.02  # of their length: bent lines that were printed are thinner
HAIR = 0.012  # of its length: what is thinner, from top to bottom of a page, is no 1
PAGE = 0.5  # times as wide as high, at least: what is narrower was cut out around a 1
WAY = 1.25  # times their length is the way of bent lines, at most
GAP = 4  # pixels on each side of a line that strokes are mended across


def without_lines(mask: Mask) -> Mask:
    """The mask (H, W) without the straight lines across it, and strokes mended over them."""
    found = [*_lines(mask), *(line.T for line in _lines(mask.T))]
    rest = mask & ~_union(found, mask)
    if found and rest.any():
        lines = _union([line for line in found if _beyond(line, rest)], mask)
        rest = mask & ~lines
        mask = rest | (closed(rest, GAP) & lines)
    return mask & ~_from_edge_to_edge(mask)


def _from_edge_to_edge(mask: Mask) -> Mask:
    """The thin strokes that cross the picture with hardly a bend, or leave it often as grids do.

    A single one from top to bottom is a 1, or if it is as thin as a hair, the line of a margin.
    """
    strokes = components(mask)
    frame = np.zeros_like(mask)
    frame[[0, -1]] = frame[:, [0, -1]] = True
    ends = components(mask & frame)
    owners = strokes.labels[tuple(ends.start.T)]  # a box's corner may lie beside a bent end
    often = np.bincount(owners, minlength=len(strokes) + 1)[1:] >= OFTEN
    across = (strokes.start == 0) & (strokes.stop == mask.shape)
    lengths = (strokes.stop - strokes.start).max(axis=1)
    widths = widths_of(strokes, mask)
    thin, straight = widths < THIN * lengths, strokes.areas <= WAY * widths * lengths
    down, along = thin & straight & across.T
    hair = (widths < HAIR * lengths) & (mask.shape[1] >= PAGE * mask.shape[0])
    margins = down & ~along & (hair | (np.count_nonzero(down) > 1))
    printed = np.flatnonzero(along & ~down | margins | thin & often) + 1
    lines: Mask = np.isin(strokes.labels, printed)
    return lines


def _union(lines: list[Mask], mask: Mask) -> Mask:
    return np.any(lines, axis=0) if lines else np.zeros_like(mask)


def _lines(mask: Mask) -> list[Mask]:
    """The ink of each line from left to right, all of one slope (a Radon transform)."""
    height, width = mask.shape
    y, x = np.nonzero(mask | np.pad(mask, ((0, 1), (0, 0)))[1:])  # a pixel thicker, upwards
    if not y.size:
        return []
    across = np.arange(width)
    shifts = np.round(SLOPES[:, None] * (across - width / 2)).astype(int)  # (slopes, W)
    share = np.array([_share(y, x, shift, height) for shift in shifts])  # (slopes, H)
    if share.max() < LEAST:
        return []
    best = int((share.max(axis=1) - 0.1 * np.abs(SLOPES)).argmax())  # the straightest of equals
    inked = share[max(0, best - 1) : best + 2].max(axis=0) >= FAINTER * LEAST
    edges = np.flatnonzero(np.diff(inked, prepend=False, append=False)).reshape(-1, 2)
    lines = []
    for first, behind in edges.tolist():
        if behind - first > THICKEST * max(mask.shape):
            continue  # a stroke from edge to edge
        line = np.zeros_like(mask)
        for start in range(first - 1, behind + 1):
            row = start + shifts[best]
            inside = (row >= 0) & (row < height)
            line[row[inside], across[inside]] = True
        line &= mask
        if line.any():
            lines.append(line & _no_thicker(mask, line))
    return lines


def _share(y: NDArray[np.intp], x: NDArray[np.intp], shift: NDArray[np.int_], H: int) -> Shares:
    """For each row that a line may start in, the share of its pixels that are ink."""
    start = y - shift[x]
    inked = np.bincount(start[(start >= 0) & (start < H)], minlength=H)
    order, rows = np.sort(shift), np.arange(H)
    pixels = np.searchsorted(order, H - rows) - np.searchsorted(order, -rows)  # in the picture
    share: Shares = inked / np.maximum(pixels, len(shift) // 2)
    return share


def _no_thicker(mask: Mask, line: Mask) -> Mask:
    """Where the ink is no thicker than a line is mostly: no stroke crosses or covers it there."""
    columns = np.pad(mask, ((1, 0), (0, 0))).T  # one after the other, a gap before each
    runs = np.cumsum(~columns).reshape(columns.shape)  # all that follow a gap are alike
    length = np.bincount(runs.ravel())[runs].T[1:] - 1  # of the ink above and below each pixel
    usual: Mask = length <= STROKE * np.median(length[line])
    return usual


def _beyond(line: Mask, rest: Mask) -> bool:
    """Whether a line runs from edge to edge, and farther than the rest of the ink on both sides.

    A digit's straight strokes do not, however near to it the picture is cut.
    """
    for axis, size in enumerate(line.shape):
        places, others = np.nonzero(line)[axis], np.nonzero(rest)[axis]
        if not places.size:
            return False
        start, stop = places.min(), places.max() + 1
        first, last = np.quantile(others, (0.05, 0.95))
        edge = start <= END * size and stop >= (1 - END) * size
        if edge and start <= first - BEYOND * size and stop - 1 >= last + BEYOND * size:
            return True
    return False
