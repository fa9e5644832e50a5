"""Where the pen went: a picture in any colours and any light becomes a mask of its ink.

A stroke is thin beside the ground that it is on. So the ground is the picture without all that is
thin, by a closing for dark ink and an opening for light ink (Serra 1982), which keep shadows and
their edges as they are; and ink is what stands out from that ground.
"""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from mlp_cli.data.morphology import Floats, Mask, components, depth_within, without_strokes
from mlp_cli.data.pen import DARKEST, STRONG, Pen, pen_of
from mlp_cli.data.strokes import width_within

WIDEST = 3  # the longer side is at least so many times the width of a stroke
ROOM = 3  # times as wide as most of a stroke is its widest part, at most
NARROWEST = 20  # the longer side is at most so many times what the ground is seen beside
WIDER = 1.5  # times as wide as a stroke is a shadow, at least
BROADEST = 25  # the longer side is at most so many times half the width of a shadow
NEAR_EDGE = 10  # and so many times how far from the picture's edge one begins
FAINTEST = 0.06  # of black on white: ink that is weaker is none
GRAINY = 5  # times the ground's spread, of which ink is no part as long as it fills the lesser half


def inks_of(rgb: Floats) -> Iterator[tuple[Pen, Mask]]:
    """What a picture (H, W, 3) from 0 to 255 was drawn with, and where that ink is (H, W).

    First by the likely pen, and then, if anything is there, by one that is light for dark. Nowhere,
    if nothing is stronger than the grain of the paper.
    """
    likely = pen_of(rgb)
    grey = likely.shown(rgb)
    for pen in (likely, replace(likely, dark=not likely.dark, shade=None)):
        rough = _rough(grey, pen)
        found = replace(pen, least=_least(rough))
        mask = _mask(grey, rough, found, np.ones_like(grey, np.bool_))
        if not mask.any():
            return
        yield found, mask


def mask_of(rgb: Floats, pen: Pen, where: Mask) -> Mask:
    """Where the ink of a known pen is, if ``where`` (H, W) shows that pen at its strongest."""
    grey = pen.shown(rgb)
    return _mask(grey, _rough(grey, pen), pen, where)


def _mask(grey: Floats, rough: Floats, pen: Pen, where: Mask) -> Mask:
    strength = _strength(grey, rough, pen, where)
    faint, ground = np.percentile(strength, (5, 25)) if pen.shade is None else (0.0, 0.0)
    strength -= ground
    strongest = _strongest(strength * where)
    if strongest < max(FAINTEST, GRAINY * (ground - faint)):
        return np.zeros(strength.shape, np.bool_)
    mask: Mask = strength > pen.least * strongest
    return mask


def _rough(grey: Floats, pen: Pen) -> Floats:
    """How far each pixel (H, W) stands out: 0 is ground, and 1 black on white."""
    if pen.shade is not None:
        return _beside(np.float32(pen.shade), grey, pen.dark)
    return _beside(_ground(grey, max(grey.shape) // WIDEST, pen.dark), grey, pen.dark)


def _strength(grey: Floats, rough: Floats, pen: Pen, where: Mask) -> Floats:
    """The same, with the ground no farther from the strokes than they are wide.

    The nearer the ground is taken from, the less of the light's changes is left.
    """
    strokes = where & (rough > pen.least * _strongest(rough * where))
    if pen.shade is not None or not strokes.any():
        return rough
    near = min(round(ROOM * width_within(strokes)), max(grey.shape) // WIDEST)
    return _beside(_ground(grey, near, pen.dark), grey, pen.dark)


def _beside(ground: Floats | np.float32, grey: Floats, dark: bool) -> Floats:
    """How far the pixels stand out from this ground."""
    # A shadow takes from dark ink and its ground the same share.
    whole = np.maximum(ground, DARKEST) if dark else 255
    strength: Floats = np.maximum(ground - grey if dark else grey - ground, 0) / whole
    return strength


def _ground(grey: Floats, widest: int, dark: bool) -> Floats:
    """The picture without its strokes, which are no wider than so many pixels."""
    size = max(3, max(grey.shape) // NARROWEST, widest) | 1
    margin = size // 2  # outside, light goes on changing as it does inside
    around = np.pad(grey, margin, mode="reflect", reflect_type="odd")
    return without_strokes(around, size, dark)[margin:-margin, margin:-margin]


def _least(strength: Floats) -> float:
    """How strong ink is at least, beside the strongest: stronger than shadows are (Otsu 1979).

    A shadow comes from the picture's edge, and is wider than a stroke.
    """
    strongest = _strongest(strength)
    marks = strength > STRONG * strongest
    if not marks.any():
        return STRONG
    levels = np.clip(np.round(strength[marks] * 255), 0, 255).astype(np.uint8)
    level = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0] / 255
    ink = strength > level
    faint = marks & ~ink
    if not (ink.any() and faint.any()):
        return STRONG
    longer = max(marks.shape)
    wide = depth_within(faint) > max(WIDER * width_within(ink) / 2, longer / BROADEST)
    parts, near = components(faint), longer / NEAR_EDGE
    from_edge = ((parts.start <= near) | (parts.stop >= np.subtract(marks.shape, near))).any(axis=1)
    return level / strongest if from_edge[parts.labels[wide] - 1].any() else STRONG


def _strongest(strength: Floats) -> float:
    """How strong the strongest ink is, a few pixels of it together."""
    most = min(max(30, strength.size // 2000), strength.size)
    return float(np.partition(strength, -most, axis=None)[-most:].mean())
