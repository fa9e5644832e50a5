"""What every peer shares: the task on its command line, the digits, and the line that it prints.

A peer may run in an environment of its own, so nothing here needs more than NumPy.
"""

import argparse
import gzip
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PIXELS = 28 * 28


@dataclass(frozen=True)
class Task:
    """What to train, and how; stochastic gradient descent has a momentum of 0."""

    data: Path  # the folder of the four gzipped files
    sizes: tuple[int, ...]  # neurons per layer, inputs first and outputs last
    batch_size: int
    epochs: int
    optimizer: str  # adam or sgd
    learning_rate: float
    momentum: float
    label_smoothing: float
    seed: int


@dataclass(frozen=True)
class Digits:
    """Pixels (N, 784) as float32 in [0, 1], with their labels (N,) as int64."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]


def task() -> Task:
    """The task that the command line describes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sizes", type=sizes, required=True, help="such as 784,128,10")
    parser.add_argument("--batch-size", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--optimizer", choices=("adam", "sgd"), required=True)
    parser.add_argument("--learning-rate", type=float, required=True)
    parser.add_argument("--momentum", type=float, default=0.0)
    parser.add_argument("--label-smoothing", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    return Task(**vars(parser.parse_args()))


def sizes(text: str) -> tuple[int, ...]:
    """The neurons per layer from words such as ``784,128,10``."""
    return tuple(int(size) for size in text.split(","))


def digits(folder: Path, part: str) -> Digits:
    """The digits of one part of MNIST: ``train`` or ``t10k``."""
    pixels = _bytes(folder / f"{part}-images-idx3-ubyte.gz", header=16)
    images = pixels.reshape(-1, PIXELS).astype(np.float32) / np.float32(255)
    labels = _bytes(folder / f"{part}-labels-idx1-ubyte.gz", header=8)
    return Digits(images, labels.astype(np.int64))


def _bytes(path: Path, header: int) -> NDArray[np.uint8]:
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def timed(epoch: Callable[[], None], epochs: int) -> list[float]:
    """Runs so many epochs; the seconds that each took."""
    seconds = []
    for _ in range(epochs):
        started = time.perf_counter()
        epoch()
        seconds.append(time.perf_counter() - started)
    return seconds


def report(epoch_seconds: list[float], test_accuracy: float) -> None:
    """Print the one line of JSON that a peer prints."""
    print(json.dumps({"epoch_seconds": epoch_seconds, "test_accuracy": test_accuracy}))
