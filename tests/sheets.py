"""A sheet of paper with a digit on it: smooth strokes, a ground, light, and what happens after."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Field = NDArray[np.float64]
WHITE, BLACK = (250, 250, 248), (25, 25, 30)


@dataclass
class Sheet:
    """What a picture is made of, before it is one."""

    ink: Field  # (H, W), 1 where the pen was
    rng: np.random.Generator
    paper: tuple[int, int, int] = WHITE
    pen: tuple[int, int, int] = BLACK
    lines: Field | None = None  # (H, W), 1 where something is printed on the paper
    print: tuple[int, int, int] = (150, 180, 215)
    light: Field | None = None  # (H, W), factor
    after: list[Callable[[Image.Image], Image.Image]] = field(default_factory=list)
    kind: str = "PNG"
    options: dict[str, Any] = field(default_factory=dict)
    transparent: bool = False


def enlarged(digit: NDArray[np.uint8], rng: np.random.Generator, times: int = 8) -> Field:
    """The digit's stroke, smooth and many times as large, somewhere on a sheet."""
    rows, columns = np.flatnonzero(digit.any(1)), np.flatnonzero(digit.any(0))
    cropped = digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] / 255.0
    large = ndimage.zoom(np.pad(cropped, 3), times, order=3)
    stroke = np.clip((large - 0.5) * times / 2 + 0.5, 0, 1)
    room = rng.integers(20, 120, 4)
    return np.pad(stroke, ((room[0], room[1]), (room[2], room[3])))


def developed(sheet: Sheet) -> bytes:
    """The picture file."""
    ground = np.broadcast_to(np.array(sheet.paper, float), (*sheet.ink.shape, 3))
    if sheet.lines is not None:
        ground = ground + sheet.lines[..., None] * (np.array(sheet.print, float) - ground)
    ink = sheet.ink[..., None]
    colours = ground * (1 - ink) + ink * np.array(sheet.pen, float)
    if sheet.light is not None:
        colours = colours * sheet.light[..., None]
    if sheet.transparent:
        colours = np.dstack([np.broadcast_to(np.array(sheet.pen), ground.shape), 255 * sheet.ink])
    picture = Image.fromarray(np.clip(np.round(colours), 0, 255).astype(np.uint8))
    for change in sheet.after:
        picture = change(picture)
    file = BytesIO()
    picture.save(file, sheet.kind, **sheet.options)
    return file.getvalue()


def skeleton(shape: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The middle line of a shape, a pixel wide (Zhang & Suen 1984)."""
    shape = np.pad(shape, 1)
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            p = [np.roll(shape, move, (0, 1)) for move in _AROUND]
            count = sum(q.astype(int) for q in p)
            steps = sum((~p[i] & p[(i + 1) % 8]).astype(int) for i in range(8))
            up, right, down, left = p[0], p[2], p[4], p[6]
            ends = (
                ~(up & right & down) & ~(right & down & left)
                if first
                else ~(up & right & left) & ~(up & down & left)
            )
            gone = shape & (count >= 2) & (count <= 6) & (steps == 1) & ends
            changed |= bool(gone.any())
            shape = shape & ~gone
    return shape[1:-1, 1:-1]


# What each neighbour's pixel has to be rolled by to come here: from above, clockwise.
_AROUND = ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))
