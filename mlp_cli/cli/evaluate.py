"""``mlp eval``: how good is a trained network?"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli import blas
from mlp_cli.cli.datasets import data_dir_option, open_data

if TYPE_CHECKING:
    from mlp_cli.training.subject import Part


@click.command("eval")
@click.argument("checkpoint")
@click.option(
    "--split",
    type=click.Choice(["test", "validation", "train"]),
    default="test",
    show_default=True,
    help="Which examples, as the training divided them.",
)
@click.option("--data", "data_name", metavar="NAME", help="Another data set than the training's.")
@data_dir_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(
    checkpoint: str,
    split: "Part",
    data_name: str | None,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Judge CHECKPOINT: an .npz file, a run folder (its best epoch) or `latest`.

    \b
    Examples:
      mlp eval latest
      mlp eval runs/mnist-001 --split validation --json
    """
    blas.start()

    from mlp_cli.reports.tables import evaluation_text
    from mlp_cli.training.checkpoint import load
    from mlp_cli.training.evaluate import judge
    from mlp_cli.training.rundir import find_checkpoint
    from mlp_cli.training.subject import subject

    saved = load(find_checkpoint(checkpoint))
    network = saved.network()
    dataset = open_data(data_name or saved.data_name, data_dir)
    examples, rows, warning = subject(saved, dataset, split)
    if warning:
        click.echo(f"Warning: {warning}, so this accuracy says little about new ones.", err=True)
    evaluation = judge(network, examples, rows, dataset.classes)
    if as_json:
        about = {"checkpoint": str(saved.path), "data": dataset.name, "split": split}
        click.echo(json.dumps({**about, "warning": warning, **evaluation.to_json()}))
    else:
        click.echo(f"checkpoint         {saved.path}\ndata               {dataset.name}, {split}")
        click.echo(evaluation_text(evaluation))
