"""How much of its accuracy a network keeps when every image is moved, turned or grainy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.augment import Augmentation
from mlp_cli.data.deskew import deskew
from mlp_cli.data.split import Split
from mlp_cli.data.warp import Warp
from mlp_cli.nn import Network
from mlp_cli.randomness import stream
from mlp_cli.training.evaluate import answers

LOOKED_AT = 2000  # examples

Pixels = NDArray[np.uint8]
Member = tuple[Network, bool]  # a network, and whether it is shown upright images


@dataclass(frozen=True)
class Change:
    """One kind of change, and how far it goes."""

    name: str
    unit: str
    amounts: tuple[float, ...]
    make: Callable[[Pixels, tuple[int, int], float, np.random.Generator], Pixels]


@dataclass(frozen=True)
class Measured:
    """The accuracy at each amount of a change."""

    change: Change
    accuracies: tuple[float, ...]


@dataclass(frozen=True)
class _Furthest(Augmentation):
    """Every image is changed as far as the limits allow, one way or the other."""

    def draw(self, shape: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float64]:
        return rng.choice([-1.0, 1.0], shape)


def robustness(members: Sequence[Member], split: Split, shape: tuple[int, int]) -> list[Measured]:
    """The accuracy of a network, or of a committee's mean, under changes of growing size.

    Args:
        members: answer, each with the same weight.
        split: the examples, as they are in the data set; 2,000 of them, evenly, are looked at.
        shape: height and width of an image.

    Raises:
        DivergedError: a network's outputs are not finite.
    """
    number = min(LOOKED_AT, len(split))
    some = split.take(np.arange(number) * len(split) // number)
    return [
        Measured(
            change,
            tuple(
                _accuracy(members, _changed(some, change, amount, shape), shape)
                for amount in change.amounts
            ),
        )
        for change in CHANGES
    ]


def _changed(split: Split, change: Change, amount: float, shape: tuple[int, int]) -> Split:
    if not amount:
        return split
    rng = stream(0, f"robustness: {change.name}")
    return Split(change.make(split.images, shape, amount, rng), split.labels)


def _accuracy(members: Sequence[Member], split: Split, shape: tuple[int, int]) -> float:
    rows = np.arange(len(split))
    upright = split
    if any(told for _, told in members):
        upright = Split(deskew(split.images, shape), split.labels)
    each = [answers(network, upright if told else split, rows) for network, told in members]
    mean = np.mean(each, axis=0)
    return float(np.mean(mean.argmax(axis=1) == split.labels))


def _moved(
    images: Pixels, shape: tuple[int, int], pixels: float, rng: np.random.Generator
) -> Pixels:
    return _warped(images, shape, _still(shift=pixels), rng)


def _turned(
    images: Pixels, shape: tuple[int, int], degrees: float, rng: np.random.Generator
) -> Pixels:
    return _warped(images, shape, _still(rotate=degrees), rng)


def _grainy(
    images: Pixels, shape: tuple[int, int], deviation: float, rng: np.random.Generator
) -> Pixels:
    noisy = images + rng.normal(0, 255 * deviation, images.shape)
    return np.rint(np.clip(noisy, 0, 255)).astype(np.uint8)


def _still(shift: float = 0, rotate: float = 0) -> Augmentation:
    return _Furthest(shift=shift, rotate=rotate, scale=0, shear=0, elastic=0)


def _warped(
    images: Pixels, shape: tuple[int, int], limits: Augmentation, rng: np.random.Generator
) -> Pixels:
    out = Warp(limits, shape)(images, np.empty(images.shape, np.float32), rng)
    return np.rint(255 * out).astype(np.uint8)


CHANGES = (
    Change("moved", "pixels along each axis", (0, 1, 2, 3, 4, 5), _moved),
    Change("turned", "degrees", (0, 10, 20, 30, 40, 50, 60), _turned),
    Change("noise", "standard deviation, of full brightness", (0, 0.1, 0.2, 0.3, 0.4), _grainy),
)
