"""Where the pen went: a picture in any colours and any light becomes a mask of its ink.

A stroke is thin beside the ground that it is on. So the ground is the picture without all that is
thin, by a closing for dark ink and an opening for light ink (Serra 1982), which keep shadows and
their edges as they are; and ink is what stands out from that ground.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image

from mlp_cli.data.morphology import Floats, Mask, components, depth_within, smooth, without_strokes
from mlp_cli.data.strokes import width_within

MIXTURES = ((0.299, 0.587, 0.114), (1, 0, 0), (0, 1, 0), (0, 0, 1))  # grey, and each colour alone
CLEARER = 1.25  # times as strongly must ink stand out in one colour, for grey has the least noise
LOOKED_AT = 200  # pixels of the longer side are enough to tell which of two colours is the ink
AROUND = 5  # the longer side is so many times the surroundings that a pixel is compared with
SCALES = (10, 40)  # and so many, to tell ink from ground
EVEN, MOST = 0.06, 0.6  # of the contrast around the shade of so much of the frame
WIDEST = 3  # the longer side is at least so many times the width of a stroke
ROOM = 3  # times as wide as most of a stroke is its widest part, at most
WIDER = 1.5  # times as wide as a stroke is a shadow, at least
BROADEST = 25  # the longer side is at most so many times half the width of a shadow
NEAR_EDGE = 20  # and so many times how far from the picture's edge one begins
NARROWEST = 20  # the longer side is at most so many times what the ground is seen beside
DARKEST = 16  # of 255: ground that is darker counts as this
STRONG = 0.45  # of the strongest ink
FAINTEST = 0.06  # of black on white: ink that is weaker is none
GRAINY = 5  # times the ground's spread, of which ink is no part as long as it fills the lesser half


@dataclass(frozen=True)
class Pen:
    """How the ink of a picture differs from its ground."""

    mixture: tuple[float, float, float]  # of red, green and blue, in which it does so most
    dark: bool
    shade: float | None  # of the ground, where the picture's frame shows that it is even
    least: float = STRONG  # of the strongest ink: what is weaker is none

    def strength(self, rgb: Floats) -> Floats:
        """How far each pixel (H, W) stands out: 0 is ground, and 1 black on white."""
        grey = smooth(_mixed(rgb, self.mixture), 0.7)
        rough = self.rough(grey)
        strokes = rough > self.least * _strongest(rough)
        if self.shade is not None or not strokes.any():
            return rough
        # The nearer the ground is taken from, the less of the light's changes is left.
        nearer = min(round(ROOM * width_within(strokes)), max(grey.shape) // WIDEST)
        return self._beside(self._ground(grey, nearer), grey)

    def rough(self, grey: Floats) -> Floats:
        """The same of a picture in the pen's mixture, whatever the width of the strokes."""
        if self.shade is not None:
            return self._beside(np.float32(self.shade), grey)
        return self._beside(self._ground(grey, max(grey.shape) // WIDEST), grey)

    def _beside(self, ground: Floats | np.float32, grey: Floats) -> Floats:
        """How far the pixels stand out from this ground."""
        # A shadow takes from dark ink and its ground the same share.
        whole = np.maximum(ground, DARKEST) if self.dark else 255
        strength: Floats = np.maximum(ground - grey if self.dark else grey - ground, 0) / whole
        return strength

    def _ground(self, grey: Floats, widest: int) -> Floats:
        """The picture without its strokes, which are no wider than so many pixels."""
        size = max(3, max(grey.shape) // NARROWEST, widest) | 1
        margin = size // 2  # outside, light goes on changing as it does inside
        around = np.pad(grey, margin, mode="reflect", reflect_type="odd")
        return without_strokes(around, size, self.dark)[margin:-margin, margin:-margin]


def pen_of(rgb: Floats) -> Pen:
    """What was drawn with, (H, W, 3) from 0 to 255.

    Ink is what the frame of the picture is not, where that is even. Where it is not, ink is the
    rarer of two colours: the differences of pixels from their surroundings are skewed to its side.
    """
    found = [(_contrast(grey), mixture, grey) for mixture, grey in _mixtures(rgb)]
    clearest = max(found[1:], key=lambda each: each[0])
    _, mixture, grey = clearest if clearest[0] > CLEARER * found[0][0] else found[0]
    shade = _even_frame(grey)
    dark = _lean(grey) < 0 if shade is None else bool(shade - grey.min() >= grey.max() - shade)
    pen = Pen(mixture, dark, shade)
    return replace(pen, least=_least(pen.rough(smooth(_mixed(rgb, mixture), 0.7))))


def mask_of(rgb: Floats, pen: Pen) -> Mask:
    """Where the ink is (H, W); nowhere, if nothing is stronger than the grain of the paper."""
    strength = pen.strength(rgb)
    faint, ground = np.percentile(strength, (5, 25)) if pen.shade is None else (0.0, 0.0)
    strength -= ground
    strongest = _strongest(strength)
    if strongest < max(FAINTEST, GRAINY * (ground - faint)):
        return np.zeros(strength.shape, np.bool_)
    mask: Mask = strength > pen.least * strongest
    return mask


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


def _mixtures(rgb: Floats) -> list[tuple[tuple[float, float, float], Floats]]:
    """The picture, small, in each mixture of its colours."""
    times = max(1, max(rgb.shape) // LOOKED_AT)
    small = np.asarray(Image.fromarray(rgb.astype(np.uint8)).reduce(times), np.float32)
    return [(mixture, smooth(_mixed(small, mixture), 1)) for mixture in MIXTURES]


def _contrast(grey: Floats) -> float:
    """How far the strongest differences of pixels from their surroundings go."""
    return float(np.cbrt(np.mean(np.abs(_differences(grey, AROUND)) ** 3)))


def _lean(grey: Floats) -> float:
    """Below 0 where the rarer pixels are darker: the skewness at the scale that shows it best.

    In logarithms, where the edge of a shadow is as much lighter on one side as darker on the other.
    """
    shades, skews = np.log(np.maximum(grey, DARKEST)), []
    for scale in SCALES:
        apart = _differences(shades, scale)
        skews.append(float(np.mean(apart**3)) / max(float(np.mean(apart**2)) ** 1.5, 1e-9))
    skew: float = max(skews, key=abs)
    return skew


def _even_frame(grey: Floats) -> float | None:
    """The shade of the picture's frame, if most of it is of one."""
    frame = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    shade = float(np.median(frame))
    contrast = np.abs(grey - shade).max()
    even = np.mean(np.abs(frame - shade) <= EVEN * contrast) >= MOST
    return shade if even else None


def _differences(grey: Floats, scale: int) -> Floats:
    return grey - smooth(grey, max(grey.shape) / scale)


def _mixed(rgb: Floats, mixture: tuple[float, float, float]) -> Floats:
    grey: Floats = rgb @ np.array(mixture, np.float32)
    return grey
