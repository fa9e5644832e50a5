"""The loop: step by step, epoch by epoch, down the slope of the cost."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mlp_cli.config import Config, build_network, initialize
from mlp_cli.data.batches import Batch, Batches
from mlp_cli.data.shuffle import shuffled
from mlp_cli.data.split import Dataset, Split, stratified_split
from mlp_cli.data.upstrokes import with_upstrokes
from mlp_cli.data.warp import Warp
from mlp_cli.errors import DataError, DivergedError
from mlp_cli.nn import Descent, Moment
from mlp_cli.nn.types import Floats
from mlp_cli.randomness import stream
from mlp_cli.training.evaluate import mean_loss
from mlp_cli.training.events import EpochDone, StepsDone, best_epoch

# Small batches are gathered together, and judged together after their steps, up to so many
# examples: with batches of 10 in 784-30-10 an epoch takes 0.65 of its time one by one. They share
# a stream of dropout, so another number gives other bits.
LEARNED_AT_ONCE = 256

# While one thread learns, another warps the next images. On two cores a network of fewer parameters
# learns faster with one BLAS thread then: 0.65 of the time for 235,000 of them, 0.92 for 453,000,
# but 1.4 for 1,334,000.
SHARED_WITH_WARP = 600_000

SHORTEST = 1e-6  # seconds; for the speed of an epoch in which the clock stood still


@dataclass
class Position:
    """How far a training has come: all that it needs, beside theta and memory, to go on."""

    epoch: int = 0  # epochs done
    step: int = 0  # steps done in the epoch under way
    loss_sum: float = 0.0  # over the examples of this epoch
    right: int = 0
    seen: int = 0
    drawings: int = 0  # of those seen, that show no class
    seconds: float = 0.0

    @property
    def accuracy(self) -> float:
        """The share of right answers to what shows a class."""
        return self.right / max(1, self.seen - self.drawings)


class Trainer:
    """A network, its data and its optimizer, at some point of their training.

    Args:
        config: what to train, and how.
        dataset: what to train on.
        threads: share a step on a large network; matrix products have their own.

    Raises:
        DataError: the data set has too few examples for what the config holds out, or not the
            classes or the size for what is to be drawn.
    """

    def __init__(self, config: Config, dataset: Dataset, threads: int = 1) -> None:
        dataset = dataset.shown(config.data.deskew)
        self.config, self.dataset = config, dataset
        self.train_rows, self.val_rows = split_rows(config, dataset.train.labels)
        inputs, classes = dataset.train.images.shape[1], len(dataset.classes)
        self.network = build_network(config, inputs, classes)
        initialize(self.network, config)
        self.descent = Descent(
            config.optimizer, self.network.theta, self.network.n_weights, threads
        )
        learned = self._learned()
        drawings = np.arange(len(dataset.train), len(learned))
        self.rows = np.concatenate([self.train_rows, drawings])  # of what is learned from
        n = len(self.rows)
        self.batch_size = n if config.batch_size == "all" else config.batch_size
        self.steps = -(-n // self.batch_size)  # in an epoch
        at_once = max(1, LEARNED_AT_ONCE // self.batch_size)  # steps
        self.batches = Batches(learned, at_once * self.batch_size)
        self.warp = Warp(config.augment, dataset.shape) if config.augment else None
        self.position = Position()
        self.history: list[EpochDone] = []

    def _learned(self) -> Split:
        """The training examples, as they are learned from, and behind them drawings of nothing."""
        data, seed, learned = self.config.data, self.config.seed, self.dataset.train
        if data.upstrokes:
            rng = stream(seed, "upstrokes")
            learned = with_upstrokes(self.dataset, self.train_rows, data.upstrokes, rng)
        if data.nondigits:
            from mlp_cli.data.nondigits import with_nondigits  # OpenCV takes a while to load

            n = max(1, round(data.nondigits * len(self.train_rows)))
            learned = with_nondigits(self.dataset, learned, n, stream(seed, "nondigits"))
        return learned

    @property
    def leaves_a_core(self) -> bool:
        """Whether a second BLAS thread would only be in the way of the images being warped."""
        return self.warp is not None and self.network.theta.size < SHARED_WITH_WARP

    @property
    def stopped_early(self) -> bool:
        """Whether the best epoch lies as far back as early stopping allows."""
        if self.config.early_stopping is None or not self.history:
            return False
        waited = len(self.history) - best_epoch(self.history).epoch
        return waited >= self.config.early_stopping.patience

    @property
    def done(self) -> bool:
        """Whether no epoch is left to train."""
        return self.position.epoch >= self.config.epochs or self.stopped_early

    def fit(self) -> Iterator[StepsDone | EpochDone]:
        """Train from the present position to the end, telling every few steps and every epoch.

        Between two events everything is at rest: the trainer can be saved, and a trainer restored
        from that goes on with the same bits.

        Raises:
            DivergedError: a loss or a weight is no longer finite.
        """
        while not self.done:
            yield from self._epoch()

    def _epoch(self) -> Iterator[StepsDone | EpochDone]:
        at = self.position
        started = time.perf_counter() - at.seconds
        rates = self._learning_rates()
        for x, labels in self._batches():
            self._learn(x, labels, rates)
            at.seconds = max(at.seconds, time.perf_counter() - started)  # a clock may be set back
            yield StepsDone(
                epoch=at.epoch + 1,
                step=at.step,
                steps=self.steps,
                train_loss=at.loss_sum / at.seen,
                train_accuracy=at.accuracy,
                learning_rate=rates[at.step - 1],
            )
        if not np.isfinite(self.network.theta).all():
            raise diverged("a weight", at.epoch + 1, at.step)
        training_seconds = at.seconds
        val_loss, val_accuracy = None, None
        if len(self.val_rows):
            val_loss, val_accuracy = self._validate()
            if not math.isfinite(val_loss):
                raise diverged("the validation loss", at.epoch + 1, at.step)
        at.seconds = max(at.seconds, time.perf_counter() - started)
        epoch = EpochDone(
            epoch=at.epoch + 1,
            train_loss=at.loss_sum / at.seen,
            train_accuracy=at.accuracy,
            val_loss=val_loss,
            val_accuracy=val_accuracy,
            learning_rate=rates[-1],
            epoch_seconds=round(at.seconds, 4),
            samples_per_second=round(at.seen / max(training_seconds, SHORTEST), 1),
        )
        self.history.append(epoch)
        self.position = Position(epoch=at.epoch + 1)
        yield epoch

    def _validate(self) -> tuple[float, float]:
        """The loss and the accuracy on what is held out."""
        return mean_loss(self.network, self.dataset.train, self.val_rows)

    def _batches(self) -> Iterator[Batch]:
        """What is left of the epoch, in pieces that are learned at once."""
        seed, epoch, done = self.config.seed, self.position.epoch, self.position.step
        size = self.dataset.train.images.shape[1]
        draws = partial(stream, seed, "shuffle", epoch)
        left = shuffled(self.rows, size, draws, done * self.batch_size)
        if self.warp is None:
            return self.batches.cut(left)

        def rng(first: int) -> np.random.Generator:
            return stream(seed, "augment", epoch, done + first // self.batch_size)

        return self.batches.warped(left, self.warp, rng)

    def _learn(self, x: Floats, labels: NDArray[np.intp], rates: list[float]) -> None:
        """Take the next steps, each on a batch of these examples."""
        at = self.position
        rng = None
        if any(self.network.dropout) or any(self.network.noise):
            rng = stream(self.config.seed, "dropout", at.epoch, at.step)

        def descend() -> None:
            at.step += 1
            t = at.epoch * self.steps + at.step
            self.descent.step(self.network.grad, rates[at.step - 1], t)

        with np.errstate(over="ignore", invalid="ignore"):  # divergence is told in words
            loss, right = self._teach(x, labels, rng, descend)
        if not math.isfinite(loss):
            raise diverged("the loss", at.epoch + 1, at.step)
        at.loss_sum += loss
        at.right += right
        at.seen += len(labels)
        at.drawings += int(np.count_nonzero(labels == len(self.dataset.classes)))

    def _teach(
        self,
        x: Floats,
        labels: NDArray[np.intp],
        rng: np.random.Generator | None,
        descend: Callable[[], None],
    ) -> tuple[float, int]:
        """Make the gradient of each batch, and descend; as ``Network.learn``."""
        return self.network.learn(x, labels, rng, self.batch_size, descend)

    def _learning_rates(self) -> list[float]:
        """The rate of each step of the epoch under way."""
        watched = [e.val_loss for e in self.history if e.val_loss is not None]
        moment = Moment(
            step=self.position.epoch * self.steps + np.arange(self.steps),
            steps=self.config.epochs * self.steps,
            epoch_steps=self.steps,
            watched=watched,
        )
        factors = self.config.schedule(moment)
        rates: list[float] = (self.config.optimizer.learning_rate * factors).tolist()
        return rates


Maker = Callable[[Config, Dataset, int], Trainer]  # with the arguments of a Trainer


def diverged(what: str, epoch: int, step: int) -> DivergedError:
    """The error that says by which step, counted from 1, something was no longer finite."""
    return DivergedError(
        f"the training diverged at epoch {epoch}, by step {step}: {what} is no longer a finite "
        "number; try a smaller optimizer.learning_rate, optimizer.clip_norm: 1, or another init"
    )


def split_rows(
    config: Config, labels: NDArray[np.integer]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which training examples are learned from and which held out, by index.

    Raises:
        DataError: nothing would be left to learn from.
    """
    limit, rows = config.data.limit, None
    if limit is not None and limit < len(labels):
        rows, _ = stratified_split(labels, len(labels) - limit, stream(config.seed, "limit"))
        labels = labels[rows]
    wanted = config.data.validation
    held_out = wanted if isinstance(wanted, int) else round(wanted * len(labels))
    held_out = max(held_out, 1 if wanted else 0)  # a small share of few examples is one of them
    if held_out >= len(labels):
        raise DataError(
            f"data.validation holds out {held_out} of {len(labels)} training examples, which "
            "leaves none to learn from; hold out fewer"
        )
    train, val = stratified_split(labels, held_out, stream(config.seed, "validation"))
    return (train, val) if rows is None else (rows[train], rows[val])
