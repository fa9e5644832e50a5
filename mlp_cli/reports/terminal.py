"""Pictures drawn with the block characters of a plain terminal, light ink on a dark ground."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlp_cli.reports.tables import pad

Pixels = NDArray[np.uint8]

# A character shows two pixels, one above the other, each off, faint or on: BLOCKS[upper][lower].
BLOCKS = (" ░▄", "░▒▓", "▀▓█")
LEVELS = (48, 112)  # from here a pixel is faint, from here on
GAP = "  "


def picture_text(pixels: Pixels) -> str:
    """Draw an (H, W) picture as H / 2 lines of W characters, which looks square."""
    return "\n".join(_rows(pixels))


def sheet_text(images: Pixels, labels: Sequence[str], width: int = 80) -> str:
    """Draw (N, H, W) pictures at half size under their labels, as many abreast as ``width`` has."""
    column = images.shape[2] // 2
    abreast = max(1, (width + len(GAP)) // (column + len(GAP)))
    bands = []
    for start in range(0, len(images), abreast):
        stop = start + abreast
        heads = [pad(label, column) for label in labels[start:stop]]
        pictures = [_rows(_half_size(image)) for image in images[start:stop]]
        lines = [heads, *zip(*pictures, strict=True)]
        bands.append("\n".join(GAP.join(line).rstrip() for line in lines))
    return "\n\n".join(bands)


def _rows(pixels: Pixels) -> list[str]:
    level = np.digitize(pixels, LEVELS)
    if len(level) % 2:
        level = np.pad(level, ((0, 1), (0, 0)))
    return [
        "".join(BLOCKS[above][below] for above, below in zip(upper, lower, strict=True))
        for upper, lower in zip(level[::2].tolist(), level[1::2].tolist(), strict=True)
    ]


def _half_size(pixels: Pixels) -> Pixels:
    """The mean of each 2 × 2 pixels; an odd last row or column is left out."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    blocks = pixels[: 2 * height, : 2 * width].reshape(height, 2, width, 2)
    means: Pixels = blocks.mean(axis=(1, 3)).astype(np.uint8)
    return means
