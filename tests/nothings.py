"""Pictures that people try, and that show no digit: pages, shadows, grounds, marks."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

Field = NDArray[np.float64]
Random = np.random.Generator

HEIGHT, WIDTH = 360, 480
PAPER = (232, 230, 222)
GRAIN = 3.0  # levels of 255, of a camera


def draw(name: str, rng: Random) -> Image.Image:
    """A picture of a kind, by a camera in no even light."""
    picture = NOTHINGS[name](rng).astype(float)
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    down, across = rng.uniform(-0.15, 0.15, 2)
    picture *= (1 + down * y + across * x)[..., None]
    picture = ndimage.gaussian_filter(picture, (0.8, 0.8, 0)) + rng.normal(0, GRAIN, picture.shape)
    return Image.fromarray(np.clip(np.rint(picture), 0, 255).astype(np.uint8))


def page(_: Random) -> Field:
    """Paper alone."""
    return np.full((HEIGHT, WIDTH, 3), PAPER, float)


def ruled(rng: Random) -> Field:
    """Blue lines, and a red one for the margin."""
    sheet, apart = page(rng), int(rng.integers(20, 40))
    sheet[rng.integers(apart) :: apart] = (150, 175, 215)
    margin = int(rng.integers(40, 120))
    sheet[:, margin : margin + 2] = (220, 120, 120)
    return sheet


def squared(rng: Random) -> Field:
    """Grey lines across each other."""
    sheet, apart = page(rng), int(rng.integers(15, 35))
    sheet[rng.integers(apart) :: apart] = (185, 190, 200)
    sheet[:, rng.integers(apart) :: apart] = (185, 190, 200)
    return sheet


def hand(rng: Random) -> Field:
    """Fingers' shadow from below, soft at its edges."""
    mask = Image.new("L", (WIDTH, HEIGHT))
    pen, x, y = ImageDraw.Draw(mask), rng.uniform(120, 360), rng.uniform(260, 330)
    pen.ellipse((x - 80, y - 60, x + 80, y + 160), fill=255)
    for turn in np.linspace(-0.9, 0.7, 5) + rng.uniform(-0.2, 0.2):
        tip = (x + 190 * np.sin(turn), y - 190 * np.cos(turn))
        pen.line((x + 50 * np.sin(turn), y - 30, *tip), fill=255, width=int(rng.integers(22, 34)))
    shade = ndimage.gaussian_filter(np.asarray(mask, float) / 255, rng.uniform(1, 6))
    return page(rng) * (1 - rng.uniform(0.25, 0.5) * shade)[..., None]


def corner(rng: Random) -> Field:
    """The shadow of something square comes in from a corner of the picture."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    turn = rng.uniform(-0.5, 0.5)
    first = x * np.cos(turn) + y * np.sin(turn) - rng.uniform(0.3, 0.6) * WIDTH
    second = y * np.cos(turn) - x * np.sin(turn) - rng.uniform(0.3, 0.6) * HEIGHT
    shade = np.clip(0.5 - np.maximum(first, second) / rng.uniform(2, 12), 0, 1)
    return page(rng) * (1 - rng.uniform(0.25, 0.5) * shade)[..., None]


def folded(rng: Random) -> Field:
    """A crease along each middle, and each part in its own light."""
    light = np.kron(rng.uniform(0.85, 1, (2, 2)), np.ones((HEIGHT // 2, WIDTH // 2)))
    light[HEIGHT // 2 - 2 : HEIGHT // 2 + 1] *= 0.88
    light[:, WIDTH // 2 - 2 : WIDTH // 2 + 1] *= 0.92
    return (
        page(rng)
        * ndimage.rotate(light, rng.uniform(-4, 4), reshape=False, mode="nearest")[..., None]
    )


def wood(rng: Random) -> Field:
    """Long grain, light and dark."""
    grain = ndimage.gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), (1.5, rng.uniform(15, 60)))
    return (1 + 0.12 * grain / grain.std())[..., None] * (165, 120, 80)


def wiped(rng: Random) -> Field:
    """A blackboard with what a sponge has left."""
    smear = ndimage.gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), (4, 30))
    smear = ndimage.rotate(smear, rng.uniform(-40, 40), reshape=False, mode="mirror")
    return 40 + 25 * np.clip(smear / smear.std(), 0, 3)[..., None] * np.ones(3)


def clouds(rng: Random) -> Field:
    """White on blue."""
    sky = ndimage.gaussian_filter(rng.normal(size=(HEIGHT, WIDTH)), rng.uniform(10, 30))
    white = np.clip(sky / sky.std(), 0, 1.5)[..., None] / 1.5
    return (110, 150, 205) + white * np.array((140, 100, 45))


def scribbled(rng: Random) -> Field:
    """A pen was tried out."""
    points = np.cumsum(rng.normal(0, 45, (60, 2)), axis=0)
    points = ndimage.gaussian_filter1d(points - points.mean(axis=0), 1.2, axis=0)
    points *= rng.uniform(50, 120) / np.abs(points).max()
    return _inked([(x + WIDTH / 2, y + HEIGHT / 2) for x, y in points], rng)


def crossed(rng: Random) -> Field:
    """A tick box with a cross in it."""
    r, (x, y) = rng.uniform(40, 100), (WIDTH / 2, HEIGHT / 2)
    ways = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1), (1, 1), (1, -1), (-1, 1)]
    return _inked([(x + r * i, y + r * j + rng.normal(0, 3)) for i, j in ways], rng)


def _inked(way: list[tuple[float, float]], rng: Random) -> Field:
    sheet = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    ImageDraw.Draw(sheet).line(way, fill=(30, 40, 90), width=int(rng.integers(3, 9)), joint="curve")
    return np.asarray(sheet, float)


NOTHINGS: dict[str, Callable[[Random], Field]] = {
    "a page": page,
    "ruled paper with a margin": ruled,
    "squared paper": squared,
    "the shadow of a hand": hand,
    "the corner of a shadow": corner,
    "a page that was folded": folded,
    "wood": wood,
    "a wiped blackboard": wiped,
    "clouds": clouds,
    "a scribble": scribbled,
    "a crossed box": crossed,
}
