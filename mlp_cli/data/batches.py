"""Examples cut into batches: pixels gathered and scaled to [0, 1] in buffers made once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlp_cli.data.split import Split
from mlp_cli.data.warp import Own, Warp

Batch = tuple[NDArray[np.floating], NDArray[np.intp]]  # inputs (B, n_in), labels (B,)
T = TypeVar("T")


class Batches:
    """Batches of a split's examples, in any order asked for.

    Args:
        split: the images and labels.
        batch_size: examples per batch; the last one of an order may be shorter.
        dtype: of the inputs.
        own: tells of a batch of n examples whose inputs are wanted, (n,); without it all are.
    """

    def __init__(
        self,
        split: Split,
        batch_size: int,
        dtype: DTypeLike = np.float32,
        own: Callable[[int], Own] | None = None,
    ) -> None:
        self.split, self.batch_size, self._own = split, batch_size, own
        self._images = np.asarray(split.images)  # a plain view: np.memmap is slower to index
        rows = min(batch_size, len(split))
        self._pixels = np.empty((rows, self._images.shape[1]), np.uint8)
        self._x = np.empty((2, *self._pixels.shape), dtype)

    def cut(self, order: NDArray[np.intp]) -> Iterator[Batch]:
        """Yield the inputs (B, n_in) that are wanted of each batch, and all labels (B,).

        Args:
            order: the examples' indices, none twice.

        Yields:
            Inputs in a buffer that the next batch overwrites, and labels.
        """
        for chosen in self._chosen(order):
            pixels = self._gather(chosen)
            yield scaled(pixels, self._x[0, : len(pixels)]), self.split.labels[chosen]

    def warped(
        self, order: NDArray[np.intp], warp: Warp, rng: Callable[[int], np.random.Generator]
    ) -> Iterator[Batch]:
        """The same, each image changed, and each batch made while the one before is in use.

        Args:
            order: the examples' indices, none twice.
            warp: changes the images.
            rng: the random numbers of the batch that starts at this place of the order.
        """

        def made() -> Iterator[Batch]:
            for i, chosen in enumerate(self._chosen(order)):
                pixels = self._gather(chosen)
                x = self._x[i % 2, : len(pixels)]
                own = None if self._own is None else self._own(len(chosen))
                warp(pixels, x, rng(i * self.batch_size), own)
                yield x, self.split.labels[chosen]

        return ahead(made())

    def _chosen(self, order: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
        for first in range(0, len(order), self.batch_size):
            yield order[first : first + self.batch_size]

    def _gather(self, chosen: NDArray[np.intp]) -> NDArray[np.uint8]:
        if self._own is not None:
            chosen = chosen[self._own(len(chosen))]
        pixels = self._pixels[: len(chosen)]
        return np.take(self._images, chosen, axis=0, out=pixels, mode="clip")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The same items, each made in another thread while the one before is in use."""
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = maker.submit(next, items, None)
            yield item


def scaled(pixels: NDArray[np.uint8], out: NDArray[np.floating]) -> NDArray[np.floating]:
    """Write pixel / 255, in [0, 1], into ``out``, of the same shape."""
    np.multiply(pixels, out.dtype.type(1 / 255), out=out)
    return out
