"""A training followed: told epoch by epoch, until it ends or something stops it."""

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli.errors import command_line

if TYPE_CHECKING:
    from mlp_cli.cli.screen import Screen
    from mlp_cli.training.ranks import Alone
    from mlp_cli.training.run import Run


def follow(
    run: "Run", screen: "Screen", data_dir: Path | None, tensorboard: bool, ranks: "Alone"
) -> int:
    """Train to the end, or until a signal or a closed pipe, and show it."""
    from mlp_cli.cli.board import watched
    from mlp_cli.cli.interrupt import BY_SIGNAL, interruptible
    from mlp_cli.reports.figures import draw_confusion, draw_curves

    path = str(run.folder.path)
    same_data = [] if data_dir is None else ["--data-dir", str(data_dir)]
    going_on = command_line([*ranks.launcher, "mlp", "train", "--resume", path, *same_data])
    screen.begin(run)
    with interruptible() as asked, watched(run, tensorboard, screen) as tell:
        for event in run.train():
            tell(event)
            try:
                screen.show(event, run)
            except OSError:  # nobody reads on, as after `| head`, or the disk is full
                run.save()
                click.echo(f"Saved. Go on with: {going_on}", err=True)
                raise
            if number := ranks.most(asked()):
                run.save()
                screen.interrupted(going_on)
                ranks.part()
                return BY_SIGNAL + number
        result = run.finish(shlex.join([*ranks.launcher, "mlp", *sys.argv[1:]]))
        tell(result)
        ranks.part()
    index = str(min(17, len(run.trainer.dataset.test) - 1))
    following = ["mlp", "predict", "--checkpoint", path, "--index", index, "--show", *same_data]
    screen.finish(run, result, command_line(following))
    if run.trainer.config.plots:
        draw_curves(run.trainer.history, run.folder.curves)
        draw_confusion(result.test.confusion, run.trainer.dataset.classes, run.folder.confusion)
    return 0
