"""What grows, one thing at a time: samples, width, depth and batch, and what each point costs."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

from cases import EXAMPLES, SMALL, Case


@dataclass(frozen=True)
class Training:
    """A network trained with Adam for as long as someone watches."""

    sizes: tuple[int, ...] = SMALL
    batch_size: int = 128
    samples: int = EXAMPLES

    @property
    def gigaflop(self) -> float:
        """The arithmetic of an epoch, in 10⁹ additions and multiplications in matrix products."""
        return self._case.gigaflop * self.samples / EXAMPLES

    def config(self) -> dict[str, Any]:
        """The training as a config of mlp's."""
        data = {"name": "mnist", "validation": 0, "limit": self.samples}
        return self._case.config() | {"data": data}

    @property
    def _case(self) -> Case:
        return Case("scaling", self.sizes, self.batch_size, "adam", 0.001, epochs=1_000_000)


@dataclass(frozen=True)
class Sweep:
    """Trainings that differ in one number."""

    title: str
    number: str  # what grows, as the axis calls it
    values: tuple[int, ...]
    training: Callable[[int], Training]


@dataclass(frozen=True)
class Cost:
    """What an epoch of one training took with one number of threads."""

    sweep: str
    value: int  # of the number that grows
    threads: int
    peak: float  # GFLOP/s of a large matrix product with these threads
    gigaflop: float
    samples: int
    pieces: list[float]  # seconds per epoch, at the pace of each piece of the time watched

    @property
    def seconds(self) -> float:
        """Per epoch."""
        return median(self.pieces)

    @property
    def ideal(self) -> float:
        """The seconds of an epoch that were nothing but matrix products, at the peak."""
        return self.gigaflop / self.peak

    def plain(self) -> dict[str, Any]:
        """The cost as JSON."""
        return vars(self) | {
            "seconds": self.seconds,
            "ideal": self.ideal,
            "samples_per_second": self.samples / self.seconds,
            "gflops": self.gigaflop / self.seconds,
        }


SWEEPS = {
    "samples": Sweep(
        "Samples: 784-128-10, batches of 128",
        "training examples",
        (1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000),
        lambda samples: Training(samples=samples),
    ),
    "width": Sweep(
        "Width: 784-W-10, batches of 128",
        "neurons in the hidden layer",
        tuple(2**i for i in range(5, 13)),
        lambda width: Training(sizes=(784, width, 10)),
    ),
    "depth": Sweep(
        "Depth: 784-256-…-10, batches of 128",
        "hidden layers",
        (1, 2, 3, 4, 6, 8, 10),
        lambda depth: Training(sizes=(784, *[256] * depth, 10)),
    ),
    "batch": Sweep(
        "Batch: 784-128-10",
        "examples per batch",
        tuple(2**i for i in range(14)),
        lambda batch: Training(batch_size=batch),
    ),
}
