"""A warped image is the image, read from where the augmentation says."""

import tracemalloc
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from references import bilinear

from mlp_cli.data import warp
from mlp_cli.data.augment import AUGMENTATIONS, Augmentation
from mlp_cli.data.warp import Warp, bending

DIGITS = AUGMENTATIONS["digits"]


@dataclass(frozen=True)
class Fixed(Augmentation):
    """One and the same change for every image."""

    name = "fixed"
    elastic: float = 0.0
    source: tuple[tuple[float, ...], ...] = ((1, 0, 0), (0, 1, 0))

    def sources(self, n, rng):
        return np.array(self.source)[None].repeat(n, axis=0)


def images(n, shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, *shape), dtype=np.uint8)


def warped(augmentation, pixels, seed=0):
    flat = pixels.reshape(len(pixels), -1)
    out = np.empty(flat.shape, np.float32)
    Warp(augmentation, pixels.shape[1:])(flat, out, np.random.default_rng(seed))
    return out.reshape(pixels.shape)


@pytest.mark.parametrize("shape", [(28, 28), (4, 5), (1, 7), (3, 1)])
@pytest.mark.parametrize("n", [1, 128, 129, 300])
def test_an_unmoved_image_is_itself(shape, n):
    pixels = images(n, shape)
    np.testing.assert_allclose(warped(Fixed(), pixels), pixels / 255, atol=1e-5)


@pytest.mark.parametrize(("right", "down"), [(2, 0), (-1, 3), (0, -2), (99, 0), (0, -99)])
def test_what_is_read_from_outside_is_black(right, down):
    pixels = images(3, (6, 5))
    expected = np.zeros((3, 6, 5))
    for y in range(6):
        for x in range(5):
            if 0 <= y + down < 6 and 0 <= x + right < 5:
                expected[:, y, x] = pixels[:, y + down, x + right] / 255
    moved = warped(Fixed(source=((1, 0, right), (0, 1, down))), pixels)
    np.testing.assert_allclose(moved, expected, atol=2e-3)  # the frame's edge is 0.001 wide


def test_a_quarter_turn_and_a_mirror_are_about_the_centre():
    pixels = images(2, (7, 7))
    turned = warped(Fixed(source=((0, 1, 0), (-1, 0, 0))), pixels)
    np.testing.assert_allclose(turned, np.rot90(pixels, -1, (1, 2)) / 255, atol=2e-3)
    mirrored = warped(Fixed(source=((-1, 0, 0), (0, 1, 0))), pixels)
    np.testing.assert_allclose(mirrored, pixels[:, :, ::-1] / 255, atol=2e-3)


@given(st.integers(0, 10**6), st.floats(-3, 3), st.floats(-3, 3), st.floats(-0.5, 0.5))
def test_between_pixels_it_is_bilinear(seed, right, down, slant):
    pixels = images(1, (6, 8), seed)
    source = ((1.1, slant, right), (-slant, 0.9, down))
    expected = bilinear(pixels[0] / 255, source)
    np.testing.assert_allclose(warped(Fixed(source=source), pixels)[0], expected, atol=2e-3)


@pytest.mark.parametrize(("shape", "sigma"), [((28, 28), 4.0), ((20, 31), 2.0), ((4, 5), 9.0)])
def test_bending_is_white_noise_smoothed_by_a_gaussian(shape, sigma):
    """Both have mean 0 and are normal, so they are alike where their covariances are."""

    def smoothing(n):
        apart = np.subtract.outer(np.arange(n), np.arange(n))
        return np.exp(-(apart**2) / (2 * sigma**2))

    both = np.kron(*map(smoothing, shape))
    covariance = both @ both.T
    covariance /= np.mean(np.diag(covariance))
    fields = bending(shape, sigma)
    np.testing.assert_allclose(fields.T @ fields, covariance, atol=0.02)
    assert np.isclose(np.mean(np.sum(fields**2, axis=0)), 1)
    assert len(fields) < 0.3 * fields.shape[1]


@pytest.mark.parametrize("elastic", [0.5, 2.0])
def test_bending_moves_pixels_by_so_much_along_each_axis(elastic):
    still = DIGITS(shift=0, rotate=0, scale=0, shear=0, elastic=elastic)
    places = Warp(still, (28, 28))._places(128, np.random.default_rng(0)).reshape(2, 128, 28, 28)
    y, x = np.indices((28, 28)) + 1
    inner = (slice(None), slice(8, -8), slice(8, -8))  # no move is cut off at the frame there
    for place, own in ((places[0], x), (places[1], y)):
        moves = (place - own)[inner]
        assert np.std(moves) == pytest.approx(elastic, rel=0.35)
        assert abs(moves.mean()) < 0.2 * elastic


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 200), st.integers(0, 99))
def test_it_stays_within_black_and_full_ink_and_follows_from_its_seed(n, seed):
    pixels = images(n, (9, 9), seed)
    once, again = (warped(DIGITS(), pixels, seed) for _ in range(2))
    np.testing.assert_array_equal(once, again)
    assert once.min() >= 0
    assert once.max() <= 1 + 1e-6
    assert not np.array_equal(once, warped(DIGITS(), pixels, seed + 1))


def test_a_warp_allocates_nothing_of_a_batch_s_size():
    pixels = images(512, (28, 28)).reshape(512, -1)
    out, change = np.empty(pixels.shape, np.float32), Warp(DIGITS(), (28, 28))
    change(pixels, out, np.random.default_rng(0))
    tracemalloc.start()
    change(pixels, out, np.random.default_rng(0))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 0.5 * warp.AT_ONCE * 784 * 4
