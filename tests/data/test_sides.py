"""What is of another shade on one side only is an edge, and no stroke."""

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from mlp_cli.data.digits import prepare_digit
from mlp_cli.data.several import digits_in
from mlp_cli.data.sides import has_both_sides
from mlp_cli.errors import ImageError

SIDE = 60


@pytest.fixture
def stroke():
    mask = np.zeros((SIDE, SIDE), np.bool_)
    mask[10:50, 28:34] = True
    return mask


@pytest.mark.parametrize("dark", [True, False])
def test_a_stroke_on_ground_has_both(stroke, dark):
    grey = np.where(stroke, 40, 200).astype(np.float32)
    assert has_both_sides(stroke, stroke, grey if dark else 255 - grey, dark)


@pytest.mark.parametrize("dark", [True, False])
def test_the_rim_of_a_dark_thing_has_one(stroke, dark):
    grey = np.full((SIDE, SIDE), 200, np.float32)
    grey[10:50, 28:] = 40
    assert not has_both_sides(stroke, stroke, grey if dark else 255 - grey, dark)


def test_across_a_shadow_a_stroke_has_both(stroke):
    grey = np.where(stroke, 40, 200).astype(np.float32)
    grey[30:] *= 0.4
    assert has_both_sides(stroke, stroke, grey, dark=True)


def test_other_strokes_beside_it_are_no_ground(stroke):
    both = stroke.copy()
    both[10:50, 37:43] = True
    assert has_both_sides(stroke, both, np.where(both, 40, 200).astype(np.float32), dark=True)


def test_what_fills_the_picture_is_no_edge():
    full = np.ones((8, 8), np.bool_)
    assert has_both_sides(full, full, np.zeros((8, 8), np.float32), dark=True)


@pytest.mark.parametrize("read", [prepare_digit, digits_in])
@pytest.mark.parametrize(("slope", "sigma"), [(0.7, 2), (1, 2), (1, 6), (-1.3, 1)])
def test_the_edge_of_a_dark_shadow_is_no_1(read, slope, sigma):
    y, x = np.mgrid[:360, :480]
    shade = ndimage.gaussian_filter((x - 240 > slope * (y - 180)).astype(float), sigma)
    grain = np.random.default_rng(0).normal(0, 2, shade.shape)
    page = Image.fromarray((220 * (1 - 0.7 * shade) + grain).astype(np.uint8))
    with pytest.raises(ImageError, match="it shows no digit"):
        read(page, "it")
