"""Each row once, in an order of each epoch's own, and well mixed where memory is bounded too."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from larger import small_is_large

from mlp_cli.data.shuffle import BLOCK, WINDOW, shuffled
from mlp_cli.data.stored import LARGE
from mlp_cli.randomness import stream

MILLION = np.arange(1_000_000)  # rows of 784 bytes: more than LARGE
SIZE = 784
BLOCKS = WINDOW // BLOCK  # in a window


# Examples whose blocks hardly fill the last of their windows, were all strips to lack the same one.
UNEVEN = (769_700, 684_785)


def epoch(rows, size=SIZE, number=0, first=0):
    return list(shuffled(rows, size, partial(stream, 0, "shuffle", number), first))


def chi_squared(labels, classes):
    """χ² of each batch's counts: its mean is classes − 1 for draws from all, more for clumps."""
    cut = labels[: len(labels) // 128 * 128].reshape(-1, 128)
    counts = np.array([np.bincount(batch, minlength=classes) for batch in cut])
    return ((counts - 128 / classes) ** 2 * classes / 128).sum(axis=1)


@pytest.fixture(scope="module")
def pieces():
    return epoch(MILLION)


def test_a_small_set_is_permuted_as_a_whole_as_ever():
    rows = np.arange(LARGE // SIZE)
    (order,) = epoch(rows, first=10)
    assert np.array_equal(order, stream(0, "shuffle", 0).permutation(rows)[10:])


@given(st.integers(51, 2000), st.integers(1, 50), st.integers(0, 3), st.data())
def test_every_row_comes_once_and_from_any_place_on_the_same_follow(n, size, number, data):
    rows = np.arange(n) * 3
    with pytest.MonkeyPatch.context() as patch:
        small_is_large(patch, large=50)
        whole = epoch(rows, size, number)
        order = np.concatenate(whole)
        assert sorted(order) == rows.tolist()
        assert max(map(len, whole)) * size <= max(8 * 5 * 20, size)
        first = data.draw(st.integers(0, n))
        rest = epoch(rows, size, number, first)
    assert np.concatenate([rows[:0], *rest]).tolist() == order[first:].tolist()


def test_a_window_is_bounded_and_no_two_epochs_are_alike(pieces):
    assert max(map(len, pieces)) * SIZE <= WINDOW
    order, other = np.concatenate(pieces), np.concatenate(epoch(MILLION, number=1))
    assert (order == other).mean() < 1e-4
    together = [set((piece // (BLOCK // SIZE)).tolist()) for piece in (pieces[0], other[:85_504])]
    assert len(together[0] & together[1]) < 2 * BLOCKS / len(pieces) + 30  # other blocks, too


@pytest.mark.parametrize("classes", [2, 10, 100])
def test_batches_of_a_file_sorted_by_class_have_the_classes_of_a_perfect_shuffle(pieces, classes):
    labels = np.concatenate(pieces) * classes // len(MILLION)
    assert chi_squared(labels, classes).mean() == pytest.approx(classes - 1, rel=0.1)
    for piece in pieces:
        shares = np.bincount(piece * classes // len(MILLION), minlength=classes) / len(piece)
        assert abs(shares - 1 / classes).max() < 2.5 / BLOCKS


@pytest.mark.parametrize("n", UNEVEN)
def test_no_window_is_of_a_few_classes_however_many_examples_there_are(n):
    for piece in epoch(np.arange(n)):
        assert chi_squared(piece * 10 // n, 10).mean() == pytest.approx(9, rel=0.2)


def test_a_batch_comes_from_all_over_the_file(pieces):
    order = np.concatenate(pieces)
    for batch in order[: 128 * 1000].reshape(-1, 128)[::50]:
        assert len(np.unique(batch * BLOCKS // len(MILLION))) > 80  # of 101 on average, by chance
