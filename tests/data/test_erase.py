"""A rectangle within its limit is blotted out, and follows from its random numbers alone."""

import math

import numpy as np
import pytest

from mlp_cli.data.augment import AUGMENTATIONS
from mlp_cli.data.erase import erase
from mlp_cli.data.warp import Warp

DIGITS = AUGMENTATIONS["digits"]
SHAPE = (9, 12)


def images(n=40, seed=0):
    return np.random.default_rng(seed).random((n, *SHAPE), np.float32)


def erased(pixels, most, seed=0):
    """A changed copy, and the generator as it is after."""
    out, rng = pixels.copy(), np.random.default_rng(seed)
    erase(out, most, rng)
    return out, rng.bit_generator.state


@pytest.mark.parametrize("most", [0.1, 0.5, 1.0])
def test_at_most_such_a_rectangle_is_blotted_out_and_may_be_anywhere(most):
    pixels = images(1000) + 1
    out, _ = erased(pixels, most)
    gone = out == 0
    np.testing.assert_array_equal(out[~gone], pixels[~gone])
    rows, columns = gone.any(axis=2), gone.any(axis=1)
    np.testing.assert_array_equal(gone, rows[:, :, None] & columns[:, None, :])
    for lines, size in ((rows, SHAPE[0]), (columns, SHAPE[1])):
        assert lines.sum(axis=1).max() == math.ceil(most * size)  # by the pixels' centres
        assert lines.any(axis=0).all()
        ends = np.abs(np.diff(np.pad(lines, [(0, 0), (1, 1)]).astype(int))).sum(axis=1)
        assert set(ends) <= {0, 2}  # in one piece


def test_it_follows_from_the_random_numbers_and_nothing_else():
    pixels = images()
    once, after = erased(pixels, 0.6)
    again, _ = erased(pixels, 0.6)
    np.testing.assert_array_equal(once, again)
    assert not np.array_equal(once, erased(pixels, 0.6, seed=1)[0])
    others = images(seed=2)
    others[0] = pixels[0]
    beside, after_others = erased(others, 0.6)
    np.testing.assert_array_equal(beside[0], once[0])
    assert after == after_others  # whatever the images, as many numbers are drawn


@pytest.mark.parametrize("most", [0, 0.5])
def test_a_warped_image_is_blotted_afterwards(most):
    pixels = (255 * images(20)).astype(np.uint8).reshape(20, -1)
    rng = np.random.default_rng(3)
    expected = Warp(DIGITS(), SHAPE)(pixels, np.empty(pixels.shape, np.float32), rng)
    if most:
        erase(expected.reshape(20, *SHAPE), most, rng)
    out, own = np.empty(pixels.shape, np.float32), np.random.default_rng(3)
    Warp(DIGITS(erase=most), SHAPE)(pixels, out, own)
    np.testing.assert_array_equal(out, expected)
    assert own.bit_generator.state == rng.bit_generator.state
