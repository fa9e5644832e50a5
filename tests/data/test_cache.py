"""The cache of unpacked files: fast the second time, and never a reason to read wrong digits."""

import gzip
import hashlib
import os

import numpy as np
import pytest

from mlp_cli.data import idx
from mlp_cli.data.cache import open_packed
from mlp_cli.errors import DataError

DIGITS = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "digits-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(idx.encode(DIGITS)))
    return path


def checksum(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cached_files(cache):
    return [path for path in cache.rglob("*") if path.is_file()]


def test_the_second_opening_unpacks_nothing(source, monkeypatch):
    first = open_packed(source, checksum(source))
    monkeypatch.setattr(idx, "decompress", None)
    second = open_packed(source, checksum(source))
    assert np.array_equal(first, DIGITS)
    assert np.array_equal(second, DIGITS)


def test_the_array_cannot_be_changed(source):
    with pytest.raises(ValueError, match="read-only"):
        open_packed(source)[0, 0, 0] = 1


@pytest.mark.parametrize("kept", [0, 3, 100, -1])
def test_a_copy_cut_short_is_made_anew(source, cache, kept):
    open_packed(source)
    (copy,) = cached_files(cache)
    whole = copy.read_bytes()
    copy.write_bytes(whole[:kept])
    assert np.array_equal(open_packed(source), DIGITS)
    assert copy.read_bytes() == whole


def test_a_changed_source_is_read_anew_and_its_former_copy_goes(source, cache):
    open_packed(source)
    source.write_bytes(gzip.compress(idx.encode(DIGITS[::-1])))
    os.utime(source, ns=(0, 0))  # clocks are coarse: two writes may carry the same time
    assert np.array_equal(open_packed(source), DIGITS[::-1])
    (copy,) = cached_files(cache)
    assert copy.read_bytes() == idx.encode(DIGITS[::-1])


def test_a_folder_whose_name_is_no_text(source, cache):
    folder = source.parent / os.fsdecode(b"\xff")
    folder.mkdir()
    assert np.array_equal(open_packed(source.rename(folder / source.name)), DIGITS)
    assert len(cached_files(cache)) == 1


def test_a_wrong_checksum_is_refused_even_after_an_unchecked_opening(source):
    open_packed(source)
    with pytest.raises(DataError, match=r"digits-idx3-ubyte\.gz: damaged: its checksum"):
        open_packed(source, "0" * 64)


def test_without_a_cache_the_array_is_in_memory(source, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("MLP_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert np.array_equal(open_packed(source), DIGITS)


def test_a_damaged_source_leaves_nothing(source, cache):
    source.write_bytes(source.read_bytes()[:-1])
    with pytest.raises(DataError, match="damaged gzip"):
        open_packed(source)
    assert cached_files(cache) == []


def test_an_interrupted_unpacking_leaves_nothing(source, cache, monkeypatch):
    def interrupted(path):
        yield idx.encode(DIGITS)
        raise KeyboardInterrupt

    monkeypatch.setattr(idx, "decompress", interrupted)
    with pytest.raises(KeyboardInterrupt):
        open_packed(source)
    assert list((cache / "unpacked").iterdir()) == []
