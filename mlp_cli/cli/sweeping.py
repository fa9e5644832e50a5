"""How a sweep is followed on a screen: to its end, to a signal, or until nobody reads on."""

from contextlib import closing

import click

from mlp_cli.cli.clusterscreen import ClusterScreen
from mlp_cli.cli.interrupt import BY_SIGNAL, interruptible
from mlp_cli.cli.sweepjson import JsonSweepScreen
from mlp_cli.cli.sweepscreen import SweepScreen
from mlp_cli.errors import ClusterError, command_line
from mlp_cli.reports.sweepfigures import draw_sweep
from mlp_cli.training.importance import importances
from mlp_cli.training.names import BEST
from mlp_cli.training.sweep import Sweep


def follow(made: Sweep, blas: str, as_json: bool, going_on: str) -> int:
    """Make the trials, until all are made or a signal or a closed pipe, and show them.

    Args:
        made: the sweep.
        blas: what multiplies its matrices.
        as_json: for a script.
        going_on: the command that goes on where it is stopped.

    Returns:
        The exit code.
    """
    screen = _screen(made, as_json)
    screen.begin(blas)
    with interruptible() as asked, closing(made.run()) as events:
        try:
            for event in events:
                try:
                    screen.show(event)
                except OSError:  # nobody reads on, as after `| head`, or the disk is full
                    click.echo(f"Go on with: {going_on}", err=True)
                    raise
                if number := asked():
                    screen.interrupted(going_on)
                    return BY_SIGNAL + number
        except ClusterError as error:
            screen.close()
            raise ClusterError(f"{error}. Go on with: {going_on}") from error
        best, shares = made.finish(), importances(made.trials, made.space)
    following = ["mlp", "train", "--config", str(made.path / BEST)]
    screen.finish(best, shares, command_line(following))
    if made.base.plots:
        draw_sweep(made, shares, made.path)
    return 0


def _screen(made: Sweep, as_json: bool) -> SweepScreen:
    if as_json:
        return JsonSweepScreen(made)
    return ClusterScreen(made) if made.together else SweepScreen(made)
