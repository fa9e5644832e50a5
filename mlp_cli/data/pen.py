"""What a picture was drawn with: which of its two colours is ink, and where that shows best."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from mlp_cli.data.morphology import Floats, smooth

MIXTURES = ((0.299, 0.587, 0.114), (1, 0, 0), (0, 1, 0), (0, 0, 1))  # grey, and each colour alone
CLEARER = 1.25  # times as strongly must ink stand out in one colour, for grey has the least noise
LOOKED_AT = 200  # pixels of the longer side are enough to tell which of two colours is the ink
AROUND = 5  # the longer side is so many times the surroundings that a pixel is compared with
SCALES = (10, 40)  # and so many, to tell ink from ground
EVEN, MOST = 0.06, 0.6  # of the contrast around the shade of so much of the frame
PARTED = 0.1  # of the frame: ink that touches it is not so long
DARKEST = 16  # of 255: ground that is darker counts as this
STRONG = 0.45  # of the strongest ink


@dataclass(frozen=True)
class Pen:
    """How the ink of a picture differs from its ground."""

    mixture: tuple[float, float, float]  # of red, green and blue, in which it does so most
    dark: bool
    shade: float | None  # of the ground, where the picture's frame shows that it is even
    least: float = STRONG  # of the strongest ink: what is weaker is none

    def shown(self, rgb: Floats) -> Floats:
        """A picture (H, W, 3) in the pen's mixture, a little smoothed."""
        return smooth(_mixed(rgb, self.mixture), 0.7)


def pen_of(rgb: Floats) -> Pen:
    """What was drawn with, (H, W, 3) from 0 to 255.

    Ink is what the frame of the picture is not, where that is even. Where it is not, ink is the
    rarer of two colours: the differences of pixels from their surroundings are skewed to its side.
    """
    found = [(_contrast(grey), mixture, grey) for mixture, grey in _mixtures(rgb)]
    clearest = max(found[1:], key=lambda each: each[0])
    _, mixture, grey = clearest if clearest[0] > CLEARER * found[0][0] else found[0]
    shade = _even_frame(grey)
    if shade is None:
        return Pen(mixture, _lean(grey) < 0, None)
    dark = bool(shade - grey.min() >= grey.max() - shade)
    if dark != (_lean(grey) < 0) and _is_parted(grey, shade):
        return Pen(mixture, not dark, None)
    return Pen(mixture, dark, shade)


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


def _is_parted(grey: Floats, shade: float) -> bool:
    """Whether a long part of the picture's frame is of another shade, as in a shadow."""
    frame = np.concatenate([grey[0], grey[1:, -1], grey[-1, -2::-1], grey[-2:0:-1, 0]])  # around it
    other = np.abs(frame - shade) > EVEN * np.abs(grey - shade).max()
    edges = np.flatnonzero(np.diff(np.tile(other, 2), prepend=False, append=False))
    longest = int(np.diff(edges.reshape(-1, 2)).max(initial=0))
    return longest > PARTED * len(frame)


def _differences(grey: Floats, scale: int) -> Floats:
    return grey - smooth(grey, max(grey.shape) / scale)


def _mixed(rgb: Floats, mixture: tuple[float, float, float]) -> Floats:
    grey: Floats = rgb @ np.array(mixture, np.float32)
    return grey
