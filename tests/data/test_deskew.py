"""Slanted digits are set upright: against a slow loop, and by what must hold of any image."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.deskew import AT_ONCE, deskew

images = st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(
    lambda shape: arrays(np.uint8, (2, *shape), elements=st.integers(0, 255) | st.just(0))
)


def moments(image):
    """Centre, from the middle, and slant, each pixel's place weighed by its ink."""
    y, x = np.indices(image.shape)
    y, x = y - (image.shape[0] - 1) / 2, x - (image.shape[1] - 1) / 2
    mass = image.sum(dtype=float)
    if not mass:
        return 0.0, 0.0, 0.0
    cx, cy = (image * x).sum() / mass, (image * y).sum() / mass
    variance = (image * (y - cy) ** 2).sum() / mass
    covariance = (image * (x - cx) * (y - cy)).sum() / mass
    return cx, cy, covariance / variance if variance > 1e-9 else 0.0


def slowly(image):
    """The same, pixel by pixel, between the nearest four, black outside."""
    height, width = image.shape
    cx, cy, slant = moments(image)
    framed = np.pad(image.astype(float), height + width)

    def at(row, column):
        known = 0 <= row + height + width < len(framed)
        known = known and 0 <= column + height + width < framed.shape[1]
        return framed[row + height + width, column + height + width] if known else 0.0

    upright = np.zeros((height, width))
    for i, j in np.ndindex(height, width):
        row = i + cy
        column = j + cx + slant * (i - (height - 1) / 2)
        top, left = int(np.floor(row)), int(np.floor(column))
        down, across = row - top, column - left
        upper = (1 - across) * at(top, left) + across * at(top, left + 1)
        lower = (1 - across) * at(top + 1, left) + across * at(top + 1, left + 1)
        upright[i, j] = (1 - down) * upper + down * lower
    return upright


@given(images)
def test_it_is_the_textbooks(some):
    shape = some.shape[1:]
    found = deskew(some.reshape(2, -1), shape).reshape(some.shape)
    assert found.dtype == np.uint8
    for image, upright in zip(some, found, strict=True):
        assert np.abs(upright - slowly(image)).max() <= 0.501


def test_a_slanted_bar_stands_and_is_in_the_middle():
    bar = np.zeros((28, 28), np.uint8)
    for row in range(6, 24):
        bar[row, 24 - row : 27 - row] = 255
    upright = deskew(bar.reshape(1, -1), (28, 28)).reshape(28, 28)
    cx, cy, slant = moments(upright)
    assert abs(moments(bar)[2]) > 0.9
    assert abs(slant) < 0.02
    assert max(abs(cx), abs(cy)) < 0.1
    assert np.count_nonzero(upright.sum(axis=0)) <= 4


@pytest.mark.parametrize("value", [0, 255])
def test_an_even_image_stays_as_it_is(value):
    even = np.full((3, 20), value, np.uint8)
    assert np.array_equal(deskew(even, (4, 5)), even)


def test_digits_are_less_slanted_and_stay_themselves():
    digits = np.asarray(open_dataset("mnist-5k", shipped.DATA).test.images[: AT_ONCE + 3])
    upright = deskew(digits, (28, 28))
    before, after = (
        [abs(moments(image.reshape(28, 28))[2]) for image in some] for some in (digits, upright)
    )
    assert np.mean(before) > 0.2
    assert max(after) < 0.1
    assert np.allclose(upright.sum(axis=1, dtype=int), digits.sum(axis=1, dtype=int), rtol=0.05)
    one_by_one = [deskew(digit[None], (28, 28))[0] for digit in digits]
    assert np.array_equal(upright, one_by_one)


def test_a_data_set_is_shown_upright_once():
    sample = open_dataset("mnist-5k", shipped.DATA)
    upright = sample.shown(upright=True)
    assert sample.shown(upright=False) is sample
    assert upright.shown(upright=True) is upright is sample.shown(upright=True)
    assert np.array_equal(upright.test.images, deskew(sample.test.images, (28, 28)))
    assert np.array_equal(upright.train.labels, sample.train.labels)
    assert upright.checksum == sample.checksum == sample.train.checksum
    assert sample.shown_test(upright=True) is upright.test is upright.shown_test(upright=True)
    assert sample.shown_train(upright=False) is sample.train
    assert upright.shown(upright=False) is sample
    assert upright.shown_test(upright=False) is sample.test


def test_no_images_are_upright():
    assert deskew(np.zeros((0, 12), np.uint8), (3, 4)).shape == (0, 12)
