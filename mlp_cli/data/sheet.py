"""A sheet of paper that lies whole in a picture: what is written is written on it.

The table around it would else be the ground, and the sheet a digit with a hole.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from PIL import Image

from mlp_cli.data.morphology import Floats, Mask, components, smooth
from mlp_cli.data.prepare import box_of

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

LOOKED_AT = 200  # pixels of the longer side are enough to see a sheet
LEAST = 0.04  # of the picture
MOST_INK = 0.3  # of a sheet: what is emptier inside is a digit or a frame
BENT = 0.04  # of its outline: how far a sheet may be from a quadrilateral
ALIKE = 0.93  # of both together: what a sheet and that quadrilateral have in common
NARROWEST = 0.35  # times as wide as long: what is narrower is a stroke
SPREAD = 0.5  # of the shade between table and sheet: what is less even inside is a block of text
ALONG = 0.9  # of an edge of the picture lies a scanner's strip, at least: what is shorter is ink
STRIP = 0.12  # of the picture's side: what a scanner adds along the edges is no broader
RIM = 0.04  # of a sheet's side, which is taken for its edge


class Sheet(NamedTuple):
    """What to look for digits in."""

    picture: "Picture"
    left: int  # where it lies in the whole picture, in pixels
    top: int


def sheet_of(picture: "Picture") -> Sheet:
    """The part of a picture that is a sheet on a ground of another shade, or all of the picture.

    A sheet has four corners, and touches no edge of the picture; or it is all of the picture but
    for strips along its edges. What is beside it in the part gets the sheet's colour.
    """
    times = max(1, max(picture.size) // LOOKED_AT)
    whole = picture.convert("RGB")
    small = np.asarray(whole.reduce(times), np.float32)
    points = whole.resize((small.shape[1], small.shape[0]), Image.Resampling.NEAREST)
    sharp = np.asarray(points, np.float32).mean(axis=2)
    found = [each for each in _sheets(smooth(small.mean(axis=2), 1)) if _even(each, sharp)]
    sheet = max(map(_without_rim, found), key=np.count_nonzero, default=None)
    if sheet is None or not sheet.any():  # some are nothing but a rim
        return Sheet(picture, 0, 0)
    down, across = box_of(sheet)
    left, top = across.start * times, down.start * times
    right, bottom = min(across.stop * times, whole.width), min(down.stop * times, whole.height)
    part = whole.crop((left, top, right, bottom))
    red, green, blue = (int(level) for level in np.median(small[sheet], axis=0))
    plain = Image.new("RGB", part.size, (red, green, blue))
    plain.paste(
        part, mask=Image.fromarray(sheet[down, across].view(np.uint8) * 255).resize(part.size)
    )
    return Sheet(plain, left, top)


def _sheets(grey: Floats) -> Iterator[Mask]:
    """What may be a sheet, with all that is on it: the largest of the light, and of the dark."""
    level, _ = cv2.threshold(grey.astype(np.uint8), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for mask in (grey > level, grey <= level):
        parts = components(mask)
        if not len(parts):
            continue
        largest = int(np.argmax(parts.areas))
        own = (parts.labels == largest + 1).astype(np.uint8)
        outline = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0][0]
        filled = _filled(np.asarray(outline), mask.shape)
        if (parts.start[largest] == 0).any() or (parts.stop[largest] == mask.shape).any():
            page = _with_ink_at_edges(filled)
            if _but_a_strip(page):
                yield page
            continue
        area = np.count_nonzero(filled)
        empty = 1 - parts.areas[largest] / area
        if area >= LEAST * mask.size and empty <= MOST_INK and _has_corners(outline, filled):
            yield filled


def _with_ink_at_edges(sheet: Mask) -> Mask:
    """A sheet (H, W) with what reaches into it from the picture's edge and is no strip there."""
    parts = components(~sheet)
    strips = (parts.stop - parts.start >= ALONG * np.array(sheet.shape)).any(axis=1)
    whole: Mask = ~np.isin(parts.labels, np.flatnonzero(strips) + 1)
    return whole


def _but_a_strip(sheet: Mask) -> bool:
    """Whether a sheet (H, W) is all of the picture but for strips along its edges, as in scans."""
    down, across = (round(STRIP * side) for side in sheet.shape)
    inner = sheet[down : len(sheet) - down, across : sheet.shape[1] - across]
    return bool(inner.all() and not sheet.all())


def _has_corners(outline: cv2.typing.MatLike, filled: Mask) -> bool:
    """Whether an outline is a quadrilateral's, as that of a sheet seen from anywhere."""
    hull = cv2.convexHull(outline)
    corners = cv2.approxPolyDP(hull, BENT * cv2.arcLength(outline, True), True)
    if len(corners) != 4:
        return False
    straight = _filled(np.asarray(corners), filled.shape)
    shorter, longer = sorted(cv2.minAreaRect(corners)[1])
    shared, together = np.count_nonzero(straight & filled), np.count_nonzero(straight | filled)
    return bool(shared >= ALIKE * together and shorter >= NARROWEST * longer)


def _even(sheet: Mask, grey: Floats) -> bool:
    """Whether most of a sheet is of one shade, beside how far that is from the table's."""
    low, middle, high = np.percentile(grey[sheet], (25, 50, 75))
    return bool(high - low < SPREAD * abs(middle - np.median(grey[~sheet])))


def _filled(outline: cv2.typing.MatLike, shape: tuple[int, ...]) -> Mask:
    inside = np.zeros(shape, np.uint8)
    cv2.drawContours(inside, [outline], -1, 1, cv2.FILLED)
    return inside.astype(np.bool_)


def _without_rim(sheet: Mask) -> Mask:
    by = max(2, round(RIM * float(np.sqrt(np.count_nonzero(sheet)))))
    square = np.ones((2 * by + 1, 2 * by + 1), np.uint8)
    return cv2.erode(sheet.view(np.uint8), square).astype(np.bool_)
