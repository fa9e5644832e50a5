"""Noise has the deviation that is asked for, after a norm, and is there only in training."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import batch, network
from numpy.typing import DTypeLike

from mlp_cli.nn import NORMALIZERS
from mlp_cli.nn.regularizers import draw_noise
from mlp_cli.nn.workspace import Workspace
from mlp_cli.randomness import stream


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(deviation=st.floats(1e-3, 1e3))
def test_draws_mean_0_and_the_stated_deviation(dtype: DTypeLike, deviation: float) -> None:
    out = np.empty((100, 100), dtype)
    assert draw_noise(out, deviation, stream(0, "dropout")) is out
    assert out.mean() == pytest.approx(0, abs=deviation * 0.05)  # five standard errors
    assert out.std() == pytest.approx(deviation, rel=0.04)


def outputs(
    noise: Sequence[float], norm: str | None, rng: np.random.Generator | None
) -> np.ndarray:
    """What comes out in training where each layer does no more than multiply by 5."""
    chosen = NORMALIZERS[norm]() if norm else None
    net = network(
        6, 6, 6, hidden="identity", output="identity", loss="mse", norm=chosen, noise=noise
    )
    for W in net.W:
        W[:] = 5 * np.eye(6)
    x, out = batch(5000)[0], np.empty((5000, 6))
    buffers = net.activations, net.dropout, net.noise, net.norm, net.dtype
    net.forward(x, Workspace.allocate(5000, net.sizes, *buffers), out, rng, learning=True)
    np.testing.assert_array_equal(x, batch(5000)[0])
    return out


@pytest.mark.parametrize(
    ("noise", "deviation"), [((0.3, 0), 7.5), ((0, 0.2), 1), ((0.3, 0.2), np.hypot(7.5, 1))]
)
def test_is_added_to_the_input_and_to_hidden_sums(
    noise: tuple[float, float], deviation: float
) -> None:
    apart = outputs(noise, None, stream(0, "dropout")) - outputs(noise, None, None)
    assert apart.mean() == pytest.approx(0, abs=deviation * 0.03)
    assert apart.std() == pytest.approx(deviation, rel=0.03)


@pytest.mark.parametrize("norm", list(NORMALIZERS))
def test_is_added_to_what_is_normalised(norm: str) -> None:
    apart = outputs((0, 0.2), norm, stream(0, "dropout")) - outputs((0, 0.2), norm, None)
    assert apart.std() == pytest.approx(5 * 0.2, rel=0.03)


@pytest.mark.parametrize("norm", [None, *NORMALIZERS])
def test_is_off_unless_numbers_are_given(norm: str | None) -> None:
    chosen = NORMALIZERS[norm]() if norm else None
    plain, noisy = (network(6, 5, 3, norm=chosen, noise=noise) for noise in (None, (0.2, 0.5)))
    x, labels = batch(16)
    np.testing.assert_array_equal(noisy.predict(x), plain.predict(x))
    assert noisy.score(x, labels) == plain.score(x, labels)
    assert noisy.learn(x, labels) == plain.learn(x, labels)
    np.testing.assert_array_equal(noisy.grad, plain.grad)
    np.testing.assert_array_equal(noisy.kept, plain.kept)
    assert noisy.learn(x, labels, stream(0, "dropout")) != plain.learn(x, labels)


@pytest.mark.parametrize("noise", [(0.2, 0), (0, 0.5)])
def test_is_a_function_of_its_stream(noise: tuple[float, float]) -> None:
    net, (x, labels) = network(6, 5, 3, noise=noise), batch(16)
    first, again, other = (net.learn(x, labels, stream(0, "dropout", step=t)) for t in (1, 1, 2))
    assert first == again != other


def test_a_dropped_input_is_not_disturbed() -> None:
    net = network(6, 5, 3, hidden="tanh", noise=(0.5, 0), dropout=(0.5, 0))
    net.learn(*batch(1), stream(0, "dropout"))
    assert 0 < np.count_nonzero(net.dW[0].any(axis=1)) < 6


def test_each_layer_has_its_own() -> None:
    net = network(6, 5, 4, 3, hidden="identity", noise=(0, 0, 0.5))
    x, _ = batch(50)
    buffers = net.activations, net.dropout, net.noise, net.norm, net.dtype
    z = []
    for rng in (None, stream(0, "dropout")):
        space = Workspace.allocate(50, net.sizes, *buffers)
        net.forward(x, space, np.empty((50, 3)), rng, learning=True)
        z.append([each.copy() for each in space.z])
    np.testing.assert_array_equal(z[0][0], z[1][0])
    assert (z[1][1] - z[0][1]).std() == pytest.approx(0.5, rel=0.2)
