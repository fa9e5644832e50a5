"""Whether strokes have ground on both sides, as those of a pen do and edges do not."""

import cv2
import numpy as np

from mlp_cli.data.morphology import Floats, Mask, depth
from mlp_cli.data.pen import DARKEST
from mlp_cli.data.strokes import width_within

NEAREST, FARTHEST = 0.4, 1.2  # times as wide as the strokes: where the ground beside them is
BLURRED = 1.5  # pixels at least: nearer, ink and ground are mixed
CLEAR = 80  # percent of the ground differs from the strokes by less than a clear difference
WEAK = 0.3  # times as much, or less, is none
ONE_SIDED = 0.2  # of the ground differs so little, at most: beside an edge's dark side it is half


def has_both_sides(strokes: Mask, marks: Mask, grey: Floats, dark: bool) -> bool:
    """Whether strokes (H, W), some at least, differ from what is beside them nearly everywhere.

    Where a shadow, a sheet or a stain begins, they do so on one side only.

    Args:
        strokes: of one digit, or a part of one.
        marks: (H, W) all ink, which is no ground.
        grey: (H, W) the picture from 0 to 255, as its pen shows most.
        dark: whether ink is.
    """
    if strokes.all():
        return True
    shades = grey if dark else 255 - grey
    width = width_within(strokes)
    apart = depth(~strokes)
    near, far = max(BLURRED, NEAREST * width), max(2 * BLURRED, FARTHEST * width)
    beside = (near < apart) & (apart <= far) & ~marks
    if not beside.any():
        return True
    ink = _shade_near(strokes, shades, max(BLURRED, width))[beside]
    differs = 1 - ink / np.maximum(shades[beside], DARKEST)
    clear = np.percentile(differs, CLEAR)
    return bool(clear > 0 and np.mean(differs < WEAK * clear) <= ONE_SIDED)


def _shade_near(strokes: Mask, grey: Floats, sigma: float) -> Floats:
    """The mean shade (H, W) of the strokes around each pixel, under a Gaussian."""
    inked = strokes.astype(np.float32)
    total, share = (cv2.GaussianBlur(each, (0, 0), sigma) for each in (grey * inked, inked))
    return np.asarray(total / np.maximum(share, 1e-6), np.float32)
