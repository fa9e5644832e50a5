"""Every example asked for comes exactly once, in order, with its pixels in [0, 1]."""

import math
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.data.augment import AUGMENTATIONS
from mlp_cli.data.batches import Batches, ahead
from mlp_cli.data.split import Split
from mlp_cli.data.warp import Warp


def split_of(n):
    rng = np.random.default_rng(n)
    return Split(rng.integers(0, 256, (n, 6), dtype=np.uint8), np.arange(n))


@st.composite
def orders(draw):
    n = draw(st.integers(1, 40))
    return n, np.array(draw(st.lists(st.integers(0, n - 1), unique=True)), np.intp)


@given(orders(), st.integers(1, 70))
def test_batches_are_the_order_cut_in_pieces_and_nothing_is_dropped(case, batch_size):
    n, order = case
    split = split_of(n)
    batches = Batches(split, batch_size)
    seen = [(x.copy(), labels) for x, labels in batches.cut(order)]
    assert len(seen) == math.ceil(len(order) / batch_size)
    assert all(len(labels) == batch_size for _, labels in seen[:-1])
    if seen:
        assert np.concatenate([labels for _, labels in seen]).tolist() == order.tolist()
        x = np.concatenate([x for x, _ in seen])
        np.testing.assert_allclose(x, split.images[order] / 255, rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_black_is_0_and_full_ink_is_1(dtype):
    split = Split(np.array([[0, 255]], np.uint8), np.array([0]))
    ((x, _),) = Batches(split, 1, dtype).cut(np.array([0]))
    assert x.dtype == dtype
    assert x.tolist() == [[0.0, 1.0]]


def test_a_memory_map_reads_as_an_array_does(tmp_path):
    split = split_of(10)
    split.images.tofile(tmp_path / "images")
    mapped = Split(np.memmap(tmp_path / "images", np.uint8, "r", shape=(10, 6)), split.labels)
    order = np.arange(10)[::-1]
    for (x, _), (y, _) in zip(
        Batches(mapped, 4).cut(order), Batches(split, 4).cut(order), strict=True
    ):
        np.testing.assert_array_equal(x, y)


def test_batches_share_one_buffer():
    batches = Batches(split_of(8), 4)
    first, second = (x for x, _ in batches.cut(np.arange(8)))
    assert np.shares_memory(first, second)


@given(orders(), st.integers(1, 15))
def test_warped_batches_are_each_warped_by_the_numbers_of_its_place(case, batch_size):
    n, order = case
    split = split_of(n)
    warp = Warp(AUGMENTATIONS["digits"](), (2, 3))
    batches = Batches(split, batch_size).warped(order, warp, np.random.default_rng)
    seen = 0
    for x, labels in batches:
        assert labels.tolist() == order[seen : seen + batch_size].tolist()
        expected = np.empty(x.shape, np.float32)
        same = Warp(AUGMENTATIONS["digits"](), (2, 3))
        same(split.images[labels], expected, np.random.default_rng(seen))
        np.testing.assert_array_equal(x, expected)
        seen += len(labels)
    assert seen == len(order)


def test_ahead_makes_one_item_more_than_is_in_use():
    made = []

    def items():
        for i in range(1, 5):
            made.append(i)
            yield i

    for i in ahead(items()):
        assert made[:i] == list(range(1, i + 1))
        assert len(made) <= i + 1
    assert made == [1, 2, 3, 4]


def test_ahead_raises_what_the_items_raise_and_rests_when_it_is_left():
    def items():
        yield 1
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(ahead(items()))
    threads = threading.active_count()
    left = ahead(iter(range(1, 100)))
    assert next(left) == 1
    left.close()
    assert threading.active_count() == threads
