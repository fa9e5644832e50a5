"""How fast a config trains on this machine: measured on its own data, and thrown away."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from mlp_cli.config import Config
from mlp_cli.data.split import Dataset
from mlp_cli.randomness import stream
from mlp_cli.training.events import StepsDone
from mlp_cli.training.loop import Trainer
from mlp_cli.training.parts import shares

PEAK_SIZE = 2048  # rows and columns of the product that the peak is taken from
SECONDS = 0.4  # for each measurement
TURNS = 6  # taken by all threads and one alternately, as a machine's speed changes
ENDLESS = 1_000_000  # epochs

SMALL_BATCH = 64  # examples; below it, a low share of the peak is the batch's fault
LOW_SHARE = 0.1
LARGER_BATCH = 128  # what a small one is compared with


@dataclass(frozen=True)
class Speed:
    """What was measured; an epoch's seconds are those of its steps alone."""

    sizes: tuple[int, ...]  # neurons per layer, inputs first
    examples: int  # in an epoch
    batch_size: int
    steps: int  # in an epoch
    measured_epochs: float  # how much was trained to know the next
    epoch_seconds: float
    one_thread_epoch_seconds: float | None  # None where there is but one
    larger_batch_epoch_seconds: float | None  # with LARGER_BATCH; None where the batch is no brake
    peak_gflops: float
    parts: dict[str, float]  # of a step; shares that add up to 1
    load_average: float | None  # over the minute before; None where the system does not tell
    cores: int

    @property
    def samples_per_second(self) -> float:
        """Examples learned from in a second."""
        return self.examples / self.epoch_seconds

    @property
    def gflops(self) -> float:
        """The matrix products of training, in 10⁹ floating-point operations a second."""
        return flops_per_example(self.sizes) * self.samples_per_second / 1e9

    @property
    def share_of_peak(self) -> float:
        """``gflops`` as a share of what large products alone reach."""
        return self.gflops / self.peak_gflops

    @property
    def batch_is_small(self) -> bool:
        """Whether products are slow because there is so little in each, and could be more."""
        few = self.batch_size < min(SMALL_BATCH, self.examples)
        return few and self.share_of_peak < LOW_SHARE

    def to_json(self) -> dict[str, Any]:
        """All of it by name."""
        rates = ("samples_per_second", "gflops", "share_of_peak")
        return {**asdict(self), **{name: getattr(self, name) for name in rates}}


def measure(
    config: Config,
    dataset: Dataset,
    threads: int,
    one_thread: Callable[[], AbstractContextManager[None]],
) -> Speed:
    """Train for some seconds, or for a few steps where these take longer.

    Args:
        config: what to train; how long does not matter.
        dataset: what to train on.
        threads: of the matrix products, and of a step on a large network.
        one_thread: where matrix products have one thread.

    Raises:
        DataError: the data set has too few examples for what the config holds out.
        DivergedError: a loss or a weight is no longer finite.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    peak = product_gflops()
    trainer = endless(config, dataset, threads)
    alone = endless(config, dataset, 1) if threads > 1 else None
    pieces: list[float] = []
    alone_pieces: list[float] = []
    stop = perf_counter() + TURNS * SECONDS
    while not pieces or perf_counter() < stop:
        pieces += seconds_of_pieces(trainer)
        if alone is not None:
            with one_thread():
                alone_pieces += seconds_of_pieces(alone)
    n = len(trainer.rows)
    speed = Speed(
        sizes=trainer.network.sizes,
        examples=n,
        batch_size=trainer.batch_size,
        steps=trainer.steps,
        measured_epochs=len(pieces) * _piece(trainer) / n,
        epoch_seconds=_epoch_seconds(trainer, pieces),
        one_thread_epoch_seconds=None if alone is None else _epoch_seconds(alone, alone_pieces),
        larger_batch_epoch_seconds=None,
        peak_gflops=peak,
        parts=shares(trainer, SECONDS),
        load_average=load,
        cores=os.cpu_count() or 1,
    )
    if not speed.batch_is_small:
        return speed
    larger = endless(replace(config, batch_size=LARGER_BATCH), dataset, threads)
    seconds = _epoch_seconds(larger, seconds_of_pieces(larger))
    return replace(speed, larger_batch_epoch_seconds=seconds)


def flops_per_example(sizes: tuple[int, ...]) -> int:
    """Floating-point operations of the matrix products in learning from one example.

    A layer takes 2·n_in·n_out for z, as many for dW and, unless it is the first, for the delta
    that it hands down.
    """
    weights = [n_in * n_out for n_in, n_out in pairwise(sizes)]
    return 2 * (3 * sum(weights) - weights[0])


def product_gflops() -> float:
    """The fastest of some large float32 products, 2·N³ operations each, in 10⁹ a second."""
    a, b = stream(0, "bench").random((2, PEAK_SIZE, PEAK_SIZE), np.float32)
    product = a @ b
    stop = perf_counter() + SECONDS
    seconds: list[float] = []
    while not seconds or perf_counter() < stop:
        started = perf_counter()
        np.matmul(a, b, out=product)
        seconds.append(perf_counter() - started)
    return 2 * PEAK_SIZE**3 / min(seconds) / 1e9


def seconds_of_pieces(trainer: Trainer) -> list[float]:
    """Train, and time each full piece of an epoch: as many steps as are learned at once.

    The first piece warms up, and counts only where it takes all the time there is.
    """
    since, seen = perf_counter(), trainer.position.seen
    stop = since + SECONDS
    pieces: list[float] = []
    for event in trainer.fit():
        if isinstance(event, StepsDone):
            now = perf_counter()
            if trainer.position.seen - seen == _piece(trainer):
                pieces.append(now - since)
            if pieces and now >= stop:
                break
        since = perf_counter()
        seen = trainer.position.seen
    return pieces[1:] or pieces


def endless(config: Config, dataset: Dataset, threads: int) -> Trainer:
    """A trainer that neither ends nor validates."""
    trainer = Trainer(replace(config, epochs=ENDLESS, early_stopping=None), dataset, threads)
    trainer.val_rows = trainer.val_rows[:0]
    return trainer


def _piece(trainer: Trainer) -> int:
    """The examples of a full piece."""
    return min(trainer.batches.batch_size, len(trainer.rows))


def seconds_of_epoch(trainer: Trainer, turns: int) -> float:
    """Train for so many times SECONDS, and reckon how long the steps of an epoch take."""
    return _epoch_seconds(trainer, [s for _ in range(turns) for s in seconds_of_pieces(trainer)])


def _epoch_seconds(trainer: Trainer, pieces: list[float]) -> float:
    """An epoch's seconds, if all its pieces take as long as the median one."""
    return median(pieces) * len(trainer.rows) / _piece(trainer)
