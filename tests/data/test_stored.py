"""Rows are read from their file as from an array, and what is wrong with it is told."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from larger import small_is_large

from mlp_cli.data.batches import Batches
from mlp_cli.data.split import Split
from mlp_cli.data.stored import Stored
from mlp_cli.errors import DataError

IMAGES = np.random.default_rng(0).integers(0, 256, (200, 20), np.uint8)
few_files = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture
def stored(tmp_path, monkeypatch):
    small_is_large(monkeypatch)
    (tmp_path / "images").write_bytes(b"header" + IMAGES.tobytes())
    return Stored(tmp_path / "images", 6, 20)


@few_files
@given(st.sets(st.integers(0, 199)))
def test_any_rows_are_read_and_no_others(stored, chosen):
    rows = np.array(sorted(chosen), np.intp)
    if len(rows):
        found = stored.read(rows, np.empty((len(rows), 20), np.uint8))
        assert np.array_equal(found, IMAGES[rows])


@few_files
@given(st.permutations(range(200)), st.integers(0, 200), st.integers(1, 60), st.booleans())
def test_batches_from_a_file_are_those_from_memory(stored, order, wanted, batch_size, in_pieces):
    order = np.array(order, np.intp)[:wanted]
    labels = np.arange(200).astype(np.uint16)
    pieces = np.array_split(order, 3) if in_pieces else order
    memory, disk = Split(IMAGES, labels), Split(IMAGES, labels, stored)
    expected = [(x.copy(), named) for x, named in Batches(memory, batch_size).cut(order)]
    found = [(x.copy(), named) for x, named in Batches(disk, batch_size).cut(pieces)]
    assert len(found) == len(expected) == -(-wanted // batch_size)
    for (x, named), (y, other) in zip(found, expected, strict=True):
        assert np.array_equal(x, y)
        assert named.dtype == other.dtype == np.intp
        assert np.array_equal(named, other)


def test_a_long_piece_is_read_in_parts_of_a_window(stored, monkeypatch):
    sizes = []
    read = Stored.read
    monkeypatch.setattr(
        Stored, "read", lambda self, rows, out: sizes.append(len(rows)) or read(self, rows, out)
    )
    disk = Split(IMAGES, np.arange(200), stored)
    order = np.random.default_rng(1).permutation(200)
    found = np.concatenate([labels for _, labels in Batches(disk, 30).cut(iter([order]))])
    assert np.array_equal(found, order)
    assert sizes == [40] * 5


def test_some_are_taken_in_the_order_asked_for(stored):
    split = Split(IMAGES, np.arange(200), stored)
    some = split.take(np.array([7, 150, 7, 0]))
    assert np.array_equal(some.images, IMAGES[[7, 150, 7, 0]])
    assert some.labels.tolist() == [7, 150, 7, 0]
    assert some.stored is None


def test_a_file_that_has_been_cut_short_is_told(stored):
    stored.path.write_bytes(stored.path.read_bytes()[:-1])
    assert np.array_equal(stored.read(np.arange(9), np.empty((9, 20), np.uint8)), IMAGES[:9])
    with pytest.raises(DataError, match="images: has become shorter since it was opened"):
        stored.read(np.arange(190, 200), np.empty((10, 20), np.uint8))


def test_a_file_that_is_gone_is_told(stored):
    stored.path.unlink()
    with pytest.raises(DataError, match="images: cannot be read: No such file"):
        stored.read(np.arange(3), np.empty((3, 20), np.uint8))
