"""Where data lie on disk: a folder per data set, and whether what is in it is whole."""

import hashlib
import os
import shlex
import sys
from pathlib import Path
from typing import Literal

from mlp_cli import shipped
from mlp_cli.data.catalogue import CATALOGUE, PublishedFile, Record

Status = Literal["ok", "missing", "damaged"]


def cache_directory() -> Path:
    """The program's own folder among the user's caches; ``MLP_CACHE_DIR`` names another."""
    chosen = os.environ.get("MLP_CACHE_DIR")
    return Path(chosen) if chosen else _user_caches() / "mlp-cli"


def _user_caches() -> Path:
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"])
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def data_directory(flag: Path | None) -> Path:
    """The folder that holds a folder per data set.

    It is ``flag``, else ``MLP_DATA_DIR``, else ``./data`` where that exists, else a folder in
    the user's cache.
    """
    if flag is not None:
        return flag
    if chosen := os.environ.get("MLP_DATA_DIR"):
        return Path(chosen)
    here = Path("data")
    return here if here.is_dir() else cache_directory() / "data"


def folder(record: Record, directory: Path) -> Path:
    """The folder of one data set; what comes with the program lies in the program's own."""
    return (shipped.DATA if record.shipped else directory) / record.name


def missing(record: Record, directory: Path) -> list[PublishedFile]:
    """The files of a data set that are not there; those that are there are not read."""
    home = folder(record, directory)
    return [file for file in record.files if not os.path.isfile(home / file.name)]


def records_here(directory: Path) -> list[Record]:
    """The data sets of the catalogue that are there, even in part."""
    return [
        record
        for record in CATALOGUE.values()
        if len(missing(record, directory)) < len(record.files)
    ]


def verify(record: Record, directory: Path) -> dict[str, Status]:
    """What each file of a data set is: whole as published, missing or damaged."""
    home = folder(record, directory)
    return {file.name: _status(home / file.name, file.sha256) for file in record.files}


def _status(path: Path, sha256: str) -> Status:
    if not os.path.isfile(path):
        return "missing"
    return "ok" if checksum(path) == sha256 else "damaged"


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remedy(record: Record, directory: Path) -> str:
    """What to do about files of a data set that are missing or damaged."""
    if record.shipped:
        return "it comes with the program: install mlp-cli again"
    place = shlex.quote(str(directory))
    return f"run: mlp data download {record.name} --data-dir {place}"
