"""Images too many for memory stay in their file, and rows of them are read as they are needed.

They are read by calls of the system, not through a memory map: the pages of a map count as memory
once they are touched, and a file that is cut short under a map ends the process without a word.
"""

from dataclasses import dataclass
from io import FileIO
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlp_cli.errors import DataError

LARGE = 2**29  # bytes of images: more of them are not held in memory, nor shuffled as a whole

AT_ONCE = 2**20  # bytes of the file
GAP = 2**15  # bytes between two rows: fewer are read too, for that is quicker than to go on


@dataclass(frozen=True)
class Stored:
    """Where rows lie one after the other, to the end of a file."""

    path: Path
    start: int  # the place of the first, in bytes
    size: int  # bytes of each

    def read(self, rows: NDArray[np.intp], out: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Read rows (M,), in ascending order, into ``out`` (M, size).

        Raises:
            DataError: the file is gone, cut short, or cannot be read.
        """
        if not len(rows):
            return out
        some = max(1, AT_ONCE // self.size)
        far = np.diff(rows) > max(1, GAP // self.size)
        bounds = np.flatnonzero(far | (np.diff(rows // some) > 0)) + 1
        piece = np.empty((some, self.size), np.uint8)
        try:
            with self.path.open("rb", buffering=0) as file:
                for low, high in pairwise([0, *bounds.tolist(), len(rows)]):
                    first, last = int(rows[low]), int(rows[high - 1])
                    self._fill(file, first, piece[: last - first + 1])
                    np.take(piece, rows[low:high] - first, axis=0, out=out[low:high], mode="clip")
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read: {error.strerror or error}") from error
        return out

    def _fill(self, file: FileIO, first: int, piece: NDArray[np.uint8]) -> None:
        """Read the rows from the first on."""
        file.seek(self.start + first * self.size)
        left = piece.data.cast("B")
        while left:
            found = file.readinto(left)
            if not found:
                raise DataError(f"{self.path}: has become shorter since it was opened")
            left = left[found:]
