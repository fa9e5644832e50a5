"""Every test has an empty cache of its own; those of the full MNIST say so when it is absent."""

import os
from pathlib import Path

import pytest

from mlp_cli.data.catalogue import MNIST
from mlp_cli.data.directory import missing


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("MLP_CACHE_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def full_mnist():
    """The data directory that holds the full MNIST."""
    chosen = os.environ.get("MLP_DATA_DIR")
    if not chosen or missing(MNIST, Path(chosen)):
        pytest.skip("needs the full MNIST: MLP_DATA_DIR names no folder with mnist/ in it")
    return Path(chosen)
