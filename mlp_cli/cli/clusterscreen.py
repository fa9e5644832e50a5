"""What a person sees of a sweep on several workers: on a terminal, one bar of all trials."""

import time

import click

from mlp_cli.cli.screen import BAR, REDRAWN_EVERY
from mlp_cli.cli.sweepscreen import SweepScreen
from mlp_cli.reports.sweep import trial_line
from mlp_cli.training.sweep import Begun, Further, Happening, Sweep
from mlp_cli.training.trials import Trial

NAMED = 4  # trials at most whose epochs are told


class ClusterScreen(SweepScreen):
    """Shows a sweep with several trials under way."""

    def __init__(self, sweep: Sweep) -> None:
        super().__init__(sweep)
        self._running: dict[int, tuple[int, int]] = {}  # by number: epochs done and planned

    def show(self, event: Happening) -> None:
        match event:
            case Begun():
                self._running[event.number] = (0, event.epochs)
            case Further():
                self._running[event.number] = (event.epoch.epoch, self._running[event.number][1])
            case Trial():
                del self._running[event.number]
                if self._bar is not None:
                    self._bar.clear()
                click.echo(trial_line(event, self._sweep))
        if self._moving and time.monotonic() - self._drawn >= REDRAWN_EVERY:
            self._together()

    def _together(self) -> None:
        """Draw the bar: trials done, with their parts, and how far those under way are."""
        from tqdm import tqdm

        done, total = len(self._sweep.trials), self._sweep.total
        if self._bar is None:
            self._bar = tqdm(desc="trials", initial=done, total=total, leave=False, bar_format=BAR)
        bar = self._bar
        bar.n = round(done + sum(at / epochs for at, epochs in self._running.values()), 1)
        told = [
            f"{number}: {at}/{epochs}" for number, (at, epochs) in sorted(self._running.items())
        ]
        more = f" and {len(told) - NAMED} more" if len(told) > NAMED else ""
        bar.set_postfix_str(", ".join(told[:NAMED]) + more)
        self._drawn = time.monotonic()

    def finish(self, best: Trial, importances: dict[str, float], following: str) -> None:
        self.close()
        super().finish(best, importances, following)
