"""Sums come to mean 0 and variance 1, a neuron's over the batch or an example's over its layer."""

import numpy as np
import pytest
import references
import strategies
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from networks import batch, network

from mlp_cli.nn import NORMALIZERS, Normalizer
from mlp_cli.nn.normalizers import kept_of_layers

NAMES = list(NORMALIZERS)
NARROW = np.dtype(np.float32)
sums = arrays(np.float64, array_shapes(min_dims=2, max_dims=2), elements=st.floats(-100, 100))


def forward(norm: Normalizer, z: np.ndarray) -> np.ndarray:
    norm.forward(z, np.empty_like(z), np.ones(len(z)), norm.statistics(z.shape[1]))
    return z


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), z=sums)
def test_is_its_formula(name: str, data: st.DataObject, z: np.ndarray) -> None:
    norm = data.draw(strategies.options(NORMALIZERS[name]))
    np.testing.assert_allclose(
        forward(norm, z.copy()), references.normalised(norm, z), rtol=1e-7, atol=1e-7
    )


@pytest.mark.parametrize("name", NAMES)
def test_mean_0_and_variance_1(name: str) -> None:
    z = forward(NORMALIZERS[name](), np.random.default_rng(3).normal(7, 20, size=(30, 40)))
    np.testing.assert_allclose(z.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(z.var(axis=0), 1, rtol=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_each_layers_statistics_are_a_view_of_one_vector(name: str) -> None:
    norm = NORMALIZERS[name]()
    flat, layers = kept_of_layers(norm, (5, 4), NARROW)
    starts = [norm.statistics(width) for width in (5, 4)]
    for layer, start in zip(layers, starts, strict=True):
        np.testing.assert_array_equal(layer, start)
    flat[:] = np.arange(flat.size)
    np.testing.assert_array_equal(np.concatenate([layer.ravel() for layer in layers]), flat)


@pytest.mark.parametrize("name", NAMES)
def test_float32_stays_float32_and_close_to_float64(name: str) -> None:
    norm, (x, labels) = NORMALIZERS[name](), batch(16)
    wide, narrow = (network(6, 5, 4, 3, norm=norm, dtype=t) for t in (np.float64, np.float32))
    few = x.astype(np.float32)
    results = [wide.learn(x, labels), narrow.learn(few, labels)]
    assert results[1] == pytest.approx(results[0], rel=1e-5)
    np.testing.assert_allclose(narrow.grad, wide.grad, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(narrow.kept, wide.kept, rtol=1e-5, atol=1e-6)
    scale = norm.forward(few, few.copy(), np.ones(16, NARROW), norm.statistics(6).astype(NARROW))
    answers = narrow.predict(x.astype(NARROW)), narrow.folded().predict(x.astype(NARROW))
    own = narrow.theta, narrow.grad, narrow.kept, narrow.folded().theta
    assert {a.dtype for a in (scale, *answers, *own)} == {NARROW}
