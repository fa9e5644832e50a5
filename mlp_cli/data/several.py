"""Several digits in one picture, found and put in the order that they are read in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.digits import colours, sized
from mlp_cli.data.frames import without_frames
from mlp_cli.data.ink import inks_of
from mlp_cli.data.lines import without_lines
from mlp_cli.data.morphology import Floats, Mask
from mlp_cli.data.pen import Pen
from mlp_cli.data.pieces import Piece, pieces_of
from mlp_cli.data.prepare import placed
from mlp_cli.data.sheet import sheet_of
from mlp_cli.data.sides import has_both_sides
from mlp_cli.data.strokes import evened, is_bent, is_drawn, stands_out, width_within
from mlp_cli.errors import ImageError

if TYPE_CHECKING:
    from PIL.Image import Image

SMALL, LARGE = 400, 800  # pixels of the longer side at least, and at most
LEAST = 0.5  # pixels for each row of the highest stroke: what has fewer is a speck
MOST = 500  # strokes; more are a page of text
SMALLEST = 0.35  # times as high as the highest: what is lower is of another digit, or a speck
TALLEST = 1.35  # times as high: strokes that are so together are two digits, one above the other
NEAR = 0.2  # times as high as a digit: so near must a low stroke be to be a part of it
OVER = 0.5  # of the narrower one: strokes that lie so far above each other are one digit
WIDEST = 1.15  # times as wide as digits of their height are high: such a stroke is two that touch
TOGETHER = 8  # digits that touch each other at most; what is wider still is a line
USUAL = 0.75  # a digit's width, in parts of its height, to tell how many touch
PEN, LONGER = 1.6, 1.25  # times as thick, and as long, as digits is a pen that lies there
SAME_LINE = 0.4  # of the lower one: digits that lie so far beside each other are of one line


@dataclass(frozen=True, eq=False)
class Found:
    """One digit of a picture."""

    box: tuple[int, int, int, int]  # left, top, right and bottom, in the picture's pixels
    pixels: NDArray[np.uint8]  # (height * width,), of MNIST's size, place and thickness


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
        ImageError: nothing stands out from the picture's ground, or far too much does.
    """
    picture, left, top = sheet_of(picture)
    small = sized(picture, min(max(max(picture.size), SMALL), LARGE))
    rgb = colours(small)
    strokes = next(filter(None, (_strokes(rgb, pen, marks) for pen, marks in inks_of(rgb))), [])
    if not strokes:
        raise ImageError(f"{name} shows no digit: nothing like one stands out from its ground")
    if len(strokes) > MOST:
        raise ImageError(
            f"{name} has {len(strokes):,} separate strokes, too many for digits; cut out the part "
            "with the digits"
        )
    across, down = picture.width / small.width, picture.height / small.height
    return [
        Found(
            (
                left + round(piece.left * across),
                top + round(piece.top * down),
                left + round(piece.right * across),
                top + round(piece.bottom * down),
            ),
            placed(evened(piece.ink), shape).reshape(-1),
        )
        for piece in _in_order(_digits(strokes))
    ]


def _strokes(rgb: Floats, pen: Pen, marks: Mask) -> list[Piece]:
    """What may be digits or parts of them; none where there are none."""
    mask, grey = without_lines(marks), pen.shown(rgb)
    strokes = [
        each
        for each in pieces_of(without_frames(mask), LEAST)
        if is_drawn(each.ink) and _has_both_sides(each, marks, grey, pen.dark)
    ]
    return _without_pens(strokes) if strokes and stands_out(mask, marks) else []


def _has_both_sides(piece: Piece, marks: Mask, grey: Floats, dark: bool) -> bool:
    """Whether a piece is no edge; the picture (H, W) is looked at only around it."""
    by = max(piece.ink.shape)
    top, left = max(0, piece.top - by), max(0, piece.left - by)
    around = np.s_[top : piece.bottom + by, left : piece.right + by]
    strokes = np.zeros_like(marks)
    strokes[piece.top : piece.bottom, piece.left : piece.right] = piece.ink
    return has_both_sides(strokes[around], marks[around], grey[around], dark)


def _without_pens(strokes: list[Piece]) -> list[Piece]:
    """The strokes but for straight ones, much thicker and longer than the bent: pens lie there."""
    bent = np.array([is_bent(each.ink) for each in strokes])
    if not bent.any():
        return strokes
    widths = np.array([width_within(each.ink) for each in strokes])
    lengths = np.array([max(each.ink.shape) for each in strokes])
    thick = widths > PEN * np.median(widths[bent])
    pens = ~bent & thick & (lengths > LONGER * np.median(lengths[bent]))
    return [each for each, pen in zip(strokes, pens.tolist(), strict=True) if not pen]


def _digits(strokes: list[Piece]) -> list[Piece]:
    """The digits that at least one stroke makes, in any order."""
    strokes = sorted(strokes, key=lambda each: -each.height)
    highest = strokes[0].height
    main = [stroke for stroke in strokes if stroke.height >= SMALLEST * highest]
    digits: list[Piece] = []
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
        near = whole[nearest].distance(stroke) < NEAR * usual
        high = together.height >= TALLEST * max(usual, whole[nearest].height)
        wide = together.width > WIDEST * max(usual, whole[nearest].width)  # it is underlined
        if near and not high and not wide:
            whole[nearest] = together
    return whole


def _one_above_the_other(a: Piece, b: Piece, highest: int) -> bool:
    shared = min(a.right, b.right) - max(a.left, b.left)
    together = max(a.bottom, b.bottom) - min(a.top, b.top)
    return shared > OVER * min(a.width, b.width) and together <= TALLEST * highest


def _apart(digit: Piece, usual: float) -> list[Piece]:
    """A digit, or the ones that touch each other, cut where there is least ink.

    What the cuts leave of one is as high as one: the long hat of a 5 is not.
    """
    if digit.width <= WIDEST * usual:
        return [digit]
    number = max(2, round(digit.width / (USUAL * usual)))
    if number > TOGETHER:
        return [digit]
    ink = digit.ink.sum(axis=0)
    columns = []
    for i in range(1, number):
        middle = i * digit.width / number
        reach = digit.width / number / 4
        start, stop = round(middle - reach), round(middle + reach) + 1
        columns.append(start + int(np.argmin(ink[start:stop])))
    parts = digit.cut(columns)
    return parts if min(part.height for part in parts) >= SMALLEST * usual else [digit]


def _in_order(pieces: list[Piece]) -> list[Piece]:
    """Line by line, from left to right."""
    lines: list[list[Piece]] = []
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
