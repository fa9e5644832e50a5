"""1s get an upstroke as people draw them: from the left to the top, as thick as the 1."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.prepare import box_of
from mlp_cli.data.upstrokes import upstroked, with_upstrokes
from mlp_cli.errors import DataError
from mlp_cli.randomness import stream

SHAPE = (28, 28)


@pytest.fixture(scope="module")
def sample():
    return open_dataset("mnist-5k", shipped.DATA)


def ones(sample):
    return sample.train.images[sample.train.labels == 1]


def inked(image):
    return image.reshape(SHAPE) > 127


@given(st.integers(0, 2**32))
def test_the_upstroke_is_on_the_left_of_the_upper_part(seed):
    stick = np.zeros(SHAPE, np.uint8)
    stick[4:24, 13:15] = 255
    drawn = inked(upstroked(stick.reshape(1, -1), SHAPE, np.random.default_rng(seed)))
    rows, columns = box_of(drawn)
    assert rows.stop - rows.start == 20  # MNIST's digits are as large
    widths = drawn.sum(axis=1)[rows]
    assert (widths[12:] <= 3).all()  # the stem alone
    assert widths[:10].max() >= 4
    stem = columns.stop - 1
    assert drawn[rows.start + 12 : rows.stop, stem - 2 : stem + 1].any(axis=1).all()


def test_real_ones_stay_centred_and_bright(sample):
    before = ones(sample)
    after = upstroked(before, SHAPE, np.random.default_rng(0))
    changed = (after != before).any(axis=1)
    assert changed.mean() > 0.8  # few have an upstroke or a foot already
    middles = []
    for image in after[changed]:
        assert image.max() == 255
        y, x = np.nonzero(inked(image))
        assert max(np.ptp(y), np.ptp(x)) + 1 in (19, 20, 21)
        middles.append((y.mean(), x.mean()))
    assert np.abs(np.mean(middles, axis=0) - 13.5).max() < 1


@pytest.mark.parametrize("image", [np.zeros(SHAPE), np.full(SHAPE, 255)], ids=["empty", "full"])
def test_what_is_no_stroke_stays(image):
    image = image.astype(np.uint8).reshape(1, -1)
    assert (upstroked(image, SHAPE, np.random.default_rng(0)) == image).all()


@pytest.mark.parametrize("upright", [False, True])
def test_only_some_ones_of_the_rows_change(sample, upright):
    shown = sample.shown(upright)
    rows = np.arange(0, len(sample.train), 2)
    split = with_upstrokes(shown, rows, 0.5, stream(0, "upstrokes"))
    changed = np.flatnonzero((split.images != shown.train.images).any(axis=1))
    own = rows[shown.train.labels[rows] == 1]
    assert np.isin(changed, own).all()
    assert 0.3 < len(changed) / len(own) < 0.7
    assert (split.labels == shown.train.labels).all()


def test_all_or_none(sample):
    rows = np.arange(len(sample.train))
    none = with_upstrokes(sample, rows, 0.0, stream(0, "upstrokes"))
    assert (none.images == sample.train.images).all()
    every = with_upstrokes(sample, rows, 1.0, stream(0, "upstrokes"))
    assert (every.images != none.images).any(axis=1).sum() > 0.8 * len(ones(sample))


def test_other_classes_are_refused(sample):
    clothes = replace(sample, name="clothes", classes=("shirt",) * 10)
    with pytest.raises(DataError, match=r"clothes: has no class 1 .* leave data\.upstrokes out"):
        with_upstrokes(clothes, np.arange(4), 0.5, stream(0, "upstrokes"))
