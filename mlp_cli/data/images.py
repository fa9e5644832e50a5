"""A picture file read as its viewer sees it: upright, opaque, in 8 bits."""

import logging
import os
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mlp_cli.errors import ImageError

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[np.uint8]

# Formats that Pillow decodes by itself (its EPS reader, for one, would run Ghostscript).
FORMATS = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "PPM")
MOST_PIXELS = 50_000_000
MOST_BYTES = 250_000_000
LOOKED_AT = 1000  # pixels of the longer side are enough to tell how light ink is
STDERR = 2  # its file descriptor
_DEAF = logging.NullHandler()
_TURN = Lock()  # warnings and standard error are of the whole process
LIGHT = 192  # of 255: on a transparent ground, ink lighter than this is drawn on black


def load_image(source: Path | bytes, name: str) -> "Image":
    """Read a picture (of an animation, the first frame) as the viewer sees it.

    Args:
        source: a file, or the bytes of one.
        name: what errors call the picture.

    Returns:
        The picture upright (EXIF applied), opaque (on white) and 8-bit: of mode ``L`` or ``RGB``.

    Raises:
        ImageError: the file is missing, damaged, too large or not a picture.
    """
    from PIL import Image

    with _told(name):
        # From memory, where what a damaged file promises to hold is not asked for.
        opened = BytesIO(source if isinstance(source, bytes) else _bytes_of(source, name))
        with Image.open(opened, formats=FORMATS) as picture:
            return _seen(picture)


def as_seen(picture: "Image", name: str = "the picture") -> "Image":
    """A picture that Pillow has opened or made, as the viewer sees it; as ``load_image`` gives it.

    Raises:
        ImageError: it is empty, damaged, too large or of floating-point pixels.
    """
    if not all(picture.size):
        raise ImageError(f"{name} has no pixels")
    with _told(name):
        return _seen(picture)


def _seen(picture: "Image") -> "Image":
    from PIL import Image, ImageOps

    if picture.width * picture.height > MOST_PIXELS:
        raise Image.DecompressionBombError
    with _silence() if picture.format == "TIFF" else nullcontext():
        return _plain(ImageOps.exif_transpose(picture))


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Tell in a line what is wrong with a picture."""
    from PIL import Image, UnidentifiedImageError

    logging.getLogger("PIL").addHandler(_DEAF)  # without one, Python tells of damage on its own
    try:
        with _TURN, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damage that can be read past; size is checked too
            yield
    except Image.DecompressionBombError:
        limit = MOST_PIXELS // 1_000_000
        raise ImageError(f"{name} has more than {limit} million pixels; make it smaller") from None
    except UnidentifiedImageError:
        raise ImageError(f"{name} is not a picture; known are {', '.join(FORMATS)}") from None
    except (OSError, SyntaxError, TypeError, ValueError, struct.error) as error:
        if isinstance(error, OSError) and error.strerror:  # from the system, not from Pillow
            raise ImageError(f"{name} cannot be read: {error.strerror}") from None
        raise ImageError(f"{name} cannot be read ({error}); save it anew as PNG") from None


def as_pixels(
    picture: "Image", name: str = "the picture", shape: tuple[int, int] = (28, 28)
) -> Pixels:
    """Take a picture as it is, in greyscale: (height * width,) pixels, row by row.

    Raises:
        ImageError: the picture is not of this shape.
    """
    if (picture.height, picture.width) != shape:
        raise ImageError(
            f"{name} is {picture.width}×{picture.height} pixels and the network takes "
            f"{shape[1]}×{shape[0]}; without --raw it is fitted"
        )
    return np.asarray(picture.convert("L")).reshape(-1)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep libtiff's own lines, which it writes past Python, from standard error."""
    try:
        kept = os.dup(STDERR)
    except OSError:  # it is closed
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, STDERR)
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)
        os.close(nowhere)


def _bytes_of(path: Path, name: str) -> bytes:
    raw = bytearray()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            raw += piece
            if len(raw) > MOST_BYTES:
                limit = MOST_BYTES // 1_000_000
                raise ImageError(f"{name} has more than {limit} million bytes; make it smaller")
    return bytes(raw)


def _plain(picture: "Image") -> "Image":
    """The picture in 8 bits without alpha."""
    from PIL import Image

    if picture.mode == "F":
        raise ValueError("its pixels are floating-point")
    if picture.mode.startswith("I"):  # 16 bits; 65535 = 257 * 255
        deep = np.clip(np.asarray(picture), 0, 65535).astype(np.uint32)
        return Image.fromarray(((deep + 128) // 257).astype(np.uint8))
    if picture.has_transparency_data:
        inked = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "black" if _is_light(inked) else "white")
        paper.paste(inked, mask=inked.getchannel("A"))
        return paper
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


def _is_light(picture: "Image") -> bool:
    """Whether what is not transparent would hardly be seen on white paper."""
    small = picture.reduce(max(1, max(picture.size) // LOOKED_AT))
    grey, alpha = (np.asarray(band, np.float64) for band in small.convert("LA").split())
    return float((grey * alpha).sum()) > LIGHT * float(alpha.sum())
