"""What ``mlp predict --split`` does: every digit of a picture, in order."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli.cli.colour import tell
from mlp_cli.data.catalogue import is_mnist
from mlp_cli.errors import ImageError, UsageError, visible

if TYPE_CHECKING:
    from PIL.Image import Image

    from mlp_cli.nn import Network
    from mlp_cli.training.checkpoint import Checkpoint


def read_several(
    saved: "Checkpoint", names: Iterable[str], annotated: Path | None, as_json: bool
) -> int:
    """Read all digits of each picture, and draw them into a copy where that is asked.

    Args:
        saved: reads them.
        names: as for ``sources``; a single file if there is to be a copy.
        annotated: where the copy goes.
        as_json: print one JSON object a line.

    Returns:
        The exit code.
    """
    from mlp_cli.data.images import load_image
    from mlp_cli.data.pictures import Unread, sources
    from mlp_cli.data.several import digits_in
    from mlp_cli.reports.annotated import annotate
    from mlp_cli.reports.answers import no_answer, several_answers, several_text

    if not is_mnist(saved.data_name):
        raise UsageError(
            f"--split: finds digits, and {saved.title} was trained on {saved.data_name}"
        )
    network = saved.network().folded()
    who, failed = f"{saved.title} reads:\n", 0
    for source in sources(names):
        try:
            if isinstance(source, Unread):
                raise ImageError(source.why)
            picture = load_image(source.held, source.name)
            found = digits_in(picture, source.name, saved.shape)
            read = several_answers(saved, network, source.name, found)
        except ImageError as error:
            read = no_answer(Unread(source.name, str(error)))
        if read["prediction"] is None:
            tell(f"Error: {read['error']}")
            failed = ImageError.exit_code
        else:
            if annotated is not None:
                annotate(picture, read["digits"], annotated)
            if not as_json:
                click.echo(who + several_text(read))
                who = ""  # is said once
            if annotated is not None:
                click.echo(f"Drawn into {visible(annotated)}", err=as_json)
        if as_json:
            click.echo(json.dumps({**read, "checkpoint": saved.name}))
    return failed


def hint_at_others(saved: "Checkpoint", network: "Network", picture: "Image", name: str) -> None:
    """Say it where a picture has more digits than the one that is read."""
    from mlp_cli.data.several import digits_in
    from mlp_cli.reports.answers import several_answers

    if picture.size == saved.shape[::-1]:
        return
    try:
        found = digits_in(picture, name, saved.shape)
    except ImageError:  # it was told already
        return
    digits = several_answers(saved, network, name, found).get("digits", [])
    number = sum(digit["prediction"] is not None for digit in digits)
    if number > 1:
        click.echo(f"Note: {visible(name)} may have {number} digits; --split reads all.", err=True)
