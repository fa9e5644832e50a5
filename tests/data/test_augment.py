"""An image is changed within its limits, and never into one of something else."""

import numpy as np
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.data.augment import AUGMENTATIONS, Augmentation, safe_for
from mlp_cli.data.catalogue import CATALOGUE

STILL = {"shift": 0.0, "rotate": 0.0, "scale": 0.0, "shear": 0.0, "elastic": 0.0}
ANY = st.one_of([strategies.options(AUGMENTATIONS[name]) for name in AUGMENTATIONS])


def draw(n=500, **limits):
    """The factors of x, y and 1 that give x′, (n, 3), and those that give y′."""
    digits = AUGMENTATIONS["digits"](**{**STILL, **limits})
    return digits.sources(n, np.random.default_rng(0)).swapaxes(0, 1)


def test_without_limits_each_pixel_is_its_own_source():
    x, y = draw()
    np.testing.assert_array_equal(x, np.broadcast_to([1, 0, 0], x.shape))
    np.testing.assert_array_equal(y, np.broadcast_to([0, 1, 0], y.shape))


def test_a_turn_keeps_lengths_and_reaches_both_limits():
    x, y = draw(rotate=30)[..., :2]
    np.testing.assert_allclose(np.sum(x**2, 1), 1)
    np.testing.assert_allclose(np.sum(x * y, 1), 0, atol=1e-15)
    turns = np.degrees(np.arctan2(y[:, 0], x[:, 0]))
    assert -30 <= turns.min() < -29
    assert 29 < turns.max() <= 30


def test_a_stretch_is_as_likely_as_its_reverse():
    x, y = draw(scale=0.25)
    for factor, other in ((x[:, 0], x[:, 1]), (y[:, 1], y[:, 0])):
        assert 1 / 1.25 <= factor.min() < 0.81
        assert 1.24 < factor.max() <= 1.25
        assert not other.any()
    assert np.corrcoef(x[:, 0], y[:, 1])[0, 1] < 0.2  # each axis for itself


def test_a_slant_moves_sideways_by_the_way_down():
    x, y = draw(shear=0.3)
    np.testing.assert_array_equal(y, np.broadcast_to([0, 1, 0], y.shape))
    assert -0.3 <= x[:, 1].min() < -0.29
    assert 0.29 < x[:, 1].max() <= 0.3


def test_a_move_stays_within_its_pixels_along_each_axis():
    moves = draw(shift=2)[..., 2]
    assert (np.abs(moves) <= 2).all()
    assert (np.abs(moves).max(axis=1) > 1.95).all()


@given(ANY, st.integers(0, 99))
def test_only_what_may_be_mirrored_is(augmentation: Augmentation, seed: int):
    sources = augmentation.sources(64, np.random.default_rng(seed))
    (a, b, _), (c, d, _) = sources.transpose(1, 2, 0)
    turned_over = a * d - b * c < 0
    assert turned_over.any() == augmentation.mirrored
    assert not turned_over.all()


@pytest.mark.parametrize("n", [1, 7])
def test_every_image_has_changes_of_its_own(n):
    sources = AUGMENTATIONS["clothes"]().sources(n, np.random.default_rng(1))
    assert sources.shape == (n, 2, 3)
    assert len(np.unique(sources[:, 0, 2])) == n


@pytest.mark.parametrize("name", list(CATALOGUE))
def test_each_known_data_set_has_changes_that_are_safe_for_it(name):
    safe = safe_for(name)
    assert safe == AUGMENTATIONS[CATALOGUE[name].augmentation]()
    assert safe.mirrored == (name == "fashion-mnist")


def test_what_is_safe_for_your_own_data_is_not_known():
    assert safe_for("mine.npz") is None
