"""``mlp predict``: which digit is in a picture?"""

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from mlp_cli import blas
from mlp_cli.cli import completion
from mlp_cli.cli.colour import paint, tell
from mlp_cli.cli.datasets import data_dir_option
from mlp_cli.cli.outputs import json_lines_option, new_file
from mlp_cli.cli.several import hint_at_others, read_several
from mlp_cli.cli.shown import checkpoint_option, note_unfinished, test_digit
from mlp_cli.data.catalogue import is_mnist
from mlp_cli.errors import ImageError, UsageError, visible

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from mlp_cli.data.pictures import Picture, Preparation, Unread

MANY = 100  # pictures; for fewer, starting processes takes longer than it saves


@click.command()
@click.argument("images", nargs=-1, metavar="[IMAGE]...", shell_complete=completion.files)
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
@click.option("--split", is_flag=True, help="Read all digits of each picture, in their order.")
@click.option(
    "--annotate",
    type=click.Path(path_type=Path),
    callback=new_file,
    metavar="OUT",
    help="With --split and one picture: draw what was read into a copy, of the format it ends in.",
)
@click.option("--show", is_flag=True, help="Draw the pixels that the network sees.")
@json_lines_option
@click.option("--csv", "as_csv", is_flag=True, help="Print comma-separated values.")
@data_dir_option
def predict(
    images: tuple[str, ...],
    checkpoint: str,
    top: int,
    index: int | None,
    raw: bool,
    split: bool,
    annotate: Path | None,
    show: bool,
    as_json: bool,
    as_csv: bool,
    data_dir: Path | None,
) -> int:
    """Read the digit in each IMAGE: a file, a folder of them, or `-` for stdin.

    A picture is prepared as MNIST's were: its strokes found, in any colour, light and ground,
    evened, fitted into 20×20 pixels and centred by mass in 28×28. A network trained on IDX files or
    an .npz takes a picture of their size as it is.
    What cannot be read is reported (with --json its prediction is null), the rest is read, and the
    exit code is 1. From a hundred pictures on, all cores prepare them.

    \b
    Examples:
      mlp predict digit.png --show
      mlp predict scans/ --checkpoint runs/mnist-001 --json
      mlp predict scans/ --csv > read.csv
      mlp predict number.jpg --split --annotate read.png
      mlp predict --index 17 --checkpoint latest
    """
    if bool(images) == (index is not None):
        raise UsageError("name either pictures to read or, with --index N, a test digit")
    if as_csv and (as_json or show):
        raise UsageError("--csv: is a table by itself; leave --json and --show out")
    if split and (index is not None or raw or show or as_csv):
        raise UsageError("--split: leave --index, --raw, --show and --csv out")
    if split and click.get_current_context().get_parameter_source("top") != ParameterSource.DEFAULT:
        raise UsageError("--split: tells the likeliest number; leave --top out")
    if annotate is not None and (not split or len(images) != 1 or os.path.isdir(images[0])):
        raise UsageError("--annotate: is for one picture, with --split")

    blas.start()

    from mlp_cli.data.pictures import Picture, Unread, passed_over
    from mlp_cli.reports.annotated import format_of
    from mlp_cli.reports.answers import answer, answer_row, answer_text, head_row, no_answer
    from mlp_cli.reports.terminal import picture_text
    from mlp_cli.training.checkpoint import load
    from mlp_cli.training.names import find_checkpoint
    from mlp_cli.training.preparation import preparation

    if annotate is not None:
        format_of(annotate)  # before anything is read
    saved = load(find_checkpoint(checkpoint))
    note_unfinished(saved)
    if others := sum(passed_over(Path(name)) for name in images if os.path.isdir(name)):
        click.echo(
            f"Note: files passed over, for their suffix is no picture's: {others:,}", err=True
        )
    if split:
        return read_several(saved, images, annotate, as_json)
    make = preparation(saved, raw)
    looked_at: list[Image] = []  # a picture that more than one digit may be in
    if len(images) == 1 and os.path.isfile(images[0]) and is_mnist(saved.data_name):
        make = make if raw or as_json or as_csv else _keeping(make, looked_at)
    network = saved.network().folded()
    shown: Iterable[Picture | Unread] = (
        _prepared(images, saved.shape, make)
        if index is None
        else [test_digit(index, saved, data_dir)]
    )
    table = csv.writer(sys.stdout, lineterminator="\n")
    if as_csv:
        table.writerow(head_row(saved.classes))
    who, failed = f"{saved.title} reads:\n", 0
    for picture in shown:
        if isinstance(picture, Unread):
            read = no_answer(picture)
        else:
            read = answer(saved, network, picture)
        if read["prediction"] is None:
            _tell_beside_bar(f"Error: {read['error']}")
            failed = ImageError.exit_code
        read["checkpoint"] = saved.name
        if as_json:
            click.echo(json.dumps(read))
        elif as_csv:
            if sys.stdout.isatty():  # a file gets the name as it is
                read["image"] = visible(read["image"])
            table.writerow(answer_row(read, saved.classes))
        elif read["prediction"] is not None:
            told = paint(answer_text(read, top), "(?<=: )right$", fg="green")
            click.echo(who + paint(told, "(?<=: )wrong$", fg="red"))
            who = ""  # is said once
        if show and not as_json and isinstance(picture, Picture):
            click.echo(picture_text(picture.pixels.reshape(saved.shape)))
    for each in looked_at:
        hint_at_others(saved, network, each, images[0])
    return failed


def _keeping(make: "Preparation", kept: "list[Image]") -> "Preparation":
    """The same preparation, which keeps what it was given."""

    def prepare(picture: "Image", name: str, shape: tuple[int, int]) -> "NDArray[np.uint8]":
        kept.append(picture)
        return make(picture, name, shape)

    return prepare


def _tell_beside_bar(line: str) -> None:
    """On stderr, where a bar may be."""
    from tqdm import tqdm

    with tqdm.external_write_mode(sys.stderr):
        tell(line)


def _prepared(
    names: tuple[str, ...], shape: tuple[int, int], make: "Preparation"
) -> "Iterator[Picture | Unread]":
    """The pictures one by one; many of them by several processes, with a bar beside a file."""
    from mlp_cli.data.pictures import pictures, sources

    found = list(sources(names))
    if len(found) < MANY:
        yield from pictures(found, shape, make)
        return

    from tqdm import tqdm

    from mlp_cli.data.manypictures import pictures_in_parallel

    shown = pictures_in_parallel(found, shape, make)
    unseen = sys.stdout.isatty() or not sys.stderr.isatty()  # the answers show how far it is
    yield from tqdm(shown, total=len(found), unit="picture", disable=unseen)
