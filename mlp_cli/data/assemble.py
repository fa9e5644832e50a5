"""Arrays become a data set only when they fit together."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.split import Dataset, Split, stratified_split
from mlp_cli.errors import DataError
from mlp_cli.randomness import stream

Arrays = tuple[NDArray[Any], NDArray[Any]]  # images, labels

MOST_CLASSES = 10_000  # a higher label is a slip, and each class costs an output; fits 16 bits


def assemble(
    name: str, train: Arrays, test: Arrays | None = None, classes: Sequence[str] | None = None
) -> Dataset:
    """Checks arrays and makes the data set of them.

    Args:
        name: of the data set.
        train: images (N, H, W) or, when they are square, (N, H·W), unsigned bytes; and their
            labels (N,), integers from 0.
        test: the same; left out, a sixth of each class is held out of ``train``, always the same.
        classes: what the labels mean; left out, they mean their own number.

    Raises:
        DataError: the line says which arrays do not fit, and why.
    """
    parts = {"training": train} if test is None else {"training": train, "test": test}
    shapes = {part: _shape(images, f"{name}: {part}") for part, (images, _) in parts.items()}
    if len(set(shapes.values())) > 1:
        sizes = ", ".join(f"{part} {height}×{width}" for part, (height, width) in shapes.items())
        raise DataError(f"{name}: images differ in size: {sizes}")
    for part, (images, labels) in parts.items():
        check_labels(labels, len(images), f"{name}: {part}")
    highest = max(int(labels.max()) for _, labels in parts.values())
    classes = _classes(classes, highest, name)
    splits = [_split(*arrays) for arrays in parts.values()]
    learn, judge = splits if len(splits) == 2 else _hold_out(splits[0])
    return Dataset(name, classes, shapes["training"], learn, judge)


def _split(images: NDArray[np.uint8], labels: NDArray[np.integer]) -> Split:
    split = Split(images.reshape(len(images), -1), labels)
    return replace(split, labels=labels.astype(np.uint16 if split.large else np.intp))


def _classes(classes: Sequence[str] | None, highest: int, name: str) -> tuple[str, ...]:
    number = highest + 1 if classes is None else len(classes)
    if classes is not None and number > MOST_CLASSES:
        raise DataError(f"{name}: more than {MOST_CLASSES:,} classes")
    if not highest < number <= MOST_CLASSES:
        last = (number if classes else MOST_CLASSES) - 1
        raise DataError(
            f"{name}: label {highest:,} is above {last:,}; labels count the classes, from 0"
        )
    if number < 2:
        raise DataError(f"{name}: only one class; a classifier needs two or more")
    if classes is not None and len(set(classes)) < number:
        raise DataError(f"{name}: two classes have the same name; each needs its own")
    if unreadable := [label for label in classes or () if not label.isprintable()]:
        raise DataError(f"{name}: the class {unreadable[0]} has a name that cannot be printed")
    return tuple(classes or map(str, range(number)))


def _shape(images: NDArray[Any], what: str) -> tuple[int, int]:
    if images.dtype != np.uint8:
        raise DataError(f"{what} images are {images.dtype}; they must be uint8, 0 to 255")
    if images.ndim == 3 and all(images.shape[1:]):
        return images.shape[1], images.shape[2]
    side = math.isqrt(images.shape[1]) if images.ndim == 2 else 0
    if not side or side**2 != images.shape[1]:
        raise DataError(f"{what} images have shape {images.shape}; it must be (N, height, width)")
    return side, side


def check_labels(labels: NDArray[Any], images: int, what: str) -> None:
    """Checks that labels count classes from 0, one for each of so many images.

    Raises:
        DataError: the line begins with ``what``.
    """
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise DataError(
            f"{what} labels are {labels.dtype} of shape {labels.shape}; "
            "they must be integers of shape (N,)"
        )
    if len(labels) != images:
        raise DataError(f"{what}: {images:,} images but {len(labels):,} labels")
    if not images:
        raise DataError(f"{what}: no examples")
    if labels.min() < 0:
        raise DataError(f"{what}: label {labels.min()}; labels count from 0")


def _hold_out(examples: Split) -> tuple[Split, Split]:
    number = max(1, len(examples) // 6)
    kept, held_out = stratified_split(examples.labels, number, stream(0, "test split"))
    return examples.take(kept), examples.take(held_out)
