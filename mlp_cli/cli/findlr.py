"""``mlp train --find-lr``: how the loss changes with the learning rate."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli.errors import visible

if TYPE_CHECKING:
    from mlp_cli.blas import Blas
    from mlp_cli.training.loop import Trainer


def find_rate(trainer: "Trainer", machine: "Blas", out: Path | None, as_json: bool) -> int:
    """Show how the loss changes with the learning rate."""
    from mlp_cli.reports.plan import banner
    from mlp_cli.reports.rangechart import range_text
    from mlp_cli.training.rangetest import range_test

    if not as_json:
        click.echo(banner(trainer, str(machine)) + "\n")
    test = range_test(trainer.config, trainer.dataset, machine.threads or 1)
    click.echo(json.dumps(test.to_json()) if as_json else range_text(test))
    if out is not None:
        from mlp_cli.reports.figures import draw_range_test

        draw_range_test(test, out)
        click.echo(f"Drawn into {visible(out)}", err=as_json)
    return 0
