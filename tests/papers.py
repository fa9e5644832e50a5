"""Digits as people draw, scan and photograph them: each nuisance alone, and all together.

A nuisance spoils a sheet before it becomes a picture.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage
from sheets import Field, Sheet, developed, enlarged, skeleton

Nuisance = Callable[[Sheet], None]
NUISANCES: dict[str, tuple[Nuisance, ...]] = {}


def draw(name: str, digit: NDArray[np.uint8], rng: np.random.Generator) -> bytes:
    """A picture file of a digit (28, 28) under a nuisance."""
    sheet = Sheet(enlarged(digit, rng), rng)
    for spoil in NUISANCES[name]:
        spoil(sheet)
    return developed(sheet)


def nuisance(name: str) -> Callable[[Nuisance], Nuisance]:
    def add(spoil: Nuisance) -> Nuisance:
        NUISANCES[name] = (spoil,)
        return spoil

    return add


@nuisance("clean")
def clean(sheet: Sheet) -> None:
    """Black on white."""


@nuisance("uneven light")
def uneven_light(sheet: Sheet) -> None:
    """Brighter on one side, and across it a soft or hard edge of a shadow."""
    y, x = np.indices(sheet.ink.shape) / np.array(sheet.ink.shape)[:, None, None] - 0.5
    turn, edge = sheet.rng.uniform(0, 2 * np.pi, 2)
    slope = 1 - sheet.rng.uniform(0.3, 0.8) * (x * np.cos(turn) + y * np.sin(turn) + 0.7) / 1.4
    across = x * np.cos(edge) + y * np.sin(edge) - sheet.rng.uniform(-0.3, 0.3)
    shadow = 1 - sheet.rng.uniform(0.25, 0.5) / (
        1 + np.exp(-np.clip(across * sheet.rng.uniform(15, 120), -50, 50))
    )
    sheet.light = slope * shadow


@nuisance("a hard shadow")
def hard_shadow(sheet: Sheet) -> None:
    """Something long is held over the sheet, or its end is; both of its edges are sharp."""
    rng = sheet.rng
    height, width = sheet.ink.shape
    y, x = np.indices(sheet.ink.shape)
    turn, breadth = rng.uniform(0, np.pi), rng.uniform(0.15, 0.3) * max(height, width)
    along = (x - width / 2) * np.cos(turn) + (y - height / 2) * np.sin(turn)
    across = (y - height / 2) * np.cos(turn) - (x - width / 2) * np.sin(turn)
    apart = np.abs(across - rng.uniform(-0.5, 0.5) * breadth) - breadth / 2
    if rng.random() < 0.5:
        apart = np.maximum(apart, along - rng.uniform(-0.2, 0.2) * max(height, width))
    inside = np.clip(0.5 - apart / rng.uniform(2, 8), 0, 1)
    sheet.light = 1 - rng.uniform(0.3, 0.6) * inside


@nuisance("half in shadow")
def half_in_shadow(sheet: Sheet) -> None:
    """A small digit on a large page, on one side of a sharp edge or on both."""
    rng = sheet.rng
    margins(sheet)
    _redraw(sheet, rng.uniform(8, 14))
    y, x = np.indices(sheet.ink.shape)
    turn, middle = rng.uniform(0, 2 * np.pi), [float(i.mean()) for i in np.nonzero(sheet.ink)]
    across = (y - middle[0]) * np.cos(turn) + (x - middle[1]) * np.sin(turn)
    inside = np.clip(0.5 + (across + rng.uniform(-150, 150)) / rng.uniform(2, 12), 0, 1)
    sheet.light = 1 - rng.uniform(0.3, 0.6) * inside


@nuisance("low contrast")
def low_contrast(sheet: Sheet) -> None:
    grey = int(sheet.rng.integers(120, 220))
    sheet.paper, sheet.pen = (grey,) * 3, (grey - int(sheet.rng.integers(25, 45)),) * 3
    grain(2.0)(sheet)


@nuisance("squared paper")
def squared(sheet: Sheet) -> None:
    sheet.lines = np.maximum(*printed(sheet, columns=True))
    sheet.print = _lineish(sheet.rng)


@nuisance("ruled paper")
def ruled(sheet: Sheet) -> None:
    sheet.lines = printed(sheet, columns=False)[0]
    sheet.print = _lineish(sheet.rng)


def printed(sheet: Sheet, columns: bool) -> tuple[Field, Field]:
    """Lines across, and down, slightly turned."""
    rng = sheet.rng
    y, x = np.indices(sheet.ink.shape)
    apart = rng.uniform(25, 60) if columns else rng.uniform(50, 110)
    turn, thick = rng.uniform(-0.07, 0.07), rng.uniform(1, 2.5)
    found = []
    for along in (y * np.cos(turn) + x * np.sin(turn), x * np.cos(turn) - y * np.sin(turn)):
        phase = (along + rng.uniform(0, apart)) % apart
        found.append(np.clip(thick / 2 + 0.5 - np.abs(phase - apart / 2), 0, 1))
    return found[0], found[1]


def _lineish(rng: np.random.Generator) -> tuple[int, int, int]:
    return [(150, 180, 215), (190, 190, 190), (215, 160, 160), (120, 150, 200)][rng.integers(4)]


@nuisance("coloured ink")
def coloured(sheet: Sheet) -> None:
    """Blue on pink, red on yellow, white on a blackboard."""
    pairs = [
        ((250, 205, 215), (40, 60, 170)),
        ((250, 240, 170), (200, 40, 40)),
        ((35, 55, 45), (235, 235, 225)),
        ((200, 230, 200), (120, 40, 130)),
        ((30, 60, 140), (250, 220, 60)),
        ((225, 60, 60), (250, 245, 245)),
        ((190, 150, 100), (20, 90, 40)),
    ]
    sheet.paper, sheet.pen = pairs[sheet.rng.integers(len(pairs))]


@nuisance("blur")
def blur(sheet: Sheet) -> None:
    radius = sheet.rng.uniform(2, 7)
    sheet.after.append(lambda picture: picture.filter(ImageFilter.GaussianBlur(radius)))


@nuisance("JPEG")
def jpeg(sheet: Sheet) -> None:
    sheet.kind, sheet.options = "JPEG", {"quality": int(sheet.rng.integers(5, 25))}


@nuisance("thin pen")
def thin(sheet: Sheet) -> None:
    _redraw(sheet, sheet.rng.uniform(1.5, 4))


@nuisance("thick pen")
def thick(sheet: Sheet) -> None:
    _redraw(sheet, sheet.rng.uniform(28, 38))


def _redraw(sheet: Sheet, width: float) -> None:
    """The stroke with another width, in pixels: its middle line, drawn anew."""
    middle = skeleton(sheet.ink > 0.5)
    sheet.ink = np.clip(width / 2 + 0.5 - ndimage.distance_transform_edt(~middle), 0, 1)


@nuisance("turned by EXIF")
def turned(sheet: Sheet) -> None:
    exif, tag = Image.Exif(), int(sheet.rng.choice([3, 6, 8]))
    back = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}
    exif[0x0112] = tag
    sheet.after.append(lambda p: p.transpose(back.get(tag, Image.Transpose.ROTATE_270)))
    sheet.kind, sheet.options = "JPEG", {"quality": 90, "exif": exif}


@nuisance("transparent")
def transparent(sheet: Sheet) -> None:
    sheet.transparent = True
    sheet.pen = [(0, 0, 0), (255, 255, 255), (30, 60, 200)][sheet.rng.integers(3)]


def grain(deviation: float) -> Nuisance:
    """A camera's noise."""

    def spoil(sheet: Sheet) -> None:
        def noisy(picture: Image.Image) -> Image.Image:
            pixels = np.asarray(picture, float)
            pixels = pixels + sheet.rng.normal(0, deviation, pixels.shape)
            return Image.fromarray(np.clip(np.round(pixels), 0, 255).astype(np.uint8))

        sheet.after.append(noisy)

    return spoil


@nuisance("noise")
def noise(sheet: Sheet) -> None:
    grain(sheet.rng.uniform(10, 35))(sheet)


@nuisance("large margins")
def margins(sheet: Sheet) -> None:
    room = sheet.rng.integers(100, 900, 4)
    sheet.ink = np.pad(sheet.ink, ((room[0], room[1]), (room[2], room[3])))


@nuisance("at the edge")
def at_the_edge(sheet: Sheet) -> None:
    rows, columns = (np.flatnonzero(sheet.ink.any(axis)) for axis in (1, 0))
    first, last, left, right = rows[0] + 2, rows[-1] - 1, columns[0] + 2, columns[-1] - 1
    cut = [(slice(first, None), slice(None)), (slice(None, last), slice(None))]
    cut += [(slice(None), slice(left, None)), (slice(None), slice(None, right))]
    cut += [(slice(first, last), slice(left, right))]
    sheet.ink = sheet.ink[cut[sheet.rng.integers(len(cut))]]


@nuisance("a sheet on a table")
def on_a_table(sheet: Sheet) -> None:
    """All of the paper in the picture, and turned; the table is darker."""
    rng = sheet.rng
    shade, turn, size = rng.integers(20, 130, 3), rng.uniform(-15, 15), rng.uniform(1.2, 2.2)

    def laid(picture: Image.Image) -> Image.Image:
        paper = picture.convert("RGBA").rotate(turn, Image.Resampling.BICUBIC, expand=True)
        height, width = (round(size * side) for side in (paper.height, paper.width))
        wood = (
            shade
            + 6 * np.sin(np.arange(height)[:, None, None] / 9)
            + rng.normal(0, 3, (height, width, 3))
        )
        table = Image.fromarray(np.clip(wood, 0, 255).astype(np.uint8))
        corner = rng.integers(8, (width - paper.width - 8, height - paper.height - 8))
        table.paste(paper, (int(corner[0]), int(corner[1])), paper)
        return table

    sheet.after.append(laid)


@nuisance("specks")
def specks(sheet: Sheet) -> None:
    rng = sheet.rng
    y, x = np.indices(sheet.ink.shape)
    for _ in range(rng.integers(5, 25)):
        at = rng.integers(0, sheet.ink.shape)
        spot = np.clip(rng.uniform(1, 4) + 0.5 - np.hypot(y - at[0], x - at[1]), 0, 1)
        sheet.ink = np.maximum(sheet.ink, spot)


@nuisance("small")
def small(sheet: Sheet) -> None:
    side = int(sheet.rng.integers(30, 60))
    sheet.after.append(lambda picture: _shrunk(picture, side))


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    picture = picture.copy()
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    return picture


NUISANCES["a photograph"] = (
    margins,
    lambda s: (ruled, squared)[s.rng.integers(2)](s),
    lambda s: _redraw(s, s.rng.uniform(5, 14)),
    uneven_light,
    lambda s: s.after.append(lambda p: p.filter(ImageFilter.GaussianBlur(s.rng.uniform(0.5, 2)))),
    grain(6.0),
    turned,
    lambda s: s.options.update(quality=60),
)
