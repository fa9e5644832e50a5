"""Dropout keeps the expected activation, a penalty adds its slope, clipping keeps directions."""

import numpy as np
import pytest
import references
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from mlp_cli.nn.regularizers import add_penalty, clip_norm, draw_dropout_mask
from mlp_cli.randomness import stream

numbers = st.floats(-100, 100)
vectors = st.lists(numbers, min_size=1, max_size=8).map(np.array)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.9])
def test_dropout_switches_off_its_share_and_scales_the_rest(rate: float, dtype: DTypeLike) -> None:
    mask = np.empty((200, 300), dtype)
    draw_dropout_mask(mask, rate, stream(0, "dropout"))
    kept = np.asarray(1 / (1 - rate), dtype)
    assert set(np.unique(mask).tolist()) <= {0, kept.item()}
    assert np.mean(mask == 0) == pytest.approx(rate, abs=0.011)  # five standard errors
    assert mask.mean() == pytest.approx(1, abs=0.07)


def test_dropout_is_a_function_of_its_stream() -> None:
    a, b, c = np.empty((3, 20, 20), np.float32)
    draw_dropout_mask(a, 0.5, stream(0, "dropout", step=1))
    draw_dropout_mask(b, 0.5, stream(0, "dropout", step=1))
    draw_dropout_mask(c, 0.5, stream(0, "dropout", step=2))
    assert (a == b).all()
    assert (a != c).any()


@given(weight_decay=st.floats(0, 10), l1=st.floats(0, 10))
def test_a_penalty_adds_its_slope(weight_decay: float, l1: float) -> None:
    W, slope = np.array([-2.0, -0.1, 0.3, 5.0]), np.arange(4.0)
    measured = references.gradient(lambda: references.penalty(W, weight_decay, l1), W)
    dW = slope.copy()
    add_penalty(dW, W, np.empty(4), weight_decay, l1)
    np.testing.assert_allclose(dW, slope + measured, rtol=1e-8, atol=1e-8)


def test_l1_leaves_a_weight_of_zero_alone() -> None:
    dW = np.zeros(3)
    add_penalty(dW, np.array([-4.0, 0.0, 0.5]), np.empty(3), weight_decay=0, l1=0.2)
    assert dW.tolist() == [-0.2, 0, 0.2]


@given(grad=vectors, longest=st.floats(1e-3, 1e3))
def test_clipping_shortens_and_never_turns(grad: np.ndarray, longest: float) -> None:
    length = np.linalg.norm(grad)
    clipped = grad.copy()
    clip_norm(clipped, longest)
    if length <= longest * (1 - 1e-12):
        np.testing.assert_array_equal(clipped, grad)
    else:
        shortened = grad * (longest / length)
        np.testing.assert_allclose(clipped, shortened, rtol=1e-9, atol=1e-12 * longest)
        assert np.linalg.norm(clipped) <= longest * (1 + 1e-9)


def test_clipping_does_not_overflow() -> None:
    grad = np.full(4, 1e30, np.float32)
    clip_norm(grad, 2.0)
    np.testing.assert_allclose(grad, 1, rtol=1e-6)
