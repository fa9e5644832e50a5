"""The arrays of .npz and .npy files from anybody: nothing in them is run, or trusted unchecked."""

import errno
import math
import struct
import tokenize
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

MOST = 2**31  # bytes that a file may unpack to, unless it is as large itself

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # NumPy's; of others, one takes 4 GiB
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    tokenize.TokenError,
    SyntaxError,
    EOFError,
    OverflowError,
    TypeError,
    RuntimeError,  # encrypted
)


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays in an ``.npz`` file, read-only, each checked against its CRC-32.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged, no such file, unpacks to far more than it is, or holds objects.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > max(MOST, path.stat().st_size):
                raise ValueError("it unpacks to more than 2 GiB")
            return {
                member.filename.removesuffix(".npy"): _array(archive, member) for member in members
            }
    except _DAMAGE as error:
        raise ValueError(str(error) or "it is damaged") from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # a place before the file's beginning was asked for
            raise ValueError("it is damaged") from error
        raise


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> NDArray[Any]:
    if member.compress_type not in _PACKINGS:
        raise ValueError(f"{member.filename} is packed in a way that is not known")
    with archive.open(member) as file:
        shape, in_columns, dtype = _header(file, member.filename)
        if dtype.hasobject:
            raise ValueError(f"{member.filename} holds Python objects")
        promised = math.prod(shape) * dtype.itemsize
        if promised != member.file_size - file.tell():
            raise ValueError(f"{member.filename} is not as long as it says")
        raw = file.read()
    return np.frombuffer(raw, dtype).reshape(shape, order="F" if in_columns else "C")


def map_array(path: Path) -> NDArray[Any]:
    """The array of whole numbers in an ``.npy`` file, memory-mapped and read-only.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged, no such file, empty, of other values, or in Fortran's order.
    """
    try:
        with path.open("rb") as file:
            shape, in_columns, dtype = _header(file, "it")
            start, found = file.tell(), path.stat().st_size
    except _DAMAGE as error:
        raise ValueError(str(error) or "it is damaged") from error
    if dtype.kind not in "iu":
        raise ValueError(f"it holds {dtype}, not whole numbers")
    if in_columns and len(shape) > 1:
        raise ValueError("it is in Fortran's order; save numpy.ascontiguousarray of the array")
    if not shape or min(shape) < 1:
        raise ValueError(f"it has the shape {shape}, and so no examples")
    expected = start + math.prod(shape) * dtype.itemsize
    if found != expected:
        raise ValueError(f"its header says {expected:,} bytes, the file has {found:,}")
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _header(file: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether columns come first, and type of an array in the .npy format."""
    header = _HEADERS.get(npy.read_magic(file))
    if header is None:
        raise ValueError(f"{name} is of a kind that is not known")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what an older NumPy, or Python, wrote
        try:
            return header(file)
        except MemoryError:  # what Python says of a text nested too deeply
            raise ValueError(f"{name} has no header that can be read") from None
