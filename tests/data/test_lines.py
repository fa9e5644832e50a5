"""Ruled lines go, strokes across them stay."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.data.lines import STEEPEST, without_lines

SIDE = 200


def ruled(slope, thick, apart):
    y, x = np.indices((SIDE, SIDE))
    return (y - slope * x) % apart < thick


def from_edge_to_edge(slope):
    """Where a line of this slope does not leave through the top or the bottom."""
    y, x = np.indices((SIDE, SIDE))
    left = y - slope * x
    right = left + slope * SIDE
    return (np.minimum(left, right) > 6) & (np.maximum(left, right) < SIDE - 6)


def digit():
    """An upright stroke and a bow."""
    y, x = np.indices((SIDE, SIDE))
    bow = np.abs(np.hypot(y - 120, x - 100) - 35) <= 6
    return bow | ((np.abs(x - 132) <= 6) & (y >= 40) & (y <= 170))


@pytest.mark.parametrize("turned", [False, True])
@given(slope=st.floats(-0.9 * STEEPEST, 0.9 * STEEPEST), thick=st.integers(1, 4))
def test_lines_go_and_strokes_stay(turned, slope, thick):
    stroke, lines = digit(), ruled(slope, thick, 31)
    whole = lines & from_edge_to_edge(slope)
    lines, whole = (lines.T, whole.T) if turned else (lines, whole)
    found = without_lines(stroke | lines)
    assert found[stroke].mean() > 0.7
    near = np.pad(stroke, 6)
    near = np.any([np.roll(near, (i, j), (0, 1)) for i in (-6, 0, 6) for j in (-6, 0, 6)], axis=0)
    assert found[whole & ~near[6:-6, 6:-6]].mean() < 0.2


def test_without_lines_nothing_changes():
    assert (without_lines(digit()) == digit()).all()


def test_a_picture_of_nothing_but_a_stroke_keeps_it():
    stroke = np.zeros((SIDE, SIDE), np.bool_)
    stroke[100:106] = True
    assert (without_lines(stroke) == stroke).all()


def test_a_thin_line_across_an_empty_page_goes():
    line = np.zeros((SIDE, SIDE), np.bool_)
    line[100:103] = True
    assert not without_lines(line).any()


def test_a_thin_line_down_a_page_is_a_1_and_two_are_margins():
    one = np.zeros((SIDE, SIDE), np.bool_)
    one[:, 100:103] = True
    assert (without_lines(one) == one).all()
    margins = one.copy()
    margins[:, 20:23] = True
    assert not without_lines(margins).any()


def test_a_hair_thin_1_may_fill_a_picture_that_was_cut_out_around_it():
    one = np.zeros((SIDE, SIDE // 3), np.bool_)
    one[:, 20:22] = True
    assert (without_lines(one) == one).all()


@pytest.mark.parametrize("thick", [1, 2])
def test_a_line_down_a_page_as_thin_as_a_hair_is_a_margin_alone(thick):
    line = np.zeros((SIDE, SIDE), np.bool_)
    line[:, 100 : 100 + thick] = True
    assert not without_lines(line).any()


def test_bent_lines_and_grids_go():
    y, x = np.indices((SIDE, SIDE))
    bent = (y - 10 * np.sin(x / 60)) % 40 < 1
    assert not without_lines(bent)[20:-20].any()
    grid = without_lines(bent | ((x - 10 * np.sin(y / 60)) % 40 < 1))
    assert not grid[20:-20, 20:-20].any()


def test_a_thin_digit_cut_at_its_strokes_stays():
    y, x = np.indices((SIDE, SIDE))
    zero = np.abs(np.hypot(y - 99.5, x - 99.5) - 98.5) <= 1
    assert (without_lines(zero) == zero).all()
    narrow = np.abs(np.hypot(y - 99.5, 2 * (x - 99.5)) - 98) <= 2  # cut above and below alone
    assert (without_lines(narrow) == narrow).all()


@pytest.mark.parametrize("turned", [False, True])
def test_a_digits_straight_strokes_are_no_lines_however_near_it_is_cut(turned):
    seven = np.zeros((130, 90), np.bool_)
    seven[2:7, 2:88] = True
    for y in range(7, 128):
        seven[y, 83 - y // 3 : 88 - y // 3] = True
    seven = seven.T if turned else seven
    assert (without_lines(seven) == seven).all()


def test_a_thick_stroke_from_edge_to_edge_is_no_line():
    one = np.zeros((SIDE, SIDE), np.bool_)
    one[:, 90:115] = True
    assert (without_lines(one | digit()) == (one | digit())).all()
