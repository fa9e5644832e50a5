"""Drawings that are no digits, of the kinds that pictures without a digit leave to be read."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Canvas = NDArray[np.uint8]  # (SIDE, SIDE)
Points = NDArray[np.float64]  # (n, 2): x and y from −1 to 1
Random = np.random.Generator

SIDE = 96  # pixels
UNIT = 34  # of them: some room is left for what is turned
FLAT = np.radians(35)  # a stroke alone that is steeper may be a 1
LETTERS = "AEFHKMNRWXkmwx"  # that no digit looks like
FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX)


def bow(rng: Random) -> Canvas:
    """A stroke that lies flat: the edge of a sheet or a fold."""
    along, height = np.linspace(-1, 1, 9), rng.uniform(-0.3, 0.3)
    way = np.stack([along, height * (1 - along**2)], axis=1)
    return _pen([_turned(way, rng.uniform(-FLAT, FLAT))], rng.uniform(0.1, 0.5))


def hatching(rng: Random) -> Canvas:
    """Strokes beside each other, or spread like fingers."""
    n, fan, turn = int(rng.integers(2, 7)), rng.uniform(0, 0.6), rng.uniform(0, np.pi)
    ways = []
    for aside in np.linspace(-1, 1, n):
        half = np.array([rng.uniform(0.4, 1), 0])
        middle = rng.normal((0, aside), (0.2, 0.1))
        ways.append(_turned(_turned(np.array([-half, half]), fan * aside) + middle, turn))
    return _pen(ways, rng.uniform(0.1, 1.2 / n))


def heart(rng: Random) -> Canvas:
    """Two arcs and a tip: no 0."""
    t = np.linspace(0, 2 * np.pi, 60)
    x = np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) / 16
    way = np.stack([x, y], axis=1) * rng.uniform(0.7, 1, 2)
    return _pen([_turned(way, rng.normal(0, 0.15))], _width(rng))


def star(rng: Random) -> Canvas:
    """Strokes through one point: a cross, an asterisk."""
    ray = np.array([(-1.0, 0.0), (1.0, 0.0)])
    n = int(rng.integers(2, 5))
    turns = np.pi * (np.arange(n) + rng.uniform(0, 0.5, n) + rng.random()) / n
    return _pen([_turned(ray * rng.uniform(0.6, 1), turn) for turn in turns], _width(rng))


def grid(rng: Random) -> Canvas:
    """Lines across lines: squared paper."""
    ways, turn = [], rng.uniform(-0.6, 0.6)
    for at in np.linspace(-0.6, 0.6, rng.integers(2, 5)):
        ways += [np.array([(at, -1), (at, 1)]), np.array([(-1, at), (1, at)])]
    return _pen([_turned(way, turn) for way in ways], _width(rng) / 2)


def zigzag(rng: Random) -> Canvas:
    """Up and down: a shaded corner, a wave."""
    n = int(rng.integers(5, 11))
    heights = rng.uniform(0.2, 0.8) * (-1) ** np.arange(n) + rng.normal(0, 0.1, n)
    way = np.stack([np.linspace(-1, 1, n), heights], axis=1)
    return _pen([_turned(way, rng.uniform(-1, 1))], _width(rng) / 2)


def scribble(rng: Random) -> Canvas:
    """A pen that goes round and round: a test of whether it writes."""
    n = int(rng.integers(150, 400))
    heading = np.cumsum(rng.normal(rng.uniform(-0.2, 0.2), 0.3, n))
    way = np.cumsum(np.stack([np.cos(heading), np.sin(heading)], axis=1), axis=0)
    way -= (way.max(axis=0) + way.min(axis=0)) / 2
    return _pen([way / np.abs(way).max()], _width(rng) / 2)


def polygon(rng: Random) -> Canvas:
    """Filled, of three to five corners: the corner of a shadow or of a sheet."""
    n = int(rng.integers(3, 6))
    around = 2 * np.pi * (np.arange(n) + rng.uniform(0, 0.6, n) + rng.random()) / n
    flat = np.array([1, rng.uniform(0.2, 1)]) * rng.uniform(0.4, 1, (n, 1))
    corners = flat * np.stack([np.cos(around), np.sin(around)], axis=1)
    canvas = _canvas()
    cv2.fillPoly(canvas, [_pixels(_turned(corners, rng.uniform(-FLAT, FLAT)))], 255)
    return canvas


def blots(rng: Random) -> Canvas:
    """Ellipses here and there, turned about alike: smears, clouds, crumbs."""
    canvas, turn = _canvas(), rng.uniform(0, 180)
    for _ in range(rng.integers(2, 9)):
        centre, axes = rng.uniform(0.1, 0.9, 2) * SIDE, rng.uniform((5, 3), (24, 8))
        box = (centre.tolist(), (2 * axes).tolist(), rng.normal(turn, 30))
        cv2.ellipse(canvas, box, 255, cv2.FILLED)
    return canvas


def grain(rng: Random) -> Canvas:
    """What is strong of smooth noise, in an ellipse: wood, cloth, a wiped board."""
    fine = rng.uniform(0.7, 3.5)
    noise = rng.standard_normal((SIDE, SIDE), np.float32)
    noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), fine * rng.uniform(1, 8), sigmaY=fine))
    y, x = np.ogrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    far = (x / rng.uniform(0.3, 0.9)) ** 2 + (y / rng.uniform(0.15, 0.7)) ** 2
    strong = noise / noise.std() + rng.uniform(-0.2, 0.5) > rng.uniform(0.1, 0.5) * np.exp(far)
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), rng.uniform(0, 180), 1)
    return np.asarray(cv2.warpAffine(strong.view(np.uint8) * 255, turn, (SIDE, SIDE)), np.uint8)


def letter(rng: Random) -> Canvas:
    """One that looks like no digit."""
    canvas, drawn = _canvas(), LETTERS[rng.integers(len(LETTERS))]
    font, thick = FONTS[rng.integers(len(FONTS))], int(rng.integers(2, 10))
    cv2.putText(canvas, drawn, (SIDE // 5, 4 * SIDE // 5), font, SIDE / 44, 255, thick)
    return canvas


KINDS = (bow, hatching, heart, star, grid, zigzag, scribble, polygon, blots, grain, letter)


def _canvas() -> Canvas:
    return np.zeros((SIDE, SIDE), np.uint8)


def _width(rng: Random) -> float:
    """Of a pen: around that of MNIST's, whose drawings are two wide."""
    return rng.uniform(0.1, 0.4)


def _pen(ways: Sequence[Points], width: float) -> Canvas:
    """The strokes of a pen of this width."""
    canvas, thick = _canvas(), max(1, round(UNIT * width))
    cv2.polylines(canvas, [_pixels(way) for way in ways], False, 255, thick, cv2.LINE_AA)
    return canvas


def _turned(points: Points, turn: float) -> Points:
    """Turned about the middle by so many radians."""
    cos, sin = np.cos(turn), np.sin(turn)
    turned: Points = points @ np.array([(cos, sin), (-sin, cos)])
    return turned


def _pixels(points: Points) -> NDArray[np.int32]:
    """Where on the canvas they are."""
    return np.rint(SIDE / 2 + UNIT * points).astype(np.int32)
