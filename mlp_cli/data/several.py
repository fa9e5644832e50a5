"""Several digits in one picture, found and put in the order that they are read in."""

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Resampling
from scipy import ndimage

from mlp_cli.data.ink import mask_of, pen_of
from mlp_cli.data.lines import without_lines
from mlp_cli.data.prepare import placed
from mlp_cli.data.strokes import TOUCHING, cropped, evened
from mlp_cli.errors import ImageError

if TYPE_CHECKING:
    from PIL.Image import Image

Mask = NDArray[np.bool_]

WHOLE = 800  # pixels of the longer side at most
SMALLEST = 0.35  # times as high as the highest: what is lower is of another digit, or a speck
TALLEST = 1.35  # times as high: strokes that are so together are two digits, one above the other
NEAR = 0.2  # times as high as a digit: so near must a low stroke be to be a part of it
OVER = 0.5  # of the narrower one: strokes that lie so far above each other are one digit
WIDEST = 1.15  # times as wide as digits of their height are high: such a stroke is two that touch
USUAL = 0.75  # a digit's width, in parts of its height, to tell how many touch
SAME_LINE = 0.4  # of the lower one: digits that lie so far beside each other are of one line


@dataclass(frozen=True, eq=False)
class Found:
    """One digit of a picture."""

    box: tuple[int, int, int, int]  # left, top, right and bottom, in the picture's pixels
    pixels: NDArray[np.uint8]  # (height * width,), of MNIST's size, place and thickness


@dataclass(frozen=True, eq=False)
class _Piece:
    """Strokes that are one digit, in the picture made smaller."""

    mask: Mask  # (H, W), of the whole picture
    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    def joined(self, other: "_Piece") -> "_Piece":
        """Both as one."""
        return _piece(self.mask | other.mask)

    def distance(self, other: "_Piece") -> tuple[int, int]:
        """The pixels between the two boxes, and between their left and right sides."""
        down = max(self.top, other.top) - min(self.bottom, other.bottom)
        across = max(self.left, other.left) - min(self.right, other.right)
        return max(down, across, 0), across


def digits_in(
    picture: "Image", name: str = "the picture", shape: tuple[int, int] = (28, 28)
) -> list[Found]:
    """Find the digits of a picture, line by line and from left to right.

    Strokes above each other are one digit; a stroke much wider than a digit is cut where it is
    thinnest; what is far lower than the highest digit is taken for a speck.

    Args:
        picture: as `load_image` gives it.
        name: what errors call the picture.
        shape: the height and width that the network was trained on.

    Returns:
        At least one.

    Raises:
        ImageError: nothing stands out from the picture's ground.
    """
    times = min(1.0, WHOLE / max(picture.size))
    size = [max(1, round(side * times)) for side in picture.size]
    small = picture.resize((size[0], size[1]), Resampling.BOX)
    rgb = np.asarray(small.convert("RGB"), np.float32)
    mask = without_lines(mask_of(rgb, pen_of(rgb)))
    pieces = _in_order(_pieces(mask))
    if not pieces:
        raise ImageError(f"{name} is blank: nothing stands out from its ground")
    across, down = picture.width / small.width, picture.height / small.height
    return [
        Found(
            (
                round(piece.left * across),
                round(piece.top * down),
                round(piece.right * across),
                round(piece.bottom * down),
            ),
            placed(evened(cropped(piece.mask)), shape).reshape(-1),
        )
        for piece in pieces
    ]


def _pieces(mask: Mask) -> list[_Piece]:
    """The digits, in any order."""
    labels, n = ndimage.label(mask, TOUCHING)
    if not n:
        return []
    highest = max(rows.stop - rows.start for rows, _ in ndimage.find_objects(labels))
    areas = np.bincount(labels.ravel(), minlength=n + 1)
    strokes = [_piece(labels == i) for i in range(1, n + 1) if 2 * areas[i] >= highest]
    strokes.sort(key=lambda each: -each.height)
    main = [stroke for stroke in strokes if stroke.height >= SMALLEST * highest]
    digits: list[_Piece] = []
    for stroke in main:
        same = [i for i, digit in enumerate(digits) if _one_above_the_other(stroke, digit, highest)]
        if same:
            digits[same[0]] = digits[same[0]].joined(stroke)
        else:
            digits.append(stroke)
    usual = float(np.median([digit.height for digit in digits]))
    whole = [part for digit in digits for part in _apart(digit, usual)]
    for stroke in strokes[len(main) :]:  # the bar of a 5, or a speck
        nearest = min(range(len(whole)), key=lambda i: whole[i].distance(stroke))
        together = whole[nearest].joined(stroke)
        near = whole[nearest].distance(stroke)[0] < NEAR * usual
        high = together.height >= TALLEST * max(usual, whole[nearest].height)
        wide = together.width > WIDEST * max(usual, whole[nearest].width)  # it is underlined
        if near and not high and not wide:
            whole[nearest] = together
    return whole


def _one_above_the_other(a: _Piece, b: _Piece, highest: int) -> bool:
    shared = min(a.right, b.right) - max(a.left, b.left)
    together = max(a.bottom, b.bottom) - min(a.top, b.top)
    return shared > OVER * min(a.width, b.width) and together <= TALLEST * highest


def _piece(mask: Mask) -> _Piece:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return _Piece(mask, int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)


def _apart(digit: _Piece, usual: float) -> list[_Piece]:
    """A digit, or the ones that touch each other, cut where there is least ink."""
    if digit.width <= WIDEST * usual:
        return [digit]
    number = max(2, round(digit.width / (USUAL * usual)))
    ink = digit.mask.sum(axis=0)
    edges = [digit.left]
    for i in range(1, number):
        middle = digit.left + i * digit.width / number
        reach = digit.width / number / 4
        start, stop = round(middle - reach), round(middle + reach) + 1
        edges.append(start + int(np.argmin(ink[start:stop])))
    edges.append(digit.right)
    parts = []
    for left, right in pairwise(edges):
        part = np.zeros_like(digit.mask)
        part[:, left:right] = digit.mask[:, left:right]
        if part.any():
            parts.append(_piece(part))
    return parts


def _in_order(pieces: list[_Piece]) -> list[_Piece]:
    """Line by line, from left to right."""
    lines: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda each: each.top + each.bottom):
        for line in lines:
            last = line[-1]
            beside = min(piece.bottom, last.bottom) - max(piece.top, last.top)
            if beside > SAME_LINE * min(piece.height, last.height):
                line.append(piece)
                break
        else:
            lines.append([piece])
    return [piece for line in lines for piece in sorted(line, key=lambda each: each.left)]
