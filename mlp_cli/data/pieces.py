"""Pieces of a mask: strokes in the smallest box around them, to be joined and cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mlp_cli.data.morphology import Mask, components
from mlp_cli.data.prepare import box_of


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
        parts = []
        for start, stop in pairwise(edges):
            ink = self.ink[:, start:stop]
            if ink.any():
                down, across = box_of(ink)
                top, left = self.top + down.start, self.left + start + across.start
                parts.append(Piece(ink[down, across], top, left))
        return parts


def pieces_of(mask: Mask, least: float) -> list[Piece]:
    """What hangs together in a mask (H, W).

    Args:
        mask: the ink.
        least: a piece has so many pixels for each row of the highest one.
    """
    found = components(mask)
    highest = (found.stop - found.start)[:, 0].max(initial=0)
    pieces = []
    for i in np.flatnonzero(found.areas >= least * highest):
        (top, left), (bottom, right) = found.start[i].tolist(), found.stop[i].tolist()
        pieces.append(Piece(found.labels[top:bottom, left:right] == i + 1, top, left))
    return pieces
