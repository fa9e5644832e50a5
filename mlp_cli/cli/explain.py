"""``mlp explain``: why did the network read this as it did?"""

import json
from pathlib import Path

import click

from mlp_cli import blas
from mlp_cli.cli import completion
from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.cli.outputs import json_option, new_file
from mlp_cli.cli.shown import checkpoint_option, test_digit
from mlp_cli.errors import ImageError, MlpError, UsageError, visible


@click.command()
@click.argument("image", required=False, shell_complete=completion.files)
@checkpoint_option
@click.option("--index", type=click.IntRange(0), metavar="N", help="Look at this test digit.")
@click.option("--raw", is_flag=True, help="Take the picture as it is, without preparation.")
@click.option(
    "--figure",
    type=click.Path(path_type=Path),
    callback=new_file,
    metavar="OUT.png",
    help="Also draw it into this file.",
)
@json_option
@data_dir_option
def explain(
    image: str | None,
    checkpoint: str,
    index: int | None,
    raw: bool,
    figure: Path | None,
    as_json: bool,
    data_dir: Path | None,
) -> None:
    """Show what the network did with IMAGE, layer by layer, and why it gave its answer.

    Which neurons fired; which pixels spoke for and against the answer (integrated gradients); the
    nearest training examples, where they are here; and the smallest change found that makes it
    another answer.

    \b
    Examples:
      mlp explain digit.png
      mlp explain --index 17 --checkpoint latest --figure why.png
    """
    if (image is None) == (index is None):
        raise UsageError("name either a picture or, with --index N, a test digit")
    if image is not None and Path(image).is_dir():
        raise UsageError(f"{visible(image)}: is a folder; name one of its pictures")

    blas.start()

    import numpy as np

    from mlp_cli.data.pictures import Unread, pictures, sources
    from mlp_cli.reports.answers import answer_of
    from mlp_cli.reports.explanation import Neighbour, explanation_json, explanation_text
    from mlp_cli.training.checkpoint import load
    from mlp_cli.training.explain import explain as look
    from mlp_cli.training.explain import nearest_examples
    from mlp_cli.training.names import find_checkpoint
    from mlp_cli.training.preparation import preparation
    from mlp_cli.training.subject import subject

    saved = load(find_checkpoint(checkpoint))
    if index is not None:
        picture = test_digit(index, saved, data_dir)
    else:
        found = next(iter(pictures(sources([str(image)]), saved.shape, preparation(saved, raw))))
        if isinstance(found, Unread):
            raise ImageError(found.why)
        picture = found
    network = saved.network().folded()
    (x,) = picture.inputs(network.dtype)
    told = look(network, x)
    read = answer_of(saved, picture, told.probabilities)
    if read["prediction"] is None:
        click.echo(f"Note: {read['error']}", err=True)
    try:
        split, rows, _ = subject(saved, open_data(saved.data_name, data_dir), "train")
        nearest = nearest_examples(x, split, rows)
        shown = split.take(np.array([i for i, _ in nearest]))
        near = [
            Neighbour(image.reshape(saved.shape), saved.classes[label], distance)
            for image, label, (_, distance) in zip(shown.images, shown.labels, nearest, strict=True)
        ]
    except MlpError:  # a network can be looked into without its data
        near = []
    if figure is not None:
        from mlp_cli.reports.explainfigure import draw_explanation

        draw_explanation(picture, told, saved.classes, saved.shape, figure)
    if as_json:
        page = explanation_json(picture, told, near, saved.classes)
        if read["prediction"] is None:
            page |= {"prediction": None, "error": read["error"]}
        click.echo(json.dumps({**page, "checkpoint": saved.name}))
    else:
        click.echo(f"{saved.title} reads:")
        click.echo(explanation_text(picture, told, near, saved.classes, saved.shape))
