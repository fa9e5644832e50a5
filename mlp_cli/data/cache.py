"""Gzipped IDX files are unpacked once, into the user's cache, and memory-mapped from there."""

import glob
import hashlib
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data import idx
from mlp_cli.data.directory import cache_directory, checksum
from mlp_cli.errors import DataError
from mlp_cli.files import replacing


def open_packed(path: Path, sha256: str | None = None) -> NDArray[np.uint8]:
    """The read-only array in a gzipped IDX file.

    The first opening checks and unpacks the file; later ones map the unpacked bytes, for as long
    as the file keeps its path, size and time of change. Without a cache to write in, the array
    is in memory.

    Args:
        path: the ``.gz`` file.
        sha256: checksum that the file must have, in hexadecimal.

    Raises:
        DataError: the checksum is another, or the file is not a whole gzipped IDX file.
    """
    unpacked = _place(path, sha256)
    try:
        return idx.map_file(unpacked)
    except (OSError, DataError):  # never unpacked, or the copy was cut short
        _check(path, sha256)
    try:
        _unpack(path, unpacked)
        return idx.map_file(unpacked)
    except OSError:  # no cache can be written here
        return idx.decode(b"".join(idx.decompress(path)), str(path))


def _place(path: Path, sha256: str | None) -> Path:
    """Where the unpacked bytes belong; a file checked and one unchecked never share a place."""
    found = path.stat()
    of, state = _key(path.resolve(), sha256), _key(found.st_size, found.st_mtime_ns)
    return cache_directory() / "unpacked" / f"{path.stem}-{of}-{state}"


def _key(*values: object) -> str:
    text = "\n".join(map(str, values))
    return hashlib.sha256(os.fsencode(text)).hexdigest()[:16]


def _check(path: Path, sha256: str | None) -> None:
    if sha256 is not None and checksum(path) != sha256:
        raise DataError(f"{path}: damaged: its checksum is not the published one")


def _unpack(path: Path, unpacked: Path) -> None:
    unpacked.parent.mkdir(parents=True, exist_ok=True)
    with replacing(unpacked) as file:
        file.writelines(idx.decompress(path))
    kept, _, _ = unpacked.name.rpartition("-")
    for former in unpacked.parent.glob(f"{glob.escape(kept)}-*"):  # of the file before it changed
        if former != unpacked:
            former.unlink(missing_ok=True)
