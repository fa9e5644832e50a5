"""Many digits of few: a data set of changed copies, in IDX files, of any size.

Each original comes once before any comes again, in an order of its own each time. What an example
looks like follows from the seed and its place alone, however many threads make them.
"""

import math
import os
import shutil
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data import idx
from mlp_cli.data.augment import Augmentation
from mlp_cli.data.catalogue import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS
from mlp_cli.data.split import Dataset, Split
from mlp_cli.data.warp import Warp
from mlp_cli.errors import DataError
from mlp_cli.files import making, replacing
from mlp_cli.randomness import stream

AT_ONCE = 1024  # examples that share a stream of random numbers
AHEAD = 2  # so many for each thread are under way
MOST_CLASSES = 256  # a label is a byte


class Piece(NamedTuple):
    """Some examples to make, one after the other."""

    rows: NDArray[np.intp]  # of which originals
    turn: int  # how often all have come before
    number: int  # in this turn


def disk_space(dataset: Dataset, count: int) -> int:
    """The bytes that ``generate`` writes, but for some headers."""
    return (count + len(dataset.test)) * (math.prod(dataset.shape) + 1)


def generate(
    dataset: Dataset,
    count: int,
    augmentation: Augmentation,
    seed: int,
    folder: Path,
    progress: Callable[[int], object],
) -> None:
    """Write so many changed copies of a data set's training images, and its test part as it is.

    Args:
        dataset: of up to 256 classes.
        count: examples to make.
        augmentation: how far each is changed.
        seed: which random numbers.
        folder: does not exist, and will only once it is whole.
        progress: is told every few examples how many more are done; what it raises ends it all.

    Raises:
        DataError: there is no room on the disk, or it cannot be written to.
    """
    if len(dataset.classes) > MOST_CLASSES:
        raise DataError(
            f"{dataset.name}: has {len(dataset.classes):,} classes; a label of an IDX file is a "
            f"byte, which tells {MOST_CLASSES} apart"
        )
    try:
        needed, free = disk_space(dataset, count), shutil.disk_usage(folder.parent).free
        if needed > free:
            raise DataError(
                f"{folder}: needs {needed / 1e6:,.0f} MB, and {free / 1e6:,.0f} MB are free there"
            )
        with making(folder) as made:
            shape = (count, *dataset.shape)
            with ExitStack() as files:
                images = files.enter_context(replacing(made / TRAIN_IMAGES))
                labels = files.enter_context(replacing(made / TRAIN_LABELS))
                images.write(idx.header(shape))
                labels.write(idx.header(shape[:1]))
                for some in _changed(dataset, count, augmentation, seed):
                    images.write(some.images.data)
                    labels.write(some.labels.astype(np.uint8).data)
                    progress(len(some))
            _write_test(dataset, made)
    except OSError as error:
        raise DataError(f"{folder}: cannot be written: {error.strerror or error}") from error


def _write_test(dataset: Dataset, folder: Path) -> None:
    test = dataset.test
    with replacing(folder / TEST_IMAGES) as images, replacing(folder / TEST_LABELS) as labels:
        images.write(idx.header((len(test), *dataset.shape)))
        labels.write(idx.encode(test.labels.astype(np.uint8)))
        for first in range(0, len(test), AT_ONCE):
            rows = np.arange(first, min(first + AT_ONCE, len(test)))
            images.write(test.take(rows).images.data)


def _changed(
    dataset: Dataset, count: int, augmentation: Augmentation, seed: int
) -> Iterator[Split]:
    """The examples in their order, some at a time, made by a thread for each core."""
    own = threading.local()  # a warp has buffers, and so is of one thread

    def begin() -> None:
        own.warp = Warp(augmentation, dataset.shape)

    def make(piece: Piece) -> Split:
        some = dataset.train.take(piece.rows)
        pixels = np.empty(some.images.shape, np.float32)
        own.warp(some.images, pixels, stream(seed, "deform", piece.turn, piece.number))
        pixels *= 255
        return Split(np.rint(pixels, out=pixels).astype(np.uint8), some.labels)

    threads = os.cpu_count() or 1
    waiting: deque[Future[Split]] = deque()
    with ThreadPoolExecutor(threads, initializer=begin) as pool:
        for piece in _pieces(len(dataset.train), count, seed):
            waiting.append(pool.submit(make, piece))
            if len(waiting) == AHEAD * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _pieces(originals: int, count: int, seed: int) -> Iterator[Piece]:
    for turn in range(-(-count // originals)):
        order = stream(seed, "originals", turn).permutation(originals)[: count - turn * originals]
        for number, first in enumerate(range(0, len(order), AT_ONCE)):
            yield Piece(order[first : first + AT_ONCE], turn, number)
