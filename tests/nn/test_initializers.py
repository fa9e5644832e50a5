"""Each initialiser draws from the distribution that its paper states, for any shape of layer."""

import math

import numpy as np
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.nn import INITIALIZERS
from mlp_cli.randomness import stream

SHAPES = [(400, 150), (150, 400)]
NORMAL = {"he": lambda fan_in: math.sqrt(2 / fan_in), "lecun": lambda fan_in: fan_in**-0.5}


def draw(name: str, fan_in: int, fan_out: int, seed: int = 0) -> np.ndarray:
    return INITIALIZERS[name]()(fan_in, fan_out, stream(seed, "init"))


@pytest.mark.parametrize("name", list(INITIALIZERS))
@given(data=st.data(), fan_in=st.integers(1, 9), fan_out=st.integers(1, 9))
def test_any_option_and_shape(name: str, data: st.DataObject, fan_in: int, fan_out: int) -> None:
    initializer = data.draw(strategies.options(INITIALIZERS[name]))
    W = initializer(fan_in, fan_out, stream(0, "init"))
    assert W.shape == (fan_in, fan_out)
    assert W.dtype == np.float64
    np.testing.assert_array_equal(W, initializer(fan_in, fan_out, stream(0, "init")))


@pytest.mark.parametrize(("fan_in", "fan_out"), SHAPES)
@pytest.mark.parametrize("name", list(NORMAL))
def test_normal(name: str, fan_in: int, fan_out: int) -> None:
    unit = draw(name, fan_in, fan_out).ravel() / NORMAL[name](fan_in)
    assert abs(unit.mean()) < 0.02  # five standard errors of 60,000 draws
    assert unit.std() == pytest.approx(1, abs=0.015)
    assert np.mean(unit**4) == pytest.approx(3, abs=0.2)  # what tells a normal from a uniform


@pytest.mark.parametrize(("fan_in", "fan_out"), SHAPES)
@pytest.mark.parametrize(("name", "limit"), [("uniform", 1), ("glorot", math.sqrt(6 / 550))])
def test_uniform(name: str, limit: float, fan_in: int, fan_out: int) -> None:
    unit = draw(name, fan_in, fan_out).ravel() / limit
    assert 0.999 < np.abs(unit).max() <= 1
    assert abs(unit.mean()) < 0.012  # five standard errors of 60,000 draws
    assert unit.var() == pytest.approx(1 / 3, abs=0.007)


def test_uniform_takes_another_limit() -> None:
    W = INITIALIZERS["uniform"](limit=0.05)(400, 150, stream(0, "init"))
    assert 0.0499 < np.abs(W).max() <= 0.05


@pytest.mark.parametrize(("fan_in", "fan_out"), [(7, 4), (4, 7), (5, 5), (1, 6)])
def test_orthogonal(fan_in: int, fan_out: int) -> None:
    W = draw("orthogonal", fan_in, fan_out)
    products = W.T @ W if fan_in >= fan_out else W @ W.T
    np.testing.assert_allclose(products, np.eye(min(fan_in, fan_out)), atol=1e-14)


def test_orthogonal_favours_no_direction() -> None:
    assert {draw("orthogonal", 1, 1, seed).item() for seed in range(40)} == {-1.0, 1.0}


def test_zeros() -> None:
    assert not draw("zeros", 4, 3).any()
