"""A copy of a picture with a box around each digit and its answer beside it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlp_cli.data.images import FORMATS
from mlp_cli.errors import RunError, UsageError
from mlp_cli.files import replacing
from mlp_cli.reports.answers import UNKNOWN

if TYPE_CHECKING:
    from PIL.Image import Image

COLOUR = "#D55E00"
LEAST = 12  # pixels: smaller letters are not read


def annotate(picture: "Image", digits: Sequence[dict[str, Any]], path: Path) -> None:
    """Write the copy, whole or not at all.

    Args:
        picture: what was read.
        digits: the answers, each with its ``box`` and its ``prediction``.
        path: where to, and in which format.

    Raises:
        UsageError: as for ``format_of``.
        RunError: it cannot be written.
    """
    from PIL import ImageDraw, ImageFont

    copy = picture.convert("RGB")
    draw = ImageDraw.Draw(copy)
    highest = max(digit["box"][3] - digit["box"][1] for digit in digits)
    size = max(LEAST, highest // 4)
    font = ImageFont.load_default(size)
    line = max(1, highest // 40)
    for digit in digits:
        left, top, right, bottom = digit["box"]
        draw.rectangle((left - line, top - line, right + line, bottom + line), None, COLOUR, line)
        if top < size and bottom + size <= copy.height:  # no room above, but below
            draw.text((left, bottom + 2 * line), digit["prediction"] or UNKNOWN, COLOUR, font, "lt")
        else:
            place = max(top - 2 * line, size)
            draw.text((left, place), digit["prediction"] or UNKNOWN, COLOUR, font, "lb")
    try:
        with replacing(path) as file:
            copy.save(file, format_of(path))
    except (OSError, ValueError) as error:  # the latter is Pillow's, of too large a picture
        why = getattr(error, "strerror", None) or error
        raise RunError(f"cannot write {path}: {why}") from None


def format_of(path: Path) -> str:
    """The format that a file's suffix stands for.

    Raises:
        UsageError: it stands for none that pictures are read from.
    """
    from PIL import Image

    form = Image.registered_extensions().get(path.suffix.lower())
    if form not in FORMATS:
        raise UsageError(f"--annotate {path}: must end as a picture does: .png, .jpg, .webp …")
    return form
