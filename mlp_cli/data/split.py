"""Examples with their labels, and how some are held out: the same share of every class."""

import zlib
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.deskew import deskew
from mlp_cli.data.stored import LARGE, Stored
from mlp_cli.errors import DataError

LOOKED_AT = 1000  # images, to know a large set again


@dataclass(frozen=True, eq=False)
class Split:
    """Images and what they show; one row, one example."""

    images: NDArray[np.uint8]  # (N, inputs), pixels row by row; may be a read-only memory map
    labels: NDArray[np.integer]  # (N,), of a large set in 16 bits
    stored: Stored | None = None  # where many of a large set are better read

    @property
    def large(self) -> bool:
        """Whether the images are too many to copy them, or to read all of them for a checksum."""
        return self.images.nbytes > LARGE

    @cached_property
    def checksum(self) -> int:
        """The CRC-32 of the images and labels; of a large set, of all labels and some images."""
        labels = np.ascontiguousarray(self.labels, np.intp)
        some = self
        if self.large:
            labels = np.ascontiguousarray(self.labels, np.uint16)
            some = self.take(np.arange(LOOKED_AT) * len(self) // LOOKED_AT)
        return zlib.crc32(labels.data, zlib.crc32(np.ascontiguousarray(some.images).data))

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, indices: NDArray[np.intp]) -> "Split":
        """The examples at ``indices`` (M,), copied into memory, in that order."""
        if self.stored is None:
            return Split(self.images[indices], self.labels[indices])
        ascending, places = np.unique(indices, return_inverse=True)
        out = np.empty((len(ascending), self.stored.size), np.uint8)
        return Split(self.stored.read(ascending, out)[places], self.labels[indices])


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set in two parts: one to learn from, one to be judged on at the end."""

    name: str  # as in the catalogue, or the path as typed
    classes: tuple[str, ...]  # what label 0, 1, … means
    shape: tuple[int, int]  # height and width of an image
    train: Split
    test: Split
    prepared: bool = False  # the images were prepared as MNIST's, so any to predict must be too
    slanted: "Dataset | None" = None  # what this one was before it was deskewed

    @property
    def upright(self) -> bool:
        """Whether the images were deskewed."""
        return self.slanted is not None

    @property
    def checksum(self) -> int:
        """The CRC-32 of the training images, as they were at first, and their labels."""
        return (self.slanted or self).train.checksum

    def shown(self, upright: bool) -> "Dataset":
        """The data set as a network is shown it: as it is, or deskewed."""
        base = self.slanted or self
        return base._deskewed if upright else base

    def shown_train(self, upright: bool) -> Split:
        """The training examples alone, for who wants no others."""
        base = self.slanted or self
        return base._upright_train if upright else base.train

    def shown_test(self, upright: bool) -> Split:
        """The test examples alone."""
        base = self.slanted or self
        return base._upright_test if upright else base.test

    @cached_property
    def _deskewed(self) -> "Dataset":
        train, test = self._upright_train, self._upright_test
        return replace(self, train=train, test=test, slanted=self)

    @cached_property
    def _upright_train(self) -> Split:
        return self._upright(self.train)

    @cached_property
    def _upright_test(self) -> Split:
        return self._upright(self.test)

    def _upright(self, split: Split) -> Split:
        if split.large:
            raise DataError(
                f"{self.name}: has more than {LARGE >> 20} MiB of images, which are not copied to "
                "be deskewed; leave data.deskew out"
            )
        return Split(deskew(split.images, self.shape), split.labels)


def stratified_split(
    labels: NDArray[np.integer], held_out: int, rng: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Chooses ``held_out`` examples so that each class gives its share.

    A class with n of the N examples gives n · held_out / N of them, rounded down; what is then
    still missing is given by the classes that lost most in rounding (largest remainder).

    Args:
        labels: (N,), at least 0.
        held_out: how many examples to hold out, fewer than N.
        rng: decides which examples of a class.

    Returns:
        The indices of the examples kept (N - held_out,) and held out (held_out,), both ascending.

    Raises:
        DataError: ``held_out`` is negative or would leave nothing.
    """
    if not 0 <= held_out < len(labels):
        raise DataError(f"cannot hold out {held_out:,} of {len(labels):,} examples")
    counts = np.bincount(labels)
    quota, remainder = np.divmod(counts * held_out, len(labels))
    short = held_out - quota.sum()
    quota[np.argsort(-remainder, kind="stable")[:short]] += 1
    chosen = np.zeros(len(labels), bool)
    for label, number in enumerate(quota):
        members = np.flatnonzero(labels == label)
        chosen[rng.permutation(members)[:number]] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)
