"""What a person sees of a sweep: a line for each trial, on a terminal a bar while one lasts."""

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from mlp_cli.cli.screen import BAR, REDRAWN_EVERY
from mlp_cli.errors import visible
from mlp_cli.reports.sweep import sweep_banner, sweep_text, trial_line
from mlp_cli.reports.tables import percent
from mlp_cli.training.events import EpochDone, StepsDone
from mlp_cli.training.sweep import Begun, Happening, Sweep
from mlp_cli.training.trials import Trial

if TYPE_CHECKING:
    from tqdm import tqdm


class SweepScreen:
    """Shows a sweep."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self._bar: tqdm[Any] | None = None
        self._drawn = 0.0
        self._moving = sys.stderr.isatty()

    def begin(self, blas: str) -> None:
        """The first trial is about to start; ``blas`` multiplies matrices."""
        click.echo(sweep_banner(self._sweep, blas))

    def show(self, event: Happening) -> None:
        """A trial has begun, or come further, or to its end."""
        match event:
            case Begun():
                if self._moving:
                    self._open(event)
            case Trial():
                self.close()
                click.echo(trial_line(event, self._sweep))
            case StepsDone() | EpochDone() if self._bar is not None:
                if time.monotonic() - self._drawn >= REDRAWN_EVERY:
                    self._draw(self._bar, event)

    def interrupted(self, going_on: str) -> None:
        """The sweep was stopped; ``going_on`` is the command that goes on."""
        self.close()
        done = len(self._sweep.trials)
        click.echo(f"\nInterrupted; trials kept: {done}. Go on with: {going_on}")

    def finish(self, best: Trial, importances: dict[str, float], following: str) -> None:
        """The sweep is done; ``following`` is a command to try next."""
        text = sweep_text(self._sweep, best, importances)
        path = visible(self._sweep.path)
        click.echo(f"\n{text}\n\nsweep        {path}\nnext         {following}")

    def _open(self, begun: Begun) -> None:
        from tqdm import tqdm

        self._bar = tqdm(
            desc=f"trial {begun.number}/{self._sweep.total}",
            total=begun.epochs,
            leave=False,
            bar_format=BAR,
        )

    def _draw(self, bar: "tqdm[Any]", event: StepsDone | EpochDone) -> None:
        if isinstance(event, EpochDone):
            bar.n = event.epoch
            bar.set_postfix_str(f"validation {percent(event.val_accuracy or 0.0)}")
        else:
            bar.n = round(event.epoch - 1 + event.step / event.steps, 1)
            bar.set_postfix_str(f"loss {event.train_loss:.4f}")
        self._drawn = time.monotonic()

    def close(self) -> None:
        """Nothing moves on the screen any more."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
