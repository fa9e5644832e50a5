"""``mlp predict``: which digit is in a picture?"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.errors import DataError, ImageError, UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mlp_cli.training.checkpoint import Checkpoint

STDIN = "-"


@click.command()
@click.argument("images", nargs=-1, metavar="[IMAGE]...")
@click.option(
    "--checkpoint",
    "-c",
    default="latest",
    show_default=True,
    help="An .npz file, a run folder (its best epoch) or `latest`.",
)
@click.option("--top", default=3, show_default=True, type=click.IntRange(1), metavar="K")
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

    A picture is prepared as MNIST's were: its ink found, fitted into 20×20 pixels and centred by
    mass in 28×28. What cannot be read is reported, the rest is read, and the exit code is 1.

    \b
    Examples:
      mlp predict digit.png --show
      mlp predict scans/ --checkpoint runs/mnist-001 --json
      mlp predict --index 17
    """
    if bool(images) == (index is not None):
        raise UsageError("name the pictures to read, or a test digit with --index N")

    from mlp_cli.training.checkpoint import load
    from mlp_cli.training.rundir import find_checkpoint

    saved = load(find_checkpoint(checkpoint))
    network = saved.network()
    if not as_json:
        click.echo(f"{saved.path} reads:")
    failed = 0
    digits = _pictures(images, saved, raw) if index is None else _test_digit(index, saved, data_dir)
    for digit in digits:
        if isinstance(digit, ImageError):
            click.echo(f"Error: {digit}", err=True)
            failed = 1
            continue
        (probabilities,) = network.probabilities(digit.inputs)
        answer = _answer(digit, probabilities, saved.classes)
        if as_json:
            click.echo(json.dumps({**answer, "checkpoint": str(saved.path)}))
            continue
        click.echo(_text(answer, top))
        if show:
            from mlp_cli.reports.terminal import picture_text

            click.echo(picture_text(digit.pixels.reshape(saved.shape)))
    return failed


@dataclass(frozen=True)
class _Digit:
    """Something to read."""

    name: str
    pixels: "NDArray[np.uint8]"  # (n_in,)
    truth: str | None = None

    @property
    def inputs(self) -> "NDArray[np.float32]":
        """(1, n_in), in [0, 1]."""
        import numpy as np

        return (self.pixels[None] * np.float32(1 / 255)).astype(np.float32)


def _pictures(
    names: tuple[str, ...], saved: "Checkpoint", raw: bool
) -> Iterator[_Digit | ImageError]:
    """Each picture prepared, or why it cannot be."""
    from mlp_cli.data.images import as_pixels, load_image, prepare

    make = as_pixels if raw else prepare
    for name in names:
        for shown, source in _sources(name):
            try:
                picture = load_image(source, shown)
                yield _Digit(shown, make(picture, shown, saved.shape))
            except ImageError as error:
                yield error


def _sources(name: str) -> Iterator[tuple[str, Path | bytes]]:
    """The files that a word of the command line means, in the order of their names."""
    if name == STDIN:
        yield "stdin", sys.stdin.buffer.read()
    elif Path(name).is_dir():
        for path in sorted(Path(name).iterdir()):
            if path.is_file() and not path.name.startswith("."):
                yield str(path), path
    else:
        yield name, Path(name)


def _test_digit(index: int, saved: "Checkpoint", data_dir: Path | None) -> Iterator[_Digit]:
    """A digit of the test set, with what it is."""
    dataset = open_data(saved.data_name, data_dir)
    if index >= len(dataset.test):
        raise DataError(
            f"--index {index}: {dataset.name} has test digits 0 to {len(dataset.test) - 1}"
        )
    truth = dataset.classes[dataset.test.labels[index]]
    yield _Digit(f"{dataset.name} test digit {index}", dataset.test.images[index], truth)


def _answer(
    digit: _Digit, probabilities: "NDArray[np.floating]", classes: tuple[str, ...]
) -> dict[str, Any]:
    best = int(probabilities.argmax())
    answer: dict[str, Any] = {
        "image": digit.name,
        "prediction": classes[best],
        "confidence": float(probabilities[best]),
        "probabilities": dict(zip(classes, map(float, probabilities), strict=True)),
    }
    if digit.truth is not None:
        answer["truth"] = digit.truth
    return answer


def _text(answer: dict[str, Any], top: int) -> str:
    """An answer on a line, with the runners-up."""
    ranked = sorted(answer["probabilities"].items(), key=lambda pair: -pair[1])
    (first, sure), *others = ranked[:top]
    line = f"{answer['image']}: {first} ({100 * sure:.1f} %)"
    if others:
        line += "  then " + ", ".join(f"{name} ({100 * p:.1f} %)" for name, p in others)
    if "truth" in answer:
        right = "right" if answer["truth"] == answer["prediction"] else "wrong"
        line += f"  it is {answer['truth']}: {right}"
    return line
