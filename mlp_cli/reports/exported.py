"""What exported files share: finite weights, and bytes written whole."""

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
