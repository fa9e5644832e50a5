"""Pieces are what hangs together; joined and cut, no ink is lost or made."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage

from mlp_cli.data.pieces import pieces_of

masks = arrays(np.bool_, array_shapes(min_dims=2, max_dims=2, max_side=12))


def painted(pieces, shape):
    """Where the pieces' ink is; a pixel of two is counted twice."""
    counts = np.zeros(shape, int)
    for each in pieces:
        counts[each.top : each.bottom, each.left : each.right] += each.ink
    return counts


@given(masks)
def test_all_ink_is_in_one_piece_each(mask):
    pieces = pieces_of(mask, 0)
    assert np.array_equal(painted(pieces, mask.shape), mask)
    assert len(pieces) == ndimage.label(mask, np.ones((3, 3)))[1]
    for each in pieces:
        assert each.ink[0].any()
        assert each.ink[-1].any()
        assert each.ink[:, 0].any()
        assert each.ink[:, -1].any()


@given(masks)
def test_joined_pieces_have_the_ink_of_both(mask):
    pieces = pieces_of(mask, 0)
    for one, other in pairwise(pieces):
        both = painted([one, other], mask.shape)
        assert np.array_equal(painted([one.joined(other)], mask.shape), both)
        assert np.array_equal(painted([other.joined(one)], mask.shape), both)


@given(masks, st.data())
def test_the_parts_of_a_piece_have_its_ink(mask, data):
    for each in pieces_of(mask, 0):
        columns = sorted(data.draw(st.sets(st.integers(1, max(1, each.width - 1)), max_size=3)))
        parts = each.cut([column for column in columns if column < each.width])
        assert np.array_equal(painted(parts, mask.shape), painted([each], mask.shape))


def test_specks_are_left_out():
    mask = np.zeros((20, 20), np.bool_)
    mask[2:18, 5:8] = True
    mask[10, 15] = True
    (piece,) = pieces_of(mask, 0.5)
    assert (piece.top, piece.left, piece.height, piece.width) == (2, 5, 16, 3)


def test_the_distance_is_between_the_boxes():
    mask = np.zeros((9, 30), np.bool_)
    mask[0:2, 0:3] = mask[5:9, 1:4] = mask[0:2, 10:12] = True
    above, beside, below = sorted(pieces_of(mask, 0), key=lambda each: (each.top, each.left))
    assert above.distance(below) == below.distance(above) == 3
    assert above.distance(beside) == 7
    assert above.distance(above) == 0
