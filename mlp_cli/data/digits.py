"""A digit in any picture becomes one of MNIST's: found in the whole of it, traced from near."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Resampling

from mlp_cli.data.frames import without_frames
from mlp_cli.data.ink import inks_of, mask_of
from mlp_cli.data.lines import without_lines
from mlp_cli.data.morphology import Floats, Mask, grown, touching
from mlp_cli.data.prepare import box_of, placed, prepared_already
from mlp_cli.data.sheet import sheet_of
from mlp_cli.data.sides import has_both_sides
from mlp_cli.data.strokes import evened, one_digit, stands_out
from mlp_cli.errors import ImageError

WHOLE = 400  # pixels of the longer side at most, to look for a digit
NEAR = 200  # pixels of it, to trace one
MARGIN = 0.3  # around a digit, of its longer side
REACH = 0.15  # of that side, from the strokes that were found: what is farther is not of the digit


def prepare_digit(
    picture: Image.Image, name: str = "the picture", shape: tuple[int, int] = (28, 28)
) -> NDArray[np.uint8]:
    """Make of a picture of a digit what MNIST would have made of it.

    Its strokes are found, whatever their colour, ground and light, brought to MNIST's thickness,
    fitted into 20 × 20 keeping their shape, and centred by their mass in 28 × 28 (in proportion
    for another ``shape``). A picture that looks so already is left as it is.

    Args:
        picture: as `load_image` gives it.
        name: what errors call the picture.
        shape: the height and width that the network was trained on.

    Returns:
        (height * width,) pixels, row by row.

    Raises:
        ImageError: no digit stands out from the picture's ground.
    """
    pixels = prepared_already(picture, shape)
    if pixels is None:
        strokes = traced(picture)
        if strokes is None:
            raise ImageError(f"{name} shows no digit: nothing like one stands out from its ground")
        pixels = placed(strokes, shape)
    return pixels.reshape(-1)


def traced(picture: Image.Image) -> Mask | None:
    """The strokes of a picture's digit (H, W), as thick as MNIST's; None where there is none."""
    picture = sheet_of(picture).picture
    whole = colours(sized(picture, min(WHOLE, max(picture.size))))
    for pen, marks in inks_of(whole):
        place = one_digit(without_frames(without_lines(marks)))
        if _is_written(place, marks, pen.shown(whole), pen.dark):
            near, where = _near(picture, place)
            marks = without_frames(without_lines(mask_of(colours(near), pen, where)))
            strokes = one_digit(touching(marks, where))
            return evened(strokes[box_of(strokes)]) if strokes.any() else None
    return None


def _is_written(place: Mask, marks: Mask, grey: Floats, dark: bool) -> bool:
    """Whether strokes are there, and are neither a small part of all marks nor an edge."""
    found = place.any() and stands_out(place, marks)
    return bool(found and has_both_sides(place, marks, grey, dark))


def _near(picture: Image.Image, place: Mask) -> tuple[Image.Image, Mask]:
    """The part of a picture around where a smaller one of it has strokes, and where in it they are.

    With some room around them.
    """
    longer = max(place[box_of(place)].shape)
    times, margin = max(picture.size) / max(place.shape), round(MARGIN * longer) + 3
    around = grown(place, round(REACH * longer) + 1)
    down, across = box_of(place)
    top, bottom = max(0, down.start - margin), min(place.shape[0], down.stop + margin)
    left, right = max(0, across.start - margin), min(place.shape[1], across.stop + margin)
    box = (
        round(left * times),
        round(top * times),
        min(round(right * times), picture.width),  # a smaller picture's sides may be rounded up
        min(round(bottom * times), picture.height),
    )
    near = sized(picture.crop(box), NEAR)
    where = Image.fromarray(around[top:bottom, left:right].view(np.uint8) * 255)
    return near, np.asarray(where.resize(near.size, Resampling.NEAREST)) > 0


def sized(picture: Image.Image, longer: int) -> Image.Image:
    """A picture whose longer side has so many pixels."""
    times = longer / max(picture.size)
    size = [max(1, round(side * times)) for side in picture.size]
    return picture.resize((size[0], size[1]), Resampling.BOX if times < 1 else Resampling.BICUBIC)


def colours(picture: Image.Image) -> Floats:
    """Red, green and blue (H, W, 3) from 0 to 255."""
    return np.asarray(picture.convert("RGB"), np.float32)
