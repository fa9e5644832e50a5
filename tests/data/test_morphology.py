"""Masks and greys: OpenCV's answers are SciPy's."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage

from mlp_cli.data.morphology import (
    closed,
    components,
    depth,
    grown,
    openings,
    smooth,
    touching,
    without_strokes,
)

TOUCHING = np.ones((3, 3), np.bool_)
SIDES = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=24)
masks = arrays(np.bool_, SIDES)
greys = arrays(np.float32, SIDES, elements=st.integers(0, 255))


@given(masks)
def test_components_are_what_touches(mask):
    found, (labels, n) = components(mask), ndimage.label(mask, TOUCHING)
    assert len(found) == n
    pairs = np.unique(np.stack([found.labels.ravel(), labels.ravel()]), axis=1)
    assert pairs.shape[1] == len(np.unique(labels))  # the same sets, perhaps in another order
    for i in range(n):
        rows, columns = np.nonzero(found.labels == i + 1)
        assert found.areas[i] == len(rows)
        assert found.start[i].tolist() == [rows.min(), columns.min()]
        assert found.stop[i].tolist() == [rows.max() + 1, columns.max() + 1]


@given(masks)
def test_openings_do_not_leak_at_corners(mask):
    assert openings(mask) == ndimage.label(~mask)[1]


@given(masks)
def test_depth_is_the_distance_to_the_ground(mask):
    mask[0, 0] = False  # there is a ground
    np.testing.assert_allclose(depth(mask), ndimage.distance_transform_edt(mask), rtol=1e-6)


@given(masks, masks)
def test_touching_is_whole_components(mask, where):
    height, width = (min(sides) for sides in zip(mask.shape, where.shape, strict=True))
    mask, where = mask[:height, :width], where[:height, :width]
    expected = ndimage.binary_propagation(mask & where, TOUCHING, mask)
    np.testing.assert_array_equal(touching(mask, where), expected)


@given(masks, st.integers(0, 5))
def test_grown_is_a_dilation(mask, by):
    square = np.ones((2 * by + 1, 2 * by + 1), np.bool_)
    np.testing.assert_array_equal(grown(mask, by), ndimage.binary_dilation(mask, square))


@given(masks, st.integers(1, 5))
def test_closed_fills_gaps_up_to_a_width(mask, by):
    around = np.pad(mask, 2 * by)
    filled = ndimage.binary_closing(around, TOUCHING, iterations=by)
    np.testing.assert_array_equal(closed(mask, by), filled[2 * by : -2 * by, 2 * by : -2 * by])


@given(greys, st.integers(1, 6).map(lambda half: 2 * half + 1), st.booleans())
def test_the_ground_is_a_closing_or_an_opening(grey, size, dark):
    # Where a window reaches beyond the edge, SciPy's goes on with what is within it already.
    expected = (ndimage.grey_closing if dark else ndimage.grey_opening)(
        np.pad(grey, size, mode="edge"), (size, size)
    )[size:-size, size:-size]
    found = without_strokes(np.pad(grey, size, mode="edge"), size, dark)[size:-size, size:-size]
    np.testing.assert_array_equal(found, expected)


@given(greys, st.floats(0.5, 4))
def test_smooth_is_a_gaussian(grey, sigma):
    expected = ndimage.gaussian_filter(np.float64(grey), sigma, mode="nearest")
    # SciPy cuts the Gaussian off at 4σ as well, but rounds that to another pixel.
    np.testing.assert_allclose(smooth(grey, sigma), expected, atol=0.05)
