"""A chart in characters: points of one or more series in a frame with its highest and lowest."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = Sequence[float] | NDArray[np.floating]

WIDTH, HEIGHT = 64, 14  # characters of the plot
MARKS = "•×+o*#@%&$"  # of the series, in turn
MARGIN = 11  # characters before the frame


class Canvas:
    """An empty plot of given limits."""

    def __init__(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        self.x, self.y = x, y
        self._cells = [[" "] * WIDTH for _ in range(HEIGHT)]

    def column(self, x: float) -> int:
        """Where x lies, from 0 to WIDTH − 1."""
        low, high = self.x
        return int(np.clip(round((x - low) / (high - low) * (WIDTH - 1)), 0, WIDTH - 1))

    def upright(self, x: float, mark: str = "┊") -> None:
        """A line from top to bottom."""
        for row in self._cells:
            row[self.column(x)] = mark

    def points(self, x: Numbers, y: Numbers, mark: str = MARKS[0]) -> None:
        """A mark at each point; what is there already is covered."""
        low, high = self.y
        rows = np.round((high - np.asarray(y)) / (high - low) * (HEIGHT - 1)).astype(int)
        for place, row in zip(x, np.clip(rows, 0, HEIGHT - 1), strict=True):
            self._cells[row][self.column(place)] = mark

    def lines(self, form: str = ".3g") -> list[str]:
        """The plot in its frame, its limits on the left."""
        labels = {0: f"{self.y[1]:{form}}", HEIGHT - 1: f"{self.y[0]:{form}}"}
        rows = [
            f"{labels.get(i, ''):>{MARGIN - 1}} │{''.join(row).rstrip()}"
            for i, row in enumerate(self._cells)
        ]
        return [*rows, f"{'':>{MARGIN - 1}} └{'─' * WIDTH}"]

    def axis(self, names: dict[float, str]) -> str:
        """Names under the frame, each beginning at its x."""
        letters = [" "] * (WIDTH + max(map(len, names.values())))
        for x, name in names.items():
            place = self.column(x)
            letters[place : place + len(name)] = name
        return f"{'':>{MARGIN + 1}}{''.join(letters).rstrip()}"


def limits(values: Numbers) -> tuple[float, float]:
    """The least and the greatest, a little apart where they are the same."""
    low, high = float(np.min(values)), float(np.max(values))
    return low, high if high > low else low + abs(low) * 0.01 + 1e-12
