"""Which folder holds the data, and what is in it."""

import shutil
import sys
from pathlib import Path

import pytest

from mlp_cli import shipped
from mlp_cli.data.catalogue import MNIST, MNIST_5K
from mlp_cli.data.directory import (
    cache_directory,
    data_directory,
    folder,
    missing,
    remedy,
    verify,
)


def test_the_data_directory_is_the_first_that_is_named(tmp_path, cache, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLP_DATA_DIR", raising=False)
    assert data_directory(None) == cache / "data"
    (tmp_path / "data").mkdir()
    assert data_directory(None) == Path("data")
    monkeypatch.setenv("MLP_DATA_DIR", "/named/by/environment")
    assert data_directory(None) == Path("/named/by/environment")
    assert data_directory(Path("flag")) == Path("flag")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the XDG rule is for other systems")
def test_the_cache_follows_the_system(monkeypatch):
    monkeypatch.delenv("MLP_CACHE_DIR")
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    assert cache_directory() == Path("/home/ada/.cache/mlp-cli")
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert cache_directory() == Path("/caches/mlp-cli")


def test_the_sample_lies_in_the_program_and_the_rest_in_the_data_directory(tmp_path):
    assert folder(MNIST, tmp_path) == tmp_path / "mnist"
    assert folder(MNIST_5K, tmp_path) == shipped.DATA / "mnist-5k"


def test_the_shipped_sample_is_whole(tmp_path):
    assert missing(MNIST_5K, tmp_path) == []
    assert verify(MNIST_5K, tmp_path) == {file.name: "ok" for file in MNIST_5K.files}
    sizes = [(folder(MNIST_5K, tmp_path) / file.name).stat().st_size for file in MNIST_5K.files]
    assert sizes == [file.size for file in MNIST_5K.files]


def test_each_file_is_ok_missing_or_damaged(tmp_path, monkeypatch):
    copy = tmp_path / "mnist-5k"
    shutil.copytree(shipped.DATA / "mnist-5k", copy)
    monkeypatch.setattr(shipped, "DATA", tmp_path)
    absent, damaged, *whole = MNIST_5K.files
    (copy / absent.name).unlink()
    (copy / damaged.name).write_bytes(b"<html>")
    assert missing(MNIST_5K, tmp_path) == [absent]
    assert verify(MNIST_5K, tmp_path) == {
        absent.name: "missing",
        damaged.name: "damaged",
        **{file.name: "ok" for file in whole},
    }


def test_what_to_do_depends_on_where_the_files_come_from():
    assert remedy(MNIST, Path("my data")) == ("run: mlp data download mnist --data-dir 'my data'")
    assert "install mlp-cli again" in remedy(MNIST_5K, Path())
