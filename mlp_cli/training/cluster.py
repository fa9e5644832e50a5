"""A sweep whose trials are trained by workers, while this process alone holds the study.

As many trials are under way as there are workers. One whose worker is lost is trained anew by
another, with the same values; all that is finished is in the study.
"""

import time
from collections.abc import Generator, Iterator
from concurrent.futures import CancelledError
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

import optuna
from distributed import Client, Future, KilledWorker, wait

from mlp_cli import __version__
from mlp_cli.config import Config, to_plain
from mlp_cli.data.dataset import is_path
from mlp_cli.data.split import Dataset
from mlp_cli.errors import ClusterError
from mlp_cli.training.events import EpochDone
from mlp_cli.training.remote import Job, Outcome
from mlp_cli.training.study import Plan
from mlp_cli.training.sweep import Begun, Further, Happening, Sweep, Waited
from mlp_cli.training.trials import Trial
from mlp_cli.training.workers import trainer

TICK = 0.1  # seconds between two moments in which a sweep can be stopped
COUNTED_EVERY = 1.0  # seconds between two counts of the workers
PATIENCE = 30  # seconds without any worker
ANSWERED = 10  # seconds in which the scheduler has to answer
LOST = 3  # times that a trial loses its worker until it has failed
ENDING = 5  # seconds in which workers stop what they do


@dataclass
class _Running:
    """A trial under way."""

    number: int
    trial: optuna.Trial
    config: Config
    future: Future
    reply: str | None = None  # the queue in which its worker waits for answers
    lost: int = 0  # workers
    reported: int = 0  # epochs that the study knows
    pruned: int | None = None  # the epoch to end with, wherever it is trained


class ClusterSweep(Sweep):
    """A sweep on the workers of a cluster.

    Args:
        path: as for ``Sweep``, and so are study, plan and dataset.
        study: has the trials done.
        plan: what was asked for.
        dataset: what workers are to have too.
        client: of the cluster.
        data_dir: where workers find the data; None if each knows.
    """

    together = True

    def __init__(
        self,
        path: Path,
        study: optuna.Study,
        plan: Plan,
        dataset: Dataset,
        client: Client,
        data_dir: Path | None,
    ) -> None:
        super().__init__(path, study, plan, dataset, 1, lambda core: nullcontext())
        self._client, self._name = client, f"mlp-{path.name}-{uuid4().hex}"
        self._data = str(Path(dataset.name).absolute()) if is_path(dataset.name) else dataset.name
        self._data_dir = None if data_dir is None else str(data_dir.absolute())
        self._running: dict[int, _Running] = {}
        self._news: SimpleQueue[Future | dict[str, Any]] = SimpleQueue()
        self._workers, self._counted = 0, 0.0  # when, by time.monotonic
        self._seen = time.monotonic()  # a worker

    def run(self) -> Generator[Happening, None, None]:
        """Make the trials that are still to be made; each is safe in the study before it is told.

        Raises:
            RunError: a file of the folder cannot be written.
            ClusterError: the cluster is lost, or a worker lacks what it needs.
        """
        self._client.subscribe_topic(self._name, lambda event: self._news.put(event[1]))
        try:
            while len(self.trials) < self.total:
                yield from self._begin()
                try:
                    news = self._news.get(timeout=TICK)
                except Empty:
                    yield Waited()
                    continue
                yield from self._ended(news) if isinstance(news, Future) else self._told(news)
        except (OSError, TimeoutError, CancelledError) as error:
            self._running.clear()  # nobody hears that they are to stop
            raise ClusterError(
                "the scheduler of the cluster is lost, or does not answer"
            ) from error
        finally:
            self._stop()

    def _begin(self) -> Iterator[Begun]:
        """Start a trial for each worker that has none."""
        now = time.monotonic()
        if now - self._counted >= COUNTED_EVERY:
            self._workers, self._counted = len(self._ask("ncores")), now
        if self._workers:
            self._seen = now
        elif now - self._seen > PATIENCE:
            raise ClusterError(f"the cluster has had no worker for {PATIENCE} seconds")
        while len(self._running) < min(self._workers, self.total - len(self.trials)):
            begun, trial, config = self._next(self._running)
            self._open_folder(begun.number, config)
            future = self._submit(begun.number, config)
            self._running[begun.number] = _Running(begun.number, trial, config, future)
            yield begun

    def _ask(self, what: str, **about: Any) -> Any:
        """What the scheduler says to this; the same methods of Dask's wait without end."""
        ask = getattr(self._client.scheduler, what)
        return self._client.sync(ask, **about, callback_timeout=ANSWERED)

    def _answer(self, reply: str, wanted: bool) -> None:
        """Tell a worker whether to go on, if it waits for that."""
        with suppress(KeyError):
            self._ask("queue_put", name=reply, data=wanted)

    def _submit(self, number: int, config: Config) -> Future:
        data = (self._data, self._data_dir, self.dataset.checksum)
        job = asdict(Job(self._name, number, to_plain(config), *data))
        key = f"{self._name}-{uuid4().hex}"
        future = self._client.submit(trainer(__version__), job, key=key, pure=False)
        future.add_done_callback(self._news.put)
        return future

    def _told(self, news: dict[str, Any]) -> Iterator[Further | Trial]:
        """Answer a worker that begins a trial or has come to the end of an epoch."""
        running = self._running.get(news["number"])
        if news["epoch"] is None and running is not None:
            running.lost += running.reply is not None
            running.reply = news["reply"]
            if running.lost < LOST:
                self._open_folder(running.number, running.config)
            self._answer(news["reply"], running.lost < LOST)
            if running.lost == LOST:
                yield self._failed(running)
        elif running is None or running.reply != news["reply"]:
            self._answer(news["reply"], False)  # it was lost, and is found again
        else:
            epoch = EpochDone(**news["epoch"])
            self._keep(running.number, epoch)
            if epoch.epoch > running.reported:
                running.reported = epoch.epoch
                running.trial.report(epoch.val_accuracy or 0.0, epoch.epoch - 1)
                if not news["done"] and running.trial.should_prune():
                    running.pruned = epoch.epoch
            self._answer(news["reply"], epoch.epoch != running.pruned)
            yield Further(running.number, epoch)

    def _ended(self, future: Future) -> Iterator[Trial]:
        """Keep what came of a trial."""
        running = next((each for each in self._running.values() if each.future is future), None)
        if running is None:
            return
        try:
            outcome: Outcome | None = future.result()
        except CancelledError:
            if self._client.status != "running":
                raise
            outcome = None  # another client has restarted all workers
        except KilledWorker:
            yield self._failed(running)
            return
        except ImportError as error:
            raise ClusterError(
                f"a worker has no mlp-cli {__version__}: {error}; install it wherever one runs"
            ) from error
        running.reply = None
        if outcome is None:  # or this process was not heard of for too long
            running.future = self._submit(running.number, running.config)
            return
        del self._running[running.number]
        history, done, why = outcome.history, outcome.done, outcome.why
        yield self._settle(running.number, running.trial, history, done, why)

    def _failed(self, running: _Running) -> Trial:
        del self._running[running.number]
        why = f"its worker was lost {LOST} times"
        return self._settle(running.number, running.trial, [], False, why)

    def _stop(self) -> None:
        """Let no worker go on with what is under way."""
        futures = [each.future for each in self._running.values()]
        if not futures or self._client.status != "running":
            return
        with suppress(OSError, TimeoutError, CancelledError):
            self._ask("event_set", name=self._name)
            for each in self._running.values():
                if each.reply is not None:
                    self._answer(each.reply, False)
            wait(futures, timeout=ENDING)
            self._client.cancel(futures)
            self._ask("event_clear", name=self._name)
