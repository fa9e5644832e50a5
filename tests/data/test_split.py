"""Holding out: the right number, of every class its share, the same each time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.data.split import Split, stratified_split
from mlp_cli.errors import DataError
from mlp_cli.randomness import stream

label_lists = st.lists(st.integers(0, 5), min_size=1, max_size=80).map(np.array)


@given(label_lists, st.data())
def test_each_class_gives_its_share(labels, data):
    held_out = data.draw(st.integers(0, len(labels) - 1))
    kept, held = stratified_split(labels, held_out, stream(data.draw(st.integers(0, 9)), "test"))
    assert len(held) == held_out
    assert sorted([*kept, *held]) == list(range(len(labels)))
    assert (np.diff(kept) > 0).all()
    assert (np.diff(held) > 0).all()
    share = np.bincount(labels) * held_out / len(labels)
    given_up = np.bincount(labels[held], minlength=len(share))
    assert (abs(given_up - share) < 1).all()


def test_the_largest_remainders_give_what_rounding_left():
    labels = np.repeat([0, 1, 2], [7, 2, 1])  # shares of 5: 3.5, 1 and 0.5
    _, held = stratified_split(labels, 5, stream(0, "test"))
    assert np.bincount(labels[held]).tolist() == [4, 1]


def test_the_generator_alone_decides_which():
    labels = np.arange(1000) % 10
    first, again, other = (
        stratified_split(labels, 100, stream(seed, "validation"))[1] for seed in (0, 0, 1)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("held_out", [-1, 10, 11])
def test_nothing_may_be_left_over_or_lacking(held_out):
    with pytest.raises(DataError, match=f"cannot hold out {held_out} of 10 examples"):
        stratified_split(np.zeros(10, int), held_out, stream(0, "test"))


def test_take_picks_examples_with_their_labels():
    split = Split(np.arange(12, dtype=np.uint8).reshape(4, 3), np.array([5, 6, 7, 8]))
    part = split.take(np.array([3, 1]))
    assert part.images.tolist() == [[9, 10, 11], [3, 4, 5]]
    assert part.labels.tolist() == [8, 6]
    assert len(part) == 2
