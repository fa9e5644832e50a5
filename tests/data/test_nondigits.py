"""Drawings that are no digits: of many kinds, placed as digits are, and of no class."""

from dataclasses import replace

import numpy as np
import pytest

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.drawings import KINDS, SIDE
from mlp_cli.data.nondigits import nondigits, with_nondigits
from mlp_cli.errors import DataError

SHAPE = (28, 28)


@pytest.fixture(scope="module")
def sample():
    return open_dataset("mnist-5k", shipped.DATA)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_kind_draws_another_each_time_and_leaves_some_ground(kind):
    rng = np.random.default_rng(0)
    drawn = [kind(rng) for _ in range(50)]
    assert {(each.shape, each.dtype) for each in drawn} == {((SIDE, SIDE), np.dtype(np.uint8))}
    inked = [np.count_nonzero(each > 127) for each in drawn]
    assert max(inked) < 0.7 * SIDE**2
    assert np.mean(np.array(inked) > 20) > 0.9
    assert len({each.tobytes() for each in drawn}) > 20


def test_they_are_placed_as_digits_are():
    images = nondigits(200, SHAPE, np.random.default_rng(0)).reshape(-1, *SHAPE)
    assert (images.max(axis=(1, 2)) == 255).all()
    for image in images:
        y, x = np.nonzero(image)
        assert max(np.ptp(y), np.ptp(x)) + 1 in (19, 20)
        mass = [(image.sum(axis=axis) @ np.arange(28)) / image.sum() for axis in (1, 0)]
        assert np.abs(np.array(mass) - 14).max() <= 4.1  # as far as it stays inside


def test_the_seed_decides():
    first, again, other = (nondigits(30, SHAPE, np.random.default_rng(i)) for i in (0, 0, 1))
    assert (first == again).all()
    assert (first != other).any()
    assert nondigits(0, SHAPE, np.random.default_rng(0)).shape == (0, 784)


@pytest.mark.parametrize("upright", [False, True])
def test_they_stand_behind_the_digits_and_are_of_no_class(sample, upright):
    shown = sample.shown(upright)
    split = with_nondigits(shown, shown.train, 40, np.random.default_rng(0))
    assert (split.images[:-40] == shown.train.images).all()
    assert (split.labels[:-40] == shown.train.labels).all()
    assert split.labels[-40:].tolist() == [10] * 40
    plain = nondigits(40, SHAPE, np.random.default_rng(0))
    assert (split.images[-40:] == plain).all() == (not upright)


def test_other_classes_are_refused(sample):
    letters = replace(sample, name="letters", classes=tuple("abcdefghij"))
    with pytest.raises(DataError, match=r"letters: has not the classes 0 to 9, .*data\.nondigits"):
        with_nondigits(letters, letters.train, 4, np.random.default_rng(0))
