"""A run: a training whose every epoch is safe in its folder before anything else happens."""

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from mlp_cli.config import to_yaml
from mlp_cli.errors import RunError
from mlp_cli.training import checkpoint
from mlp_cli.training.calibration import fit_temperature
from mlp_cli.training.evaluate import judge, mean_loss
from mlp_cli.training.events import EpochDone, StepsDone, best_epoch
from mlp_cli.training.loop import Trainer, diverged
from mlp_cli.training.metrics import Evaluation
from mlp_cli.training.page import versions
from mlp_cli.training.rundir import RunFolder


@dataclass(frozen=True)
class Result:
    """A finished run: the weights of its best epoch, measured once more with nothing moving."""

    best: EpochDone
    train_cost: float  # mean loss over the training set
    train_accuracy: float
    val_examples: int
    temperature: float  # 1 where nothing was held out to fit it on
    test: Evaluation


class Run:
    """A trainer and the folder that keeps what it does.

    Args:
        folder: the run's.
        trainer: does the work.
        blas: what multiplies its matrices, noted in checkpoints and summary.
    """

    def __init__(self, folder: RunFolder, trainer: Trainer, blas: str = "") -> None:
        self.folder, self.trainer, self.blas = folder, trainer, blas
        self._started = datetime.now(UTC)
        self._clock = time.perf_counter()
        with told(folder):
            if not folder.last.exists():
                self._keep()  # from here on the run can be resumed, whatever happens
            folder.write_text(folder.config, to_yaml(trainer.config))
            folder.write_metrics(trainer.history)

    def train(self) -> Iterator[StepsDone | EpochDone]:
        """Train to the end, with each epoch safe on disk before it is told."""
        for event in self.trainer.fit():
            if isinstance(event, EpochDone):
                with told(self.folder):
                    if best_epoch(self.trainer.history) is event:
                        checkpoint.save(self.trainer, self.folder.best, self.blas)
                    self._keep()
                    if self.folder.metrics.exists():
                        self.folder.append_metrics(event)
                    else:  # somebody took it away
                        self.folder.write_metrics(self.trainer.history)
            yield event

    def save(self) -> None:
        """Keep the state between two steps, to resume from.

        Raises:
            DivergedError: a weight is not finite; last.npz stays as it was.
            RunError: it cannot be written.
        """
        trainer = self.trainer
        if not np.isfinite(trainer.network.theta).all():
            raise diverged("a weight", trainer.position.epoch + 1, trainer.position.step)
        with told(self.folder):
            self._keep()

    def _keep(self) -> None:
        folder = self.folder
        checkpoint.save(self.trainer, folder.last, self.blas, folder.previous)

    def finish(self, command: str) -> Result:
        """Calibrate the best epoch's weights, judge them on the test set, and write summary.json.

        Raises:
            DivergedError: the cost of the trained network is not finite.
            RunError: the summary cannot be written.
        """
        trainer, dataset = self.trainer, self.trainer.dataset
        network = checkpoint.load(self.folder.best).network().folded()
        network.temperature = 1.0  # a run that is finished once more is calibrated anew
        train_cost, train_accuracy = mean_loss(network, dataset.train, trainer.train_rows)
        if not math.isfinite(train_cost):  # without validation, nothing has looked since the step
            raise diverged("the cost", trainer.position.epoch, trainer.steps)
        if len(trainer.val_rows):
            network.temperature = fit_temperature(network, dataset.train, trainer.val_rows)
            with told(self.folder):
                checkpoint.calibrate(self.folder.best, network.temperature)
        everything = np.arange(len(dataset.test))
        test = judge(network, dataset.test, everything, dataset.classes)
        result = Result(
            best=best_epoch(trainer.history),
            train_cost=train_cost,
            train_accuracy=train_accuracy,
            val_examples=len(trainer.val_rows),
            temperature=network.temperature,
            test=test,
        )
        with told(self.folder):
            self.folder.previous.unlink(missing_ok=True)  # nothing is left to go on with
            self.folder.write_summary(self._summary(result, command))
        return result

    def _summary(self, result: Result, command: str) -> dict[str, Any]:
        trainer = self.trainer
        return {
            "test_accuracy": result.test.accuracy,
            "test_loss": result.test.loss,
            "val_accuracy": result.best.val_accuracy,
            "val_loss": result.best.val_loss,
            "train_accuracy": result.train_accuracy,
            "train_cost": result.train_cost,
            "temperature": result.temperature,
            "best_epoch": result.best.epoch,
            "epochs": trainer.position.epoch,
            "planned_epochs": trainer.config.epochs,
            "stopped_early": trainer.stopped_early,
            "examples": {
                "train": len(trainer.train_rows),
                "validation": len(trainer.val_rows),
                "test": len(trainer.dataset.test),
            },
            "parameters": trainer.network.theta.size,
            "seed": trainer.config.seed,
            "training_seconds": round(sum(e.epoch_seconds for e in trainer.history), 3),
            "seconds": round(max(0.0, time.perf_counter() - self._clock), 3),
            "started": self._started.isoformat(timespec="seconds"),
            "versions": versions(self.blas),
            "command": command,
        }


@contextmanager
def told(folder: RunFolder) -> Iterator[None]:
    """Tell an error of the file system as one of ours."""
    try:
        yield
    except OSError as error:
        raise RunError(
            f"{folder.path}: the run cannot be written: {error.strerror or error}"
        ) from error
