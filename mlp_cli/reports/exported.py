"""What exported files share: finite weights, what is told of them, and bytes written whole."""

import json
from pathlib import Path

import numpy as np

from mlp_cli.errors import CheckpointError, RunError
from mlp_cli.files import replacing
from mlp_cli.nn import Network
from mlp_cli.training.checkpoint import Checkpoint


def finite_network(saved: Checkpoint) -> Network:
    """The network of a checkpoint.

    Raises:
        CheckpointError: it is damaged, or not all that it predicts with is finite.
    """
    network = saved.network()
    if not np.isfinite(network.folded().theta).all():
        raise CheckpointError(f"{saved.title}: has diverged: not all of its weights are finite")
    return network


def about(saved: Checkpoint) -> dict[str, str]:
    """What a program that reads the file may want to know, each value a string or as JSON."""
    return {
        "classes": json.dumps(saved.classes),
        "data": Path(saved.data_name).name,
        "shape": json.dumps(saved.shape),
        "deskew": json.dumps(saved.config.data.deskew),
        "output": saved.config.output.name,
        "temperature": json.dumps(saved.temperature),
    }


def write_export(content: bytes, path: Path) -> int:
    """Write a file; gives its size in bytes.

    Raises:
        RunError: it cannot be written.
    """
    try:
        with replacing(path) as file:
            file.write(content)
    except OSError as error:
        raise RunError(f"{path}: cannot be written: {error.strerror}") from error
    return len(content)
