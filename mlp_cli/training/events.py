"""What a training tells those who watch it."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StepsDone:
    """Steps of an epoch, with the running means over the batches seen in it."""

    epoch: int  # counted from 1
    step: int  # steps done in this epoch
    steps: int  # in an epoch
    train_loss: float
    train_accuracy: float
    learning_rate: float  # of the last step


@dataclass(frozen=True, slots=True)
class EpochDone:
    """One epoch: a row of metrics.csv.

    ``train_loss`` and ``train_accuracy`` are running means over the batches as they were seen, with
    the weights changing and neurons dropped; the others are measured with the weights held still.
    """

    epoch: int  # counted from 1
    train_loss: float  # mean per example
    train_accuracy: float  # fraction
    val_loss: float | None  # mean per example; None without validation
    val_accuracy: float | None
    learning_rate: float  # of the last step
    epoch_seconds: float  # validation included
    samples_per_second: float  # while training

    def row(self) -> dict[str, Any]:
        """The values by name."""
        return asdict(self)


def of_one_training(history: list[EpochDone]) -> bool:
    """Whether epochs that were read can be those of a training: in order, all validated or none."""
    counted = [epoch.epoch for epoch in history] == [*range(1, len(history) + 1)]
    return counted and len({(e.val_loss is None, e.val_accuracy is None) for e in history}) <= 1


def best_epoch(history: list[EpochDone]) -> EpochDone:
    """The epoch whose weights are kept: highest validation accuracy, then lowest loss.

    Without validation it is the last. ``history`` has at least one epoch.
    """
    if history[-1].val_accuracy is None:
        return history[-1]
    return max(history, key=lambda e: (e.val_accuracy, -(e.val_loss or 0.0), -e.epoch))
