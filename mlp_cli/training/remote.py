"""A trial of a sweep on a worker of a cluster. The worker is told plain values, and needs no study.

It tells each epoch, and waits to hear whether to go on; so a trial ends at the same epoch wherever
it is trained.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from distributed import Event, Queue, get_worker
from threadpoolctl import threadpool_limits

from mlp_cli.config import from_plain
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.directory import data_directory
from mlp_cli.data.split import Dataset, Split
from mlp_cli.errors import ClusterError, DataError, DivergedError, reason
from mlp_cli.training.events import EpochDone
from mlp_cli.training.loop import Trainer

ASKED_EVERY = 0.5  # seconds between two questions whether the sweep was stopped
ANSWERED = 60.0  # seconds in which a sweep that is still there answers


@dataclass(frozen=True)
class Job:
    """What a worker is told of a trial."""

    sweep: str  # a name that no other has on the cluster
    number: int
    config: dict[str, Any]
    data: str  # name, or absolute path
    data_dir: str | None
    checksum: int  # of the data


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    history: list[EpochDone]
    done: bool  # trained to its end
    why: str = ""  # it failed


class _StoppedError(Exception):
    """The sweep was stopped, or is gone."""


def train(job: Job) -> Outcome | None:
    """Train until the end or until told to stop; None if the sweep itself was stopped.

    Raises:
        ClusterError: this worker has other data.
    """
    worker = get_worker()
    reply = Queue(uuid4().hex)
    stopped = Event(job.sweep)

    def told(epoch: EpochDone | None, done: bool = False) -> bool:
        row = epoch and epoch.row()
        news = {"number": job.number, "reply": reply.name, "epoch": row, "done": done}
        worker.log_event(job.sweep, news)
        until = time.monotonic() + ANSWERED
        while time.monotonic() < until and not stopped.is_set():
            with suppress(TimeoutError):
                return bool(reply.get(timeout=ASKED_EVERY))
        raise _StoppedError

    try:
        if not told(None):
            return None
        with threadpool_limits(1):
            return _trained(job, worker.address, told, stopped.is_set)
    except _StoppedError:
        return None
    finally:
        reply.close()


def _trained(
    job: Job, where: str, told: Callable[[EpochDone, bool], bool], stopped: Callable[[], bool]
) -> Outcome:
    history: list[EpochDone] = []
    try:
        trainer = Trainer(from_plain(job.config, "the sweep"), _data(job, where))
        history = trainer.history
        for epoch in _epochs(trainer, stopped):
            if not told(epoch, trainer.done):
                break
        return Outcome(history, trainer.done)
    except (DivergedError, MemoryError) as error:
        return Outcome(history, False, reason(error))


def _epochs(trainer: Trainer, stopped: Callable[[], bool]) -> Iterator[EpochDone]:
    asked = time.monotonic()
    for event in trainer.fit():
        if isinstance(event, EpochDone):
            yield event
        elif time.monotonic() - asked >= ASKED_EVERY:
            if stopped():
                raise _StoppedError
            asked = time.monotonic()


def _data(job: Job, where: str) -> Dataset:
    """The data as the sweep has them, and nothing of their test set."""
    try:
        dataset = _opened(job.data, job.data_dir)
    except DataError as error:
        raise ClusterError(f"worker {where}: {error}") from error
    if dataset.checksum != job.checksum:
        raise ClusterError(f"worker {where}: {job.data} is not the same there as here")
    return dataset


@lru_cache(maxsize=1)
def _opened(name: str, folder: str | None) -> Dataset:
    dataset = open_dataset(name, data_directory(Path(folder) if folder else None))
    images, labels = dataset.train.images, dataset.train.labels
    return replace(dataset, test=Split(images[:0], labels[:0]))


def dask_setup(worker: object) -> None:
    """What dask does first where it preloads this file: leave Ctrl-C to the sweep."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
