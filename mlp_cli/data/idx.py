"""The IDX format of MNIST: a magic number, the dimensions, then the bytes of the array.

The layout, all integers big-endian (LeCun, Cortes and Burges, "The MNIST database"):

    0  0  type  D        type 0x08 is unsigned byte, the only one read here; D dimensions, 1 to 3
    D × uint32           the dimensions
    bytes                the array, row by row
"""

import gzip
import math
import mmap
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlp_cli.errors import DataError

_UNSIGNED_BYTE = 0x08
_MOST_UNPACKED = 2**31  # bytes
_CHUNK = 2**20


def encode(array: NDArray[np.uint8]) -> bytes:
    """The IDX file that holds ``array``."""
    return header(array.shape) + array.tobytes()


def header(shape: tuple[int, ...]) -> bytes:
    """What stands before the bytes of an array of this shape."""
    return bytes((0, 0, _UNSIGNED_BYTE, len(shape))) + np.array(shape, ">u4").tobytes()


def decode(raw: bytes | mmap.mmap, name: str) -> NDArray[np.uint8]:
    """The array in an IDX file: a read-only view of ``raw``, nothing copied.

    Args:
        raw: the whole file, decompressed.
        name: what to call the file in an error.

    Raises:
        DataError: not IDX, not unsigned bytes, or not as long as its header says.
    """
    dimensions = _dimensions(raw[:4], name)
    start = 4 + 4 * dimensions
    shape = _shape(raw[4:start], dimensions, name)
    if _fullest(shape) > sys.maxsize:  # NumPy wants it of 0 images too
        raise DataError(f"{name}: the IDX header promises {shape}, more than any file holds")
    expected, found = start + math.prod(shape), len(raw)
    if found != expected:
        raise DataError(f"{name}: the IDX header says {expected:,} bytes, the file has {found:,}")
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)


def map_file(path: Path) -> NDArray[np.uint8]:
    """The array in a decompressed IDX file, memory-mapped and read-only.

    Raises:
        DataError: see :func:`decode`.
    """
    with path.open("rb") as file:
        empty = not path.stat().st_size  # mmap refuses an empty file, decode says why
        raw = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return decode(raw, str(path))


def decompress(path: Path) -> Iterator[bytes]:
    """The pieces of a gzipped IDX file, at most 1 MiB each and never more than its header promises.

    The header is checked before anything behind it is read, so a small file that unpacks to an
    enormous one takes neither memory nor disk.

    Raises:
        DataError: damaged gzip, not IDX, or not as long as its header says.
    """
    try:
        with gzip.open(path) as file:
            yield from _promised_bytes(file, str(path))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"{path}: damaged gzip file: {error}") from error


def _promised_bytes(file: gzip.GzipFile, name: str) -> Iterator[bytes]:
    magic = file.read(4)
    dimensions = _dimensions(magic, name)
    sizes = file.read(4 * dimensions)
    shape = _shape(sizes, dimensions, name)
    if _fullest(shape) > _MOST_UNPACKED:
        raise DataError(
            f"{name}: the IDX header promises {shape}, more than 2 GiB; unpack it, and it is read "
            "where it is"
        )
    yield magic + sizes
    left = math.prod(shape)
    while left:
        piece = file.read(min(left, _CHUNK))
        if not piece:
            raise DataError(f"{name}: ends {left:,} bytes before the IDX header says")
        left -= len(piece)
        yield piece
    if file.read(1):
        raise DataError(f"{name}: goes on after the {math.prod(shape):,} bytes of its IDX header")


def _dimensions(magic: bytes, name: str) -> int:
    if len(magic) < 4 or magic[:2] != b"\0\0":
        raise DataError(f"{name}: not an IDX file: it must start with two zero bytes and a type")
    if magic[2] != _UNSIGNED_BYTE:
        raise DataError(f"{name}: IDX type 0x{magic[2]:02x}, only unsigned bytes (0x08) are read")
    if not 1 <= magic[3] <= 3:
        raise DataError(f"{name}: IDX with {magic[3]} dimensions: labels have 1, images have 3")
    return magic[3]


def _shape(sizes: bytes, dimensions: int, name: str) -> tuple[int, ...]:
    if len(sizes) < 4 * dimensions:
        raise DataError(f"{name}: ends within its IDX header")
    return tuple(int(size) for size in np.frombuffer(sizes, ">u4"))


def _fullest(shape: tuple[int, ...]) -> int:
    """The bytes of an array of this shape, or of the same with one image where there is none."""
    return math.prod(max(side, 1) for side in shape)
