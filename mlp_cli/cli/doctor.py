"""``mlp doctor``: is everything well here, and what does a report of a fault need?"""

import json
from dataclasses import asdict
from pathlib import Path

import click

from mlp_cli import blas
from mlp_cli.cli.colour import paint
from mlp_cli.cli.datasets import data_dir_option
from mlp_cli.cli.outputs import json_option
from mlp_cli.errors import MlpError


@click.command()
@data_dir_option
@json_option
@click.pass_obj
def doctor(environ: dict[str, str], data_dir: Path | None, as_json: bool) -> int:
    """Show versions, processor, matrix library, data and disk, and test that slopes are right.

    The exit code is 1 if something is broken.

    \b
    Example:
      mlp doctor
    """
    machine = blas.start()

    from mlp_cli.data.directory import data_directory
    from mlp_cli.reports.healthtext import health_text
    from mlp_cli.training.health import health

    found = health(str(machine), data_directory(data_dir), environ)
    if as_json:
        click.echo(json.dumps({**asdict(found), "faults": found.faults}))
    else:
        verdict = "red" if found.faults else "green"
        click.echo(paint(health_text(found), r"(?<=\n\n)[\s\S]+", fg=verdict))
    return MlpError.exit_code if found.faults else 0
