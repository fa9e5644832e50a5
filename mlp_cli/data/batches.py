"""Examples cut into batches: pixels gathered and scaled to [0, 1] in buffers made once."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlp_cli.data.shuffle import WINDOW
from mlp_cli.data.split import Split
from mlp_cli.data.stored import Stored
from mlp_cli.data.warp import Own, Warp

Batch = tuple[NDArray[np.floating], NDArray[np.intp]]  # inputs (B, n_in), labels (B,)
Order = NDArray[np.intp] | Iterable[NDArray[np.intp]]  # indices, none twice; in pieces, perhaps
# Images (M, n_in), their labels (M,), and in which order they are wanted.
Piece = tuple[NDArray[np.uint8], NDArray[np.integer], NDArray[np.intp]]
# Wanted pixels, which of the batch they are of (None is all), and labels of the whole batch.
Gathered = tuple[NDArray[np.uint8], Own | None, NDArray[np.intp]]
T = TypeVar("T")

READ_AT_ONCE = 2**23  # bytes of images, where an order that comes whole is read from the disk


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

    def cut(self, order: Order) -> Iterator[Batch]:
        """Yield the inputs (B, n_in) that are wanted of each batch, and all labels (B,).

        Args:
            order: the examples' indices. Of what lies on the disk, a piece is in memory while it
                is in use, and the next is read.

        Yields:
            Inputs in a buffer that the next batch overwrites, and labels.

        Raises:
            DataError: the examples cannot be read from the disk.
        """
        for pixels, _, labels in self._gathered(order):
            yield scaled(pixels, self._x[0, : len(pixels)]), labels

    def warped(
        self, order: Order, warp: Warp, rng: Callable[[int], np.random.Generator]
    ) -> Iterator[Batch]:
        """The same, each image changed, and each batch made while the one before is in use.

        Args:
            order: as for ``cut``.
            warp: changes the images.
            rng: the random numbers of the batch that starts at this place of the order.
        """

        def made() -> Iterator[Batch]:
            for i, (pixels, own, labels) in enumerate(self._gathered(order)):
                x = self._x[i % 2, : len(pixels)]
                warp(pixels, x, rng(i * self.batch_size), own)
                yield x, labels

        return ahead(made())

    def _gathered(self, order: Order) -> Iterator[Gathered]:
        """Each batch's wanted pixels, in a buffer that the next one overwrites, and its labels."""
        named: list[NDArray[np.integer]] = []
        filled = 0
        for images, labels, wanted in self._pieces(order):
            done = 0
            while done < len(wanted):
                chosen = wanted[done : done + self.batch_size - filled]
                pixels = self._pixels[filled : filled + len(chosen)]
                np.take(images, chosen, axis=0, out=pixels, mode="clip")
                named.append(labels[chosen])
                done, filled = done + len(chosen), filled + len(chosen)
                if filled == self.batch_size:
                    yield self._wanted(named)
                    named, filled = [], 0
        if filled:
            yield self._wanted(named)

    def _wanted(self, named: list[NDArray[np.integer]]) -> Gathered:
        """The batch of these labels, whose pixels are gathered."""
        labels = named[0] if len(named) == 1 else np.concatenate(named)
        pixels, own = self._pixels[: len(labels)], None
        if self._own is not None:
            own = self._own(len(labels))
            pixels = pixels[own]
        return pixels, own, labels.astype(np.intp, copy=False)

    def _pieces(self, order: Order) -> Iterator[Piece]:
        stored = self.split.stored
        if stored is not None:
            return ahead(self._read(order, stored))
        pieces = [order] if isinstance(order, np.ndarray) else order
        return ((self._images, self.split.labels, piece) for piece in pieces)

    def _read(self, order: Order, stored: Stored) -> Iterator[Piece]:
        """The pieces of an order from the disk, or parts of them, by turns in two buffers."""
        if isinstance(order, np.ndarray):
            parts = _parts([order], READ_AT_ONCE // stored.size)
        else:
            parts = _parts(order, WINDOW // stored.size)
        buffers = [np.empty((0, stored.size), np.uint8)] * 2
        for i, piece in enumerate(parts):
            if len(buffers[i % 2]) < len(piece):
                buffers[i % 2] = np.empty((len(piece), stored.size), np.uint8)
            by_place = np.argsort(piece)
            ascending = piece[by_place]
            wanted = np.empty_like(by_place)
            wanted[by_place] = np.arange(len(piece))
            images = stored.read(ascending, buffers[i % 2][: len(piece)])
            yield images, self.split.labels[ascending], wanted


def _parts(pieces: Iterable[NDArray[np.intp]], rows: int) -> Iterator[NDArray[np.intp]]:
    """The pieces, each cut into parts of so many rows, but of at least one."""
    for piece in pieces:
        for first in range(0, len(piece), max(1, rows)):
            yield piece[first : first + max(1, rows)]


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
