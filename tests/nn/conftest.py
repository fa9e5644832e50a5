"""What the network's tests share: real digits of the shipped sample."""

import gzip

import numpy as np
import pytest

from mlp_cli.shipped import DATA


def read_idx(name: str, header: int) -> np.ndarray:
    return np.frombuffer(gzip.decompress((DATA / "mnist-5k" / name).read_bytes())[header:], "u1")


@pytest.fixture(scope="session")
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Images (4000, 784) in [0, 1], in float64, and their labels (4000,)."""
    images = read_idx("train-images-idx3-ubyte.gz", header=16).reshape(-1, 784)
    return images / 255, read_idx("train-labels-idx1-ubyte.gz", header=8).astype(np.intp)
