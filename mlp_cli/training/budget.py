"""How many epochs some minutes have room for, measured before the training begins."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from mlp_cli.config import Config
from mlp_cli.errors import RunError, UsageError
from mlp_cli.training import checkpoint
from mlp_cli.training.evaluate import mean_loss
from mlp_cli.training.loop import Trainer
from mlp_cli.training.speed import endless, seconds_of_epoch

KEPT_BACK = 0.15  # share of the time, for a machine that slows down
BESIDE = 2.0  # seconds before ``started``, and to draw the figures
PILOTS = 6  # measurements, each of speed.SECONDS
JUDGED = 2000  # examples, to know how long the judging of all takes


def within_minutes(trainer: Trainer, threads: int, started: float) -> Config:
    """A trainer's config with about as many epochs as the program can do in its ``minutes``.

    Their number stands in for the minutes, so that the run can be resumed and repeated.

    Args:
        trainer: has not begun yet.
        threads: of the matrix products, and of a step on a large network.
        started: when the minutes began, by ``time.perf_counter``.

    Raises:
        UsageError: there is no room for one epoch.
        RunError: there is no room on the disk for a checkpoint.
        DivergedError: a loss is no longer finite.
    """
    config, dataset, minutes = trainer.config, trainer.dataset, trainer.config.minutes
    if minutes is None:
        return config
    pilot = endless(config, dataset, threads)
    epoch = seconds_of_epoch(pilot, PILOTS)
    judged = pilot.train_rows[:JUDGED]
    each = _seconds(lambda: mean_loss(pilot.network, dataset.train, judged)) / len(judged)
    try:
        with tempfile.TemporaryDirectory() as folder:
            saving = _seconds(lambda: checkpoint.save(pilot, Path(folder, "pilot.npz")))
    except OSError as error:
        place = tempfile.gettempdir()
        raise RunError(f"{place}: cannot be written to: {error.strerror or error}") from error
    epoch += each * len(trainer.val_rows) + 2 * saving  # last.npz, and best.npz where it is one
    ending = each * (len(trainer.train_rows) + 2 * len(dataset.test))
    left = 60 * minutes * (1 - KEPT_BACK) - BESIDE - ending - (perf_counter() - started)
    if left < epoch:
        raise UsageError(
            f"minutes: {minutes:g} leaves no room for an epoch of {epoch:.1f} seconds beside the "
            f"{60 * minutes - left:.0f} that come before, after and in reserve; give more, or set "
            "epochs instead"
        )
    return replace(config, epochs=int(left / epoch), minutes=None)


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started
