"""Each activation is its textbook formula, at any sum and in either float type."""

from dataclasses import fields

import numpy as np
import pytest
import references
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from mlp_cli.nn import ACTIVATIONS, INITIALIZERS, Activation

NAMES = list(ACTIVATIONS)
GRID = np.concatenate([np.linspace(-6, 6, 97), [-1e3, -50, 50, 1e3]]).reshape(-1, 1)
PAIRS = np.hstack([GRID, np.roll(GRID, 1)])  # (101, 2): softmax needs a neighbour


def outputs(f: Activation, z: np.ndarray, in_place: bool = False) -> np.ndarray:
    z = z.copy()
    a = z if in_place else np.full_like(z, np.nan)
    f.forward(z, a, f.parameters(z.shape[1]).astype(z.dtype))
    return a


def slopes(f: Activation, z: np.ndarray, in_place: bool = False) -> np.ndarray:
    """∂(Σ ± a)/∂z, in buffers as the network keeps them."""
    z = z.copy()
    a = z if in_place else np.empty_like(z)
    p = f.parameters(z.shape[1]).astype(z.dtype)
    f.forward(z, a, p)
    delta = np.ones_like(z)
    delta[:, 1::2] = -1
    f.backward(z, a, delta, np.full_like(z, np.nan), p, np.empty_like(p))
    return delta


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=20)
def test_is_its_formula(name: str, data: st.DataObject) -> None:
    f = data.draw(strategies.options(ACTIVATIONS[name]))
    numbers = {spec.name: getattr(f, spec.name) for spec in fields(f)}
    expected = references.ACTIVATIONS[name](PAIRS, **numbers)
    np.testing.assert_allclose(outputs(f, PAIRS), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", NAMES)
def test_extreme_sums_stay_finite(name: str, dtype: DTypeLike) -> None:
    f, z = ACTIVATIONS[name](), PAIRS.astype(dtype)
    assert np.isfinite(outputs(f, z)).all()
    assert np.isfinite(slopes(f, z)).all()


@pytest.mark.parametrize("name", NAMES)
def test_float32_is_close_to_float64(name: str) -> None:
    f = ACTIVATIONS[name]()
    single = outputs(f, PAIRS.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, outputs(f, PAIRS), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_slopes_in_float32_are_close_to_float64(name: str) -> None:
    f = ACTIVATIONS[name]()
    single = slopes(f, PAIRS.astype(np.float32))
    np.testing.assert_allclose(single, slopes(f, PAIRS), rtol=1e-4, atol=3e-6)


@pytest.mark.parametrize("name", [name for name in NAMES if ACTIVATIONS[name].in_place])
def test_in_place_changes_nothing(name: str) -> None:
    f = ACTIVATIONS[name]()
    np.testing.assert_array_equal(outputs(f, PAIRS, in_place=True), outputs(f, PAIRS))
    np.testing.assert_array_equal(slopes(f, PAIRS, in_place=True), slopes(f, PAIRS))


@pytest.mark.parametrize("name", NAMES)
def test_its_initialiser_is_known(name: str) -> None:
    assert ACTIVATIONS[name].init in INITIALIZERS


def test_prelu_learns_one_slope_a_neuron() -> None:
    f = ACTIVATIONS["prelu"](slope=0.1)
    assert f.parameters(3).tolist() == [0.1, 0.1, 0.1]
    a = np.empty((1, 3))
    f.forward(np.array([[-1.0, -1.0, 1.0]]), a, np.array([0.5, 0.25, 0.125]))
    assert a.tolist() == [[-0.5, -0.25, 1.0]]


def test_softmax_rows_sum_to_one() -> None:
    np.testing.assert_allclose(outputs(ACTIVATIONS["softmax"](), PAIRS).sum(axis=1), 1)
