"""Strokes that are one digit stay together, and their width comes near to MNIST's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from mlp_cli.data.prepare import box_of
from mlp_cli.data.strokes import THICK, THIN, WIDTH, evened, one_digit, stands_out, width_of


def bar(mask, rows, columns):
    mask = mask.copy()
    mask[slice(*rows), slice(*columns)] = True
    return mask


EMPTY = np.zeros((100, 100), np.bool_)
BODY = bar(EMPTY, (30, 90), (40, 50))  # 60 high, 10 wide


def test_a_stroke_near_by_belongs_to_it():
    both = bar(BODY, (15, 24), (40, 70))
    assert (one_digit(both) == both).all()


@pytest.mark.parametrize(
    ("rows", "columns"),
    [((2, 6), (2, 6)), ((40, 44), (53, 57)), ((30, 80), (95, 98))],
    ids=["a speck", "a speck near by", "a far line"],
)
def test_others_do_not(rows, columns):
    assert (one_digit(bar(BODY, rows, columns)) == BODY).all()


def test_what_is_at_the_edge_is_the_digit_only_if_nothing_else_is():
    shadow = bar(EMPTY, (0, 75), (0, 20))
    assert (one_digit(BODY | shadow) == BODY).all()
    assert (one_digit(shadow) == shadow).all()


def test_nothing_is_no_digit():
    assert not one_digit(EMPTY).any()


def test_a_grid_is_no_digit():
    y, x = np.indices(EMPTY.shape)
    grid = ((y % 10 < 2) | (x % 10 < 2)) & (np.hypot(y - 50, x - 50) < 40)
    assert not one_digit(grid).any()
    crosses = ((y % 10 // 2 == 2) | (x % 10 // 2 == 2)) & (y % 10 < 9) & (x % 10 < 9)
    assert not one_digit(crosses).any()


def test_a_blot_is_no_digit():
    y, x = np.indices(EMPTY.shape)
    assert not one_digit(np.hypot(y - 50, x - 50) < 20).any()


def test_a_thick_thing_near_by_is_not_of_it():
    pen = bar(EMPTY, (20, 100), (55, 95))
    assert (one_digit(BODY | pen) == BODY).all()


def test_what_is_sprayed_is_one_digit():
    sprayed = BODY & (np.random.default_rng(0).random(BODY.shape) < 0.6)
    assert one_digit(sprayed).sum() > 0.7 * sprayed.sum()


def test_strokes_stand_out_by_how_much_they_are_or_how_thick():
    y, _ = np.indices(EMPTY.shape)
    lines = y % 6 < 2
    thin, thick = bar(EMPTY, (2, 6), (10, 12)), bar(EMPTY, (20, 70), (40, 50))
    assert not stands_out(thin, lines | thin)
    assert stands_out(thick, lines | thick)
    assert stands_out(thin, thin)
    assert stands_out(thick, thick | bar(EMPTY, (0, 100), (60, 100)))  # one thing lies beside it


def inked(mask):
    return mask[box_of(mask)]


def ring(radius, width):
    y, x = np.indices((2 * radius + 60,) * 2) - radius - 30
    return np.abs(np.hypot(y, x) - radius) <= width / 2


@given(st.integers(30, 90), st.floats(0.04, 0.6))
def test_width_comes_near_to_that_of_mnist(radius, share):
    drawn = inked(ring(radius, max(2, share * radius)))
    found = evened(drawn)
    assert found.shape == inked(found).shape
    depth = ndimage.distance_transform_edt(np.pad(found, 1))[1:-1, 1:-1]
    width = width_of(depth[found].mean())
    assert 0.85 * THIN <= width / (WIDTH * max(found.shape)) <= 1.15 * THICK
    assert ndimage.label(found)[1] == 1
    assert ndimage.label(~np.pad(found, 1))[1] == 2  # still a ring


@pytest.mark.parametrize("width", [1, 2, 3, 5, 10, 17])
def test_the_width_of_a_bar_is_known(width):
    depth = ndimage.distance_transform_edt(np.pad(np.ones((width, 400), np.bool_), 1))
    assert width_of(depth[depth > 0].mean()) == pytest.approx(width, abs=1)


def test_a_loop_stays_open():
    small = ring(14, 4)
    drawn = np.zeros((300, 100), np.bool_)
    drawn[: small.shape[0], : small.shape[1]] = small
    drawn[40:, 46:48] = True
    found = evened(inked(drawn))
    assert ndimage.label(~np.pad(found, 1))[1] == 2


def test_many_specks_take_no_time():
    dots = np.zeros((400, 400), np.bool_)
    dots[::3, ::3] = True
    dots[100:110, 100:160] = True
    assert one_digit(dots).any()


def test_a_usual_width_is_left_alone():
    drawn = inked(ring(60, 17))
    assert (evened(drawn) == drawn).all()
