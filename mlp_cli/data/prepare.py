"""Any picture gets the size and place of MNIST's: find the ink, crop, fit, centre."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mlp_cli.errors import ImageError

if TYPE_CHECKING:
    from PIL.Image import Image

Pixels = NDArray[np.uint8]
Shape = tuple[int, int]

FAINTEST = 16  # levels of 255: a weaker contrast is the grain of blank paper
NOISE = 0.1  # of the strongest ink: what is weaker is the ground's own unevenness


def prepare(picture: "Image", name: str = "the picture", shape: Shape = (28, 28)) -> Pixels:
    """Give a picture MNIST's own preparation (LeCun, Bottou, Bengio and Haffner 1998).

    Ink becomes bright on a ground of 0; it is cropped, fitted into 20 × 20 keeping its shape,
    stretched to 255 and centred by its mass in 28 × 28 (in proportion for another ``shape``).
    A picture whose ink has all of that already, as every digit of MNIST does, is left as it is.

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
    if not _is_prepared(ink, shape):
        clean = _clean(ink)
        ink = placed(clean[box_of(clean)], shape)
    return ink.reshape(-1)


def prepared_already(picture: "Image", shape: Shape) -> Pixels | None:
    """The ink (H, W) of a picture that looks as MNIST's do, or None.

    MNIST's fill the shape, are bright, of the size of the box and centred to within a pixel.
    """
    if (picture.height, picture.width) != shape:
        return None
    ink = _ink(np.asarray(picture.convert("L")))
    return ink if _is_prepared(ink, shape) else None


def placed(ink: NDArray[np.uint8] | NDArray[np.bool_], shape: Shape) -> Pixels:
    """Cropped ink fitted into the box, at full brightness, centred by mass: (H, W)."""
    return _centre(_stretch(_fit(ink, ink_box(shape))), shape)


def box_of(ink: NDArray[np.uint8] | NDArray[np.bool_]) -> tuple[slice, slice]:
    """The rows and the columns of the smallest box that holds all ink (H, W), some at least."""
    rows, columns = (np.flatnonzero(ink.any(axis=axis)).tolist() for axis in (1, 0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _ink(grey: Pixels) -> Pixels:
    """How far each pixel stands out from the ground, which is the middle value of the border."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = int(np.median(border))
    lightest, darkest = int(grey.max()), int(grey.min())
    if lightest - ground > ground - darkest:
        return np.maximum(grey, ground) - ground
    return ground - np.minimum(grey, ground)


def ink_box(shape: Shape) -> Shape:
    """The part of an image of this shape that ink is fitted into."""
    return round(shape[0] * 20 / 28), round(shape[1] * 20 / 28)


def _is_prepared(ink: Pixels, shape: Shape) -> bool:
    """Whether the ink looks as MNIST's does, whose longest side is 19 or 20 and peak 254 or 255."""
    if ink.shape != shape or ink.max() < 254:
        return False
    height, width = ink[box_of(ink)].shape
    box = ink_box(shape)
    spare = (box[0] - height, box[1] - width)
    off = [abs(mass - side // 2) for mass, side in zip(_mass_centre(ink), shape, strict=True)]
    return min(spare) in (0, 1) and max(off) <= 1


def _clean(ink: Pixels) -> Pixels:
    """The ink alone: what is hardly darker than the ground is ground."""
    return np.where(ink > NOISE * ink.max(), ink, np.uint8(0))


def _fit(ink: NDArray[np.uint8] | NDArray[np.bool_], box: Shape) -> NDArray[np.float32]:
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


def _centre(ink: Pixels, shape: Shape) -> Pixels:
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
