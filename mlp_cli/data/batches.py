"""Examples cut into batches: pixels gathered and scaled to [0, 1] in buffers made once."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlp_cli.data.split import Split


class Batches:
    """Batches of a split's examples, in any order asked for.

    Args:
        split: the images and labels.
        batch_size: examples per batch; the last one of an order may be shorter.
        dtype: of the inputs.
    """

    def __init__(self, split: Split, batch_size: int, dtype: DTypeLike = np.float32) -> None:
        self.split, self.batch_size = split, batch_size
        self._images = np.asarray(split.images)  # a plain view: np.memmap is slower to index
        rows = min(batch_size, len(split))
        self._pixels = np.empty((rows, self._images.shape[1]), np.uint8)
        self._x = np.empty(self._pixels.shape, dtype)

    def cut(
        self, order: NDArray[np.intp]
    ) -> Iterator[tuple[NDArray[np.floating], NDArray[np.intp]]]:
        """Yield each batch's inputs (B, n_in) and labels (B,).

        Args:
            order: the examples' indices, none twice.

        Yields:
            Inputs in a buffer that the next batch overwrites, and labels.
        """
        for first in range(0, len(order), self.batch_size):
            chosen = order[first : first + self.batch_size]
            pixels, x = self._pixels[: len(chosen)], self._x[: len(chosen)]
            np.take(self._images, chosen, axis=0, out=pixels, mode="clip")
            yield scaled(pixels, x), self.split.labels[chosen]


def scaled(pixels: NDArray[np.uint8], out: NDArray[np.floating]) -> NDArray[np.floating]:
    """Write pixel / 255, in [0, 1], into ``out``, of the same shape."""
    np.multiply(pixels, out.dtype.type(1 / 255), out=out)
    return out
