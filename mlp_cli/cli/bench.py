"""``mlp bench``: how fast does a config train here?"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli import blas
from mlp_cli.cli import completion
from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.cli.outputs import json_option
from mlp_cli.cli.settings import set_option

if TYPE_CHECKING:
    from mlp_cli.config import Override


@click.command()
@click.option(
    "--config",
    "-c",
    metavar="FILE",
    shell_complete=completion.configs,
    default="quickstart",
    show_default=True,
    help="A YAML file, or the name of a recipe.",
)
@set_option
@data_dir_option
@json_option
def bench(
    config: str, settings: "tuple[Override, ...]", data_dir: Path | None, as_json: bool
) -> None:
    """Measure how fast a config trains on this machine, and tell what slows it.

    It trains for a few seconds and keeps nothing.

    \b
    Examples:
      mlp bench
      mlp bench --config mnist --set batch_size=512 --json
    """
    machine = blas.start()

    from mlp_cli.config import load, to_plain
    from mlp_cli.reports.plan import banner
    from mlp_cli.reports.speed import hints, speed_text
    from mlp_cli.training.loop import Trainer
    from mlp_cli.training.speed import measure

    chosen = load(config, settings)
    dataset = open_data(chosen.data.name, data_dir)
    trainer = Trainer(chosen, dataset)
    if trainer.leaves_a_core:
        machine = blas.use_one_thread()
    if not as_json:
        click.echo(banner(trainer, str(machine)) + "\n")
    speed = measure(chosen, dataset, machine.threads or 1, blas.one_thread)
    told = hints(speed, machine.library, blas.unused_kernel(machine))
    if as_json:
        about = {"config": to_plain(chosen), "blas": asdict(machine)}
        click.echo(json.dumps({**about, **speed.to_json(), "hints": told}))
    else:
        click.echo(speed_text(speed, told))
