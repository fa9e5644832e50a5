"""``mlp inspect``: what is in a checkpoint."""

import json
from pathlib import Path

import click

from mlp_cli import blas
from mlp_cli.cli import completion
from mlp_cli.cli.datasets import data_dir_option
from mlp_cli.cli.outputs import json_option, new_folder


@click.command()
@click.argument("checkpoint", shell_complete=completion.checkpoints)
@click.option(
    "--figures",
    type=click.Path(path_type=Path),
    callback=new_folder,
    metavar="DIR",
    help="Draw weights, activations and gradients into DIR.",
)
@data_dir_option
@json_option
def inspect(checkpoint: str, figures: Path | None, data_dir: Path | None, as_json: bool) -> None:
    """Show the layers, parameters, config, metrics and weights of CHECKPOINT.

    It is an .npz file, a run folder (its best epoch), `latest` or `shipped`, the one that comes
    along.
    With a thousand training examples, where they are here, units are counted: dead are those that
    all leave the same, and saturated those whose slope is below 0.01 for 99 of 100.

    \b
    Examples:
      mlp inspect latest
      mlp inspect runs/mnist-001/last.npz --json
      mlp inspect latest --figures inside
    """
    blas.start()

    from mlp_cli.data.dataset import open_dataset
    from mlp_cli.data.directory import data_directory
    from mlp_cli.errors import MlpError, visible
    from mlp_cli.reports.inspection import inspection, inspection_text
    from mlp_cli.training.checkpoint import load
    from mlp_cli.training.names import find_checkpoint
    from mlp_cli.training.subject import subject

    saved = load(find_checkpoint(checkpoint))
    try:
        dataset = open_dataset(saved.data_name, data_directory(data_dir))
        examples, _, _ = subject(saved, dataset, "train")
    except MlpError:  # a checkpoint can be looked at without its data
        examples = None
    found = inspection(saved, examples)
    click.echo(json.dumps(found) if as_json else inspection_text(found))
    if figures is not None:
        from mlp_cli.reports.inspectionfigures import draw_inside

        drawn = draw_inside(saved, examples, figures)
        click.echo(f"\nDrawn: {visible(', '.join(map(str, drawn)))}", err=as_json)
