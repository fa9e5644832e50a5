"""What a person sees of a sweep on several workers: on a terminal, one bar of all trials."""

from typing import TYPE_CHECKING, Any

import click

from mlp_cli.cli.screen import BAR
from mlp_cli.cli.sweepscreen import SweepScreen
from mlp_cli.reports.sweep import trial_line
from mlp_cli.training.sweep import Begun, Further, Happening, Sweep
from mlp_cli.training.trials import Trial

if TYPE_CHECKING:
    pass

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
                self.close()
                click.echo(trial_line(event, self._sweep))
            case _:
                return
        if self._moving:
            self._together()

    def _together(self) -> None:
        """Draw the bar: trials done, with their parts, and how far those under way are."""
        from tqdm import tqdm

        if self._bar is None:
            self._bar = tqdm(desc="trials", total=self._sweep.total, leave=False, bar_format=BAR)
        bar: tqdm[Any] = self._bar
        parts = sum(done / epochs for done, epochs in self._running.values())
        bar.n = round(len(self._sweep.trials) + parts, 1)
        told = [f"{n}: {done}/{epochs}" for n, (done, epochs) in sorted(self._running.items())]
        more = f" and {len(told) - NAMED} more" if len(told) > NAMED else ""
        bar.set_postfix_str(", ".join(told[:NAMED]) + more)
