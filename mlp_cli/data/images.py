"""Any picture of a digit becomes the pixels of MNIST: read, find the ink, crop, fit, centre."""

import struct
import warnings
from io import BytesIO
from pathlib import Path
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
FAINTEST = 16  # levels of 255: a weaker contrast is the grain of blank paper
LIGHT = 192  # of 255: on a transparent ground, ink lighter than this is drawn on black
NOISE = 0.1  # of the strongest ink: what is weaker is the ground's own unevenness


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
    from PIL import Image, ImageOps, UnidentifiedImageError

    opened = BytesIO(source) if isinstance(source, bytes) else source
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damage that can be read past; size is checked below
            with Image.open(opened, formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Image.DecompressionBombError
                return _plain(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError:
        limit = MOST_PIXELS // 1_000_000
        raise ImageError(f"{name} has more than {limit} million pixels; make it smaller") from None
    except UnidentifiedImageError:
        raise ImageError(f"{name} is not a picture; known are {', '.join(FORMATS)}") from None
    except (OSError, SyntaxError, TypeError, ValueError, struct.error) as error:
        if isinstance(error, OSError) and error.strerror:  # from the system, not from Pillow
            raise ImageError(f"{name} cannot be read: {error.strerror}") from None
        raise ImageError(f"{name} cannot be read ({error}); save it anew as PNG") from None


def prepare(
    picture: "Image", name: str = "the picture", shape: tuple[int, int] = (28, 28)
) -> Pixels:
    """Give a picture MNIST's own preparation (LeCun, Bottou, Bengio and Haffner 1998).

    Ink becomes bright on a ground of 0; it is cropped, fitted into 20 × 20 keeping its shape,
    stretched to 255 and centred by its mass in 28 × 28 (in proportion for another ``shape``).
    A picture whose ink has all of that already, as every digit of MNIST does, is left as it is:
    of the right shape, full brightness, the size of the box, and centred to within a pixel.

    Args:
        picture: as `load_image` gives it.
        name: what errors call the picture.
        shape: the height and width that the network was trained on.

    Returns:
        (height * width,) pixels, row by row.

    Raises:
        ImageError: the picture is blank.
    """
    ink = _ink(np.asarray(picture.convert("L")))
    if ink.max() < FAINTEST:
        raise ImageError(f"{name} is blank: nothing stands out from its ground")
    box = (round(shape[0] * 20 / 28), round(shape[1] * 20 / 28))
    if not _is_prepared(ink, box, shape):
        ink = _centre(_stretch(_fit(_crop(_clean(ink)), box)), shape)
    return ink.reshape(-1)


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


def _plain(picture: "Image") -> "Image":
    """The picture in 8 bits without alpha."""
    from PIL import Image

    if picture.mode == "F":
        raise ValueError("its pixels are floating-point")
    if picture.mode.startswith("I"):  # 16 bits; 65535 = 257 * 255
        deep = np.clip(np.asarray(picture), 0, 65535)
        return Image.fromarray(np.round(deep / 257).astype(np.uint8))
    if picture.has_transparency_data:
        inked = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "black" if _is_light(inked) else "white")
        picture = Image.alpha_composite(paper, inked)
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


def _is_light(picture: "Image") -> bool:
    """Whether what is not transparent would hardly be seen on white paper."""
    grey, alpha = (np.asarray(band, np.float64) for band in picture.convert("LA").split())
    return float((grey * alpha).sum()) > LIGHT * float(alpha.sum())


def _ink(grey: Pixels) -> Pixels:
    """How far each pixel stands out from the ground, which is the middle value of the border."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = int(np.median(border))
    lightest, darkest = int(grey.max()), int(grey.min())
    if lightest - ground > ground - darkest:
        return np.maximum(grey, ground) - ground
    return ground - np.minimum(grey, ground)


def _is_prepared(ink: Pixels, box: tuple[int, int], shape: tuple[int, int]) -> bool:
    """Whether the ink looks as MNIST's does, whose longest side is 19 or 20 and peak 254 or 255."""
    if ink.shape != shape or ink.max() < 254:
        return False
    height, width = _crop(ink).shape
    spare = (box[0] - height, box[1] - width)
    off = [abs(mass - side // 2) for mass, side in zip(_mass_centre(ink), shape, strict=True)]
    return min(spare) in (0, 1) and max(off) <= 1


def _clean(ink: Pixels) -> Pixels:
    """The ink alone: what is hardly darker than the ground is ground."""
    return np.where(ink > NOISE * ink.max(), ink, np.uint8(0))


def _crop(ink: Pixels) -> Pixels:
    """The smallest box that holds all the ink."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box: Pixels = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return box


def _fit(ink: Pixels, box: tuple[int, int]) -> NDArray[np.float32]:
    """The ink as large as the box allows, its shape kept: each pixel is the mean of its area.

    Brightness is relative here, and a float, since a thin line in a large picture grows faint.
    """
    from PIL import Image

    scale = min(box[0] / ink.shape[0], box[1] / ink.shape[1])
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    kind = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(ink.astype(np.float32)).resize((width, height), kind))


def _stretch(ink: NDArray[np.float32]) -> Pixels:
    """The strongest ink at 255."""
    pixels: Pixels = np.round(ink * (255 / ink.max())).astype(np.uint8)
    return pixels


def _centre(ink: Pixels, shape: tuple[int, int]) -> Pixels:
    """The ink on a ground of 0, its centre of mass in the middle as far as it stays inside."""
    places = []
    for mass, side, room in zip(_mass_centre(ink), ink.shape, shape, strict=True):
        start = min(max(round(room // 2 - mass), 0), room - side)
        places.append(slice(start, start + side))
    pixels = np.zeros(shape, np.uint8)
    pixels[tuple(places)] = ink
    return pixels


def _mass_centre(ink: Pixels) -> tuple[float, float]:
    """The centre of mass (row, column), counted from 0."""
    rows, columns = ink.sum(axis=1, dtype=np.float64), ink.sum(axis=0, dtype=np.float64)
    total = rows.sum()
    return (
        float(rows @ np.arange(len(rows)) / total),
        float(columns @ np.arange(len(columns)) / total),
    )
