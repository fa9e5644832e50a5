"""``mlp predict``: which digit is in a picture?"""

import json
from collections.abc import Iterable
from pathlib import Path

import click

from mlp_cli import blas
from mlp_cli.cli.datasets import data_dir_option
from mlp_cli.cli.shown import checkpoint_option, preparation, test_digit
from mlp_cli.errors import ImageError, UsageError


@click.command()
@click.argument("images", nargs=-1, metavar="[IMAGE]...")
@checkpoint_option
@click.option(
    "--top",
    default=3,
    show_default=True,
    type=click.IntRange(1),
    metavar="K",
    help="How many classes to tell.",
)
@click.option("--index", type=click.IntRange(0), metavar="N", help="Read this test digit instead.")
@click.option("--raw", is_flag=True, help="Take pictures as they are, without preparation.")
@click.option("--show", is_flag=True, help="Draw the pixels that the network sees.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@data_dir_option
def predict(
    images: tuple[str, ...],
    checkpoint: str,
    top: int,
    index: int | None,
    raw: bool,
    show: bool,
    as_json: bool,
    data_dir: Path | None,
) -> int:
    """Read the digit in each IMAGE: a file, a folder of them, or `-` for stdin.

    A picture is prepared as MNIST's were: its strokes found, in any colour, light and ground,
    evened, fitted into 20×20 pixels and centred by mass in 28×28. A network trained on IDX files or
    an .npz takes a picture of their size as it is.
    What cannot be read is reported (with --json its prediction is null), the rest is read, and the
    exit code is 1.

    \b
    Examples:
      mlp predict digit.png --show
      mlp predict scans/ --checkpoint runs/mnist-001 --json
      mlp predict --index 17
    """
    if bool(images) == (index is not None):
        raise UsageError("name either pictures to read or, with --index N, a test digit")

    blas.start()

    from mlp_cli.data.pictures import Picture, Unread, pictures
    from mlp_cli.reports.answers import answer, answer_text, no_answer
    from mlp_cli.reports.terminal import picture_text
    from mlp_cli.training.checkpoint import load
    from mlp_cli.training.rundir import find_checkpoint

    saved = load(find_checkpoint(checkpoint))
    make = preparation(saved, raw)
    network = saved.network().folded()
    shown: Iterable[Picture | Unread] = (
        pictures(images, saved.shape, make)
        if index is None
        else [test_digit(index, saved, data_dir)]
    )
    if not as_json:
        click.echo(f"{saved.path} reads:")
    failed = 0
    for picture in shown:
        if isinstance(picture, Unread):
            click.echo(f"Error: {picture.why}", err=True)
            failed = ImageError.exit_code
            read = no_answer(picture)
        else:
            read = answer(network, picture, saved.classes)
        if as_json:
            click.echo(json.dumps({**read, "checkpoint": str(saved.path)}))
        elif isinstance(picture, Picture):
            click.echo(answer_text(read, top))
            if show:
                click.echo(picture_text(picture.pixels.reshape(saved.shape)))
    return failed
