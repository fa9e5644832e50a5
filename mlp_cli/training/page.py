"""What a checkpoint says beside its arrays: a page of JSON, of which types, and what must hold."""

import math
import platform
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from mlp_cli import __version__
from mlp_cli.errors import CheckpointError
from mlp_cli.training.events import EpochDone, of_one_training
from mlp_cli.training.loop import Position

FORMAT = 1


class _Format(msgspec.Struct):
    """What every page says, of whatever format it is."""

    format: int


class Page(_Format):
    """What the page of a checkpoint of format 1 says, and of which types; more is passed over."""

    config: dict[str, Any]
    data_name: str
    classes: tuple[str, ...]
    shape: tuple[int, int]
    prepared: bool
    data_checksum: int
    position: Position
    history: list[EpochDone]
    versions: dict[str, str]
    resumable: bool = True
    temperature: float = 1.0  # not there before a run is finished


def versions(blas: str) -> dict[str, str]:
    """What a result was made with."""
    return {
        "mlp": __version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "blas": blas,
    }


def read_page(text: bytes, path: Path) -> Page:
    """The page from its JSON.

    Raises:
        CheckpointError: it is of another format.
        ValueError, msgspec.MsgspecError: it is damaged.
    """
    found = msgspec.json.decode(text, type=_Format).format
    if found != FORMAT:
        raise CheckpointError(
            f"{path}: is a checkpoint of format {found}, and this program reads {FORMAT}; "
            "use a newer version of mlp"
        )
    page = msgspec.json.decode(text, type=Page)
    names = [*page.classes, *page.versions, *page.versions.values()]
    if not all(map(str.isprintable, names)):
        raise ValueError("its names cannot be printed")
    if min(page.shape) < 1 or not 2 <= len(set(page.classes)) == len(page.classes):
        raise ValueError("there are no such images or classes")
    if not 0 < page.temperature < math.inf:
        raise ValueError("its temperature is none")
    if page.resumable and len(page.history) != page.position.epoch:
        raise ValueError("it has not as many epochs as it says")
    if page.resumable and not of_one_training(page.history):
        raise ValueError("its epochs are not those of one training")
    return page
