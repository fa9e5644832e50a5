"""``mlp export``: the network of a checkpoint, for other programs than this one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli import blas, shipped
from mlp_cli.cli.outputs import new_file
from mlp_cli.data.catalogue import is_mnist
from mlp_cli.errors import visible

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mlp_cli.training.checkpoint import Checkpoint


@click.command()
@click.argument("checkpoint")
@click.option(
    "--format",
    default="html",
    show_default=True,
    expose_value=False,  # there is but one
    type=click.Choice(["html"]),
    help="html: a page to draw on, in which the network reads what is drawn.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    callback=new_file,
    metavar="FILE",
    help="Where to.",
)
def export(checkpoint: str, out: Path) -> None:
    """Write the network of CHECKPOINT as a file for other programs.

    CHECKPOINT is an .npz file, a run folder, `latest`, or `shipped`, the one that comes along. The
    page needs no server and no other file: open it in any browser, on a phone too. Its weights are
    rounded to 16 bits.

    \b
    Examples:
      mlp export shipped --format html --out draw.html
      mlp export latest --format html --out mine.html
    """
    blas.start()

    from mlp_cli.reports.drawingpage import write_drawing_page
    from mlp_cli.training.checkpoint import load
    from mlp_cli.training.names import find_checkpoint

    saved = load(find_checkpoint(checkpoint))
    size = write_drawing_page(saved, _examples(saved), out)
    click.echo(f"{visible(str(out))}: {size / 1000:,.0f} kB; open it in a browser")


def _examples(saved: "Checkpoint") -> "NDArray[np.uint8] | None":
    """The first of each class among the test digits of the sample that comes along."""
    if not is_mnist(saved.data_name):
        return None

    from mlp_cli.data.dataset import open_dataset

    test = open_dataset("mnist-5k", shipped.DATA).test
    firsts = [int((test.labels == k).argmax()) for k in range(len(saved.classes))]
    return test.images[firsts]
