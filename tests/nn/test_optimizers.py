"""Each optimizer walks where its textbook formula leads, with any options and at any speed."""

import numpy as np
import pytest
import references
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_cli.nn import OPTIMIZERS, Descent, Optimizer

NAMES = list(OPTIMIZERS)


def walk(
    optimizer: Optimizer, theta: np.ndarray, grads: list[np.ndarray], lr: float, n_weights: int
) -> Descent:
    """Take a step against each slope from a copy of theta."""
    descent = Descent(optimizer, theta.copy(), n_weights)
    for t, g in enumerate(grads, start=1):
        descent.step(g.copy(), lr, t)
    return descent


def assert_close(theta: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_allclose(theta, expected, rtol=1e-9, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=100)
def test_is_its_formula(name: str, data: st.DataObject) -> None:
    optimizer = data.draw(strategies.options(OPTIMIZERS[name]))
    lr = data.draw(st.sampled_from([1e-12, 1e-6, 1e-3, 0.1, 1.0, 1e3, 1e6]))
    steps, n_weights = data.draw(st.integers(1, 6)), data.draw(st.integers(0, 7))
    rng = np.random.default_rng(data.draw(st.integers(0, 999)))
    theta = rng.normal(size=7)
    # Some slopes are 0, as those of a dead neuron are, and lengths differ from step to step.
    grads = [rng.normal(size=7) * 10.0 ** rng.integers(-3, 3) for _ in range(steps)]
    grads = [np.where(rng.random(7) < 0.3, 0, g) for g in grads]
    expected = references.descend(optimizer, theta, grads, lr, n_weights)
    assert_close(walk(optimizer, theta, grads, lr, n_weights).theta, expected)


@pytest.mark.parametrize("name", NAMES)
def test_a_thousand_steps(name: str) -> None:
    optimizer = OPTIMIZERS[name]()
    rng = np.random.default_rng(1)
    theta, grads = rng.normal(size=5), list(rng.normal(size=(1000, 5)))
    expected = references.descend(optimizer, theta, grads, optimizer.learning_rate, 3)
    assert_close(walk(optimizer, theta, grads, optimizer.learning_rate, 3).theta, expected)


@pytest.mark.parametrize("name", NAMES)
def test_no_slope_and_no_penalty_is_no_step(name: str) -> None:
    theta = np.array([1.0, -2.0, 0.0])
    still = walk(OPTIMIZERS[name](weight_decay=0), theta, [np.zeros(3)] * 3, 0.1, 2).theta
    np.testing.assert_array_equal(still, theta)


@pytest.mark.parametrize("name", ["adam", "adamw"])
@pytest.mark.parametrize("size", [1e-4, 1.0, 1e4])
def test_adams_first_step_is_the_learning_rate_long(name: str, size: float) -> None:
    optimizer = OPTIMIZERS[name](weight_decay=0)
    theta = walk(optimizer, np.zeros(2), [np.array([size, -size])], 0.01, 2).theta
    np.testing.assert_allclose(theta, [-0.01, 0.01], rtol=2e-4)


def test_adamw_shrinks_by_the_learning_rate_and_adam_does_not() -> None:
    theta = np.array([2.0])
    decoupled = walk(OPTIMIZERS["adamw"](weight_decay=0.5), theta, [np.zeros(1)], 0.1, 1).theta
    assert decoupled[0] == pytest.approx(2.0 * (1 - 0.1 * 0.5), rel=1e-15)
    coupled = walk(OPTIMIZERS["adam"](weight_decay=0.5), theta, [np.zeros(1)], 0.1, 1).theta
    assert coupled[0] == pytest.approx(2.0 - 0.1, rel=1e-7)  # whatever the decay


def test_adam_holds_the_squares_of_large_slopes_in_float32() -> None:
    theta = np.zeros(3, np.float32)
    grads = [np.full(3, 1e15, np.float32)] * 50
    moved = walk(OPTIMIZERS["adam"](), theta, grads, 0.001, 3).theta
    np.testing.assert_allclose(moved, -0.05, rtol=1e-4)
