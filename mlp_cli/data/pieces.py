"""Pieces of a mask: strokes in the smallest box around them, to be joined and cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from mlp_cli.data.strokes import TOUCHING

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Piece:
    """Strokes that may be one digit."""

    ink: Mask  # (height, width), what is inked in the box
    top: int
    left: int

    @property
    def height(self) -> int:
        """Rows of the box."""
        return len(self.ink)

    @property
    def width(self) -> int:
        """Columns of the box."""
        return int(self.ink.shape[1])

    @property
    def bottom(self) -> int:
        """The row below the box."""
        return self.top + self.height

    @property
    def right(self) -> int:
        """The column behind the box."""
        return self.left + self.width

    def joined(self, other: "Piece") -> "Piece":
        """Both as one."""
        top, left = min(self.top, other.top), min(self.left, other.left)
        bottom, right = max(self.bottom, other.bottom), max(self.right, other.right)
        ink = np.zeros((bottom - top, right - left), np.bool_)
        for each in (self, other):
            rows = slice(each.top - top, each.bottom - top)
            ink[rows, each.left - left : each.right - left] |= each.ink
        return Piece(ink, top, left)

    def distance(self, other: "Piece") -> int:
        """The pixels between the two boxes."""
        down = max(self.top, other.top) - min(self.bottom, other.bottom)
        across = max(self.left, other.left) - min(self.right, other.right)
        return max(down, across, 0)

    def cut(self, columns: Sequence[int]) -> list["Piece"]:
        """The parts between these columns of the box, those without ink left out."""
        edges = (0, *columns, self.width)
        return [
            _cropped(self.ink[:, start:stop], self.top, self.left + start)
            for start, stop in pairwise(edges)
            if self.ink[:, start:stop].any()
        ]


def pieces_of(mask: Mask, least: float) -> list[Piece]:
    """What hangs together in a mask (H, W).

    Args:
        mask: the ink.
        least: a piece has so many pixels for each row of the highest one.
    """
    labels, n = ndimage.label(mask, TOUCHING)
    boxes = ndimage.find_objects(labels)
    highest = max((rows.stop - rows.start for rows, _ in boxes), default=0)
    areas = np.bincount(labels.ravel(), minlength=n + 1)[1:]
    return [
        Piece(labels[box] == i, box[0].start, box[1].start)
        for i, (box, area) in enumerate(zip(boxes, areas, strict=True), start=1)
        if area >= least * highest
    ]


def _cropped(ink: Mask, top: int, left: int) -> Piece:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Piece(box, top + int(rows[0]), left + int(columns[0]))
