"""``mlp export``: the network of a checkpoint, for other programs than this one."""

import json
import math
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli import blas, shipped
from mlp_cli.cli import completion
from mlp_cli.cli.outputs import json_option, new_file
from mlp_cli.data.catalogue import is_mnist
from mlp_cli.errors import MlpError, UsageError, visible

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from mlp_cli.training.checkpoint import Checkpoint


FORMATS = ("html", "onnx", "safetensors")
ENDINGS = {"": "html", ".htm": "html"} | {f".{form}": form for form in FORMATS}


@click.command()
@click.argument("checkpoint", shell_complete=completion.checkpoints)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="html: a page to draw on, in which the network reads what is drawn. onnx: a graph for "
    "any ONNX runtime. safetensors: weights for PyTorch. Default: what FILE ends in; "
    "html, if that is nothing.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    callback=new_file,
    metavar="FILE",
    help="Where to.",
)
@json_option
def export(checkpoint: str, form: str | None, out: Path, as_json: bool) -> None:
    """Write the network of CHECKPOINT as a file for other programs.

    CHECKPOINT is an .npz file, a run folder, `latest`, or `shipped`, the one that comes along.

    html: the page needs no server and no other file: open it in any browser, on a phone too. Its
    weights are rounded to 16 bits.

    onnx: `pixels` (N, 784), uint8 from 0 to 255, go in as the data set has them, `logits` and
    calibrated `probabilities` (N, 10) come out: scaling, and deskewing where the network learned
    from deskewed digits, are in the graph. Needs pip install 'mlp-cli[onnx]'.

    safetensors: named as PyTorch's nn.Sequential names its tensors; which one to build is told, and
    in the metadata. It takes pixels / 255. Needs pip install 'mlp-cli[safetensors]'.

    \b
    Examples:
      mlp export shipped --format html --out draw.html
      mlp export latest --format onnx --out digits.onnx
      mlp export latest --format safetensors --out digits.safetensors
    """
    form = form or ENDINGS.get(out.suffix.lower())
    if form is None:
        raise UsageError(
            f"--out {out}: its ending says no format; end it in .html, .onnx or .safetensors, or "
            "give --format"
        )
    if form != "html" and find_spec(form) is None:
        raise MlpError(
            f"--format {form} needs a package that is not here: pip install 'mlp-cli[{form}]'"
        )
    blas.start()

    from mlp_cli.training.checkpoint import load
    from mlp_cli.training.names import find_checkpoint

    write = {"html": _html, "onnx": _onnx, "safetensors": _safetensors}[form]
    saved = load(find_checkpoint(checkpoint))
    size, how = write(saved, out)
    if as_json:
        told = {"checkpoint": saved.name, "file": str(out), "format": form}
        click.echo(json.dumps({**told, "bytes": size, "use": how}))
    else:
        click.echo(f"{visible(out)}: {size / 1000:,.0f} kB; {how}")


def _html(saved: "Checkpoint", out: Path) -> tuple[int, str]:
    """Write the page; gives its size and what to do with it, as the others do."""
    from mlp_cli.reports.drawingpage import write_drawing_page

    return write_drawing_page(saved, _examples(saved), out), "open it in a browser"


def _onnx(saved: "Checkpoint", out: Path) -> tuple[int, str]:
    from mlp_cli.reports.onnxfile import write_onnx

    inputs, classes = math.prod(saved.shape), len(saved.classes)
    return write_onnx(saved, out), (
        f"takes uint8 pixels (N, {inputs}){', deskews them' if saved.config.data.deskew else ''} "
        f"and gives logits and probabilities (N, {classes})"
    )


def _safetensors(saved: "Checkpoint", out: Path) -> tuple[int, str]:
    from mlp_cli.reports.safetensorsfile import write_safetensors

    return write_safetensors(saved, out)


def _examples(saved: "Checkpoint") -> "NDArray[np.uint8] | None":
    """The first of each class among the test digits of the sample that comes along."""
    if not is_mnist(saved.data_name):
        return None

    from mlp_cli.data.dataset import open_dataset

    test = open_dataset("mnist-5k", shipped.DATA).test
    firsts = [int((test.labels == k).argmax()) for k in range(len(saved.classes))]
    return test.images[firsts]
