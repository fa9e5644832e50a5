"""What a person, or a script, sees of a training."""

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from mlp_cli.cli.colour import paint
from mlp_cli.errors import visible
from mlp_cli.reports.tables import percent
from mlp_cli.training.events import EpochDone, StepsDone, best_epoch

if TYPE_CHECKING:
    from tqdm import tqdm

    from mlp_cli.training.run import Result, Run

REDRAWN_EVERY = 0.1  # seconds
BAR = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}{postfix}]"  # fits 80 columns


class Screen:
    """Shows nothing; the other screens show more."""

    def begin(self, run: "Run") -> None:
        """The training is about to start."""

    def note(self, text: str) -> None:
        """Something worth knowing, but no error."""

    def show(self, event: StepsDone | EpochDone, run: "Run") -> None:
        """Steps or an epoch are done."""

    def interrupted(self, resume: str) -> None:
        """The run was saved before its end; ``resume`` is the command that goes on."""

    def finish(self, run: "Run", result: "Result", following: str) -> None:
        """The run is done; ``following`` is a command to try next."""


class LineScreen(Screen):
    """A banner, a line for each epoch, the result; on a terminal a bar while an epoch lasts."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None
        self._drawn = 0.0
        self._moving = sys.stderr.isatty()

    def note(self, text: str) -> None:
        click.echo(f"Note: {text}", err=True)

    def begin(self, run: "Run") -> None:
        from mlp_cli.reports.plan import banner

        click.echo(f"run          {visible(run.folder.path)}")
        click.echo(banner(run.trainer, run.blas) + "\n")

    def show(self, event: StepsDone | EpochDone, run: "Run") -> None:
        if isinstance(event, EpochDone):
            self._close()
            click.echo(_line(event, run))
        elif self._moving and time.monotonic() - self._drawn >= REDRAWN_EVERY:
            self._draw(event, run.trainer.config.epochs)

    def interrupted(self, resume: str) -> None:
        self._close()
        click.echo(f"\nInterrupted, and saved. Go on with: {resume}")

    def finish(self, run: "Run", result: "Result", following: str) -> None:
        from mlp_cli.reports.verdict import result_text

        stopping = run.trainer.config.early_stopping
        if stopping is not None and run.trainer.stopped_early:
            click.echo(f"Stopped early: no new best in {stopping.patience} epochs.")
        text = paint(result_text(result, run.trainer.config), "^test .*", bold=True)
        text = paint(text, "^(Over|Under)fitting", fg="yellow")
        click.echo(f"\n{text}\n\nrun          {visible(run.folder.path)}")
        click.echo(f"next         {following}")

    def _draw(self, event: StepsDone, epochs: int) -> None:
        from tqdm import tqdm

        bar = self._bar
        if bar is None:
            bar = tqdm(
                desc=f"epoch {event.epoch}/{epochs}",
                total=event.steps,
                leave=False,
                bar_format=BAR,
            )
            self._bar = bar
        bar.n = event.step
        bar.set_postfix_str(
            f"loss {event.train_loss:.4f}, accuracy {percent(event.train_accuracy)}"
        )
        self._drawn = time.monotonic()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


class JsonScreen(Screen):
    """One JSON object a line on stdout: each epoch, and the summary last."""

    def note(self, text: str) -> None:
        click.echo(f"Note: {text}", err=True)

    def show(self, event: StepsDone | EpochDone, run: "Run") -> None:
        if isinstance(event, EpochDone):
            click.echo(json.dumps(event.row()))

    def interrupted(self, resume: str) -> None:
        click.echo(f"Go on with: {resume}", err=True)

    def finish(self, run: "Run", result: "Result", following: str) -> None:
        summary = json.loads(run.folder.summary.read_text())
        click.echo(json.dumps({"run": str(run.folder.path), **summary}))


def _line(event: EpochDone, run: "Run") -> str:
    """An epoch's metrics; the best so far on validation examples is marked."""
    epochs = run.trainer.config.epochs
    head = f"epoch {event.epoch:>{len(str(epochs))}}/{epochs}"
    mark = ""
    line = f"{head}   train loss {event.train_loss:.4f}, {percent(event.train_accuracy):>8}"
    if event.val_loss is not None and event.val_accuracy is not None:
        line += f"   val loss {event.val_loss:.4f}, {percent(event.val_accuracy):>8}"
        best = best_epoch(run.trainer.history) is event
        mark = click.style("  * best", fg="green") if best else ""
    return f"{line}   {event.epoch_seconds:.2f} s{mark}"
