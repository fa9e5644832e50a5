"""Pictures to read: named one by one, as a folder or as stdin, and prepared one at a time."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlp_cli.data.batches import scaled
from mlp_cli.data.deskew import deskew
from mlp_cli.data.images import as_pixels, load_image
from mlp_cli.data.prepare import prepare
from mlp_cli.errors import ImageError

if TYPE_CHECKING:
    from PIL.Image import Image

STDIN = "-"

# In a folder only these are pictures, so that notes and thumbnails may lie beside them.
SUFFIXES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".tif",
    ".tiff",
    ".bmp",
    ".gif",
    ".pgm",
    ".ppm",
)


@dataclass(frozen=True, eq=False)
class Picture:
    """What a network is shown."""

    name: str
    pixels: NDArray[np.uint8]  # (n_in,)
    truth: str | None = None  # its class, where that is known

    def inputs(self, dtype: DTypeLike) -> NDArray[np.floating]:
        """The pixels as a batch of one, in [0, 1]: (1, n_in)."""
        return scaled(self.pixels[None], np.empty((1, self.pixels.size), dtype))


@dataclass(frozen=True)
class Unread:
    """What was named, and why nothing can be read from it."""

    name: str
    why: str


Preparation: TypeAlias = Callable[["Image", str, tuple[int, int]], NDArray[np.uint8]]


@dataclass(frozen=True)
class Source:
    """A picture that can be looked at: a file, or bytes that came from stdin."""

    name: str
    held: Path | bytes

    def read(self, shape: tuple[int, int], make: Preparation) -> Picture | Unread:
        """The picture prepared, or why it cannot be read."""
        try:
            return Picture(self.name, make(load_image(self.held, self.name), self.name, shape))
        except ImageError as error:
            return Unread(self.name, str(error))


def sources(names: Iterable[str]) -> Iterator[Source | Unread]:
    """The pictures that names mean.

    Args:
        names: files, folders of them, or ``-`` for stdin.
    """
    for name in names:
        if name == STDIN:
            yield Source("stdin", sys.stdin.buffer.read())
        elif not os.path.isdir(name):
            yield Source(name, Path(name))
        else:
            yield from _folder(name)


def _folder(name: str) -> Iterator[Source | Unread]:
    try:
        files = picture_files(Path(name))
    except OSError as error:
        yield Unread(name, f"{name} cannot be read: {error.strerror}")
        return
    if not files:
        yield Unread(name, f"{name} has no pictures directly in it")
    for path in files:
        yield Source(str(path), path)


def pictures(
    found: Iterable[Source | Unread], shape: tuple[int, int], make: Preparation
) -> Iterator[Picture | Unread]:
    """Each picture prepared, or why it cannot be read.

    Args:
        found: what ``sources`` gives.
        shape: the height and width that the network was trained on.
        make: turns a picture, its name and the shape into pixels: ``prepare``, ``as_pixels`` …
    """
    for one in found:
        yield one.read(shape, make) if isinstance(one, Source) else one


def picture_files(folder: Path) -> list[Path]:
    """The pictures in a folder, in the order of their names; hidden files are none.

    Raises:
        OSError: the folder cannot be read.
    """
    return sorted(path for path in _files(folder) if path.suffix.lower() in SUFFIXES)


def passed_over(folder: Path) -> int:
    """How many files lie beside the pictures in a folder; 0 in one that cannot be read."""
    try:
        return sum(path.suffix.lower() not in SUFFIXES for path in _files(folder))
    except OSError:
        return 0


def _files(folder: Path) -> Iterator[Path]:
    """The files in a folder, but not the hidden ones."""
    return (path for path in folder.iterdir() if path.name[0] != "." and path.is_file())


@dataclass(frozen=True)
class Upright:
    """A preparation, for a network that is shown upright digits."""

    make: Preparation

    def __call__(self, picture: "Image", name: str, shape: tuple[int, int]) -> NDArray[np.uint8]:
        return deskew(self.make(picture, name, shape)[None], shape).reshape(-1)


def as_trained(
    picture: "Image", name: str = "the picture", shape: tuple[int, int] = (28, 28)
) -> NDArray[np.uint8]:
    """Take a picture for a network trained on arrays: as it is where it has their shape.

    Any other is prepared as MNIST's were.

    Raises:
        ImageError: the picture is blank.
    """
    fits = (picture.height, picture.width) == shape
    return (as_pixels if fits else prepare)(picture, name, shape)
