"""Pictures to read: named one by one, as a folder or as stdin, and prepared one at a time."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.images import as_pixels, load_image, prepare
from mlp_cli.errors import ImageError

STDIN = "-"


@dataclass(frozen=True, eq=False)
class Picture:
    """What a network is shown."""

    name: str
    pixels: NDArray[np.uint8]  # (n_in,)
    truth: str | None = None  # its class, where that is known


def pictures(
    names: Iterable[str], shape: tuple[int, int], raw: bool
) -> Iterator[Picture | ImageError]:
    """Each picture prepared, or why it cannot be read.

    Args:
        names: files, folders of them, or ``-`` for stdin.
        shape: the height and width that the network was trained on.
        raw: take them as they are, without preparation.
    """
    make = as_pixels if raw else prepare
    for name in names:
        for shown, source in _sources(name):
            try:
                yield Picture(shown, make(load_image(source, shown), shown, shape))
            except ImageError as error:
                yield error


def _sources(name: str) -> Iterator[tuple[str, Path | bytes]]:
    """The files that a name means, those of a folder in the order of their names."""
    if name == STDIN:
        yield "stdin", sys.stdin.buffer.read()
    elif os.path.isdir(name):
        for path in sorted(Path(name).iterdir()):
            if path.is_file() and not path.name.startswith("."):
                yield str(path), path
    else:
        yield name, Path(name)
