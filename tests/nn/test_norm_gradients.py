"""Slopes through normalised, disturbed and dropped sums are those that central differences measure.

A step by statistics of its batch is compared with such steps, whose noise is the same each time.
"""

import itertools
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
import references
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from slopes import KINKS, MARGIN, TOLERANCE, cost, relative_error, scaled

from mlp_cli.nn import ACTIVATIONS, LOSSES, NORMALIZERS, Activation, Network, Normalizer

NOISE = (0.3, 0.2, 0.4, 0.1)  # on the input and on three hidden layers
DROPOUT = (0.2, 0.5, 0.4, 0.3)

Learn = Callable[[], float]


def nearest_corner(net: Network, learn: Learn) -> float:
    """How near the sums that reach the hidden activations come to a corner of these."""
    distances = [np.inf]

    def watched(f: Activation) -> SimpleNamespace:
        def forward(z: np.ndarray, a: np.ndarray, p: np.ndarray) -> None:
            distances.extend(np.abs(z - kink).min() for kink in KINKS)
            f.forward(z, a, p)

        return SimpleNamespace(forward=forward, backward=f.backward, in_place=f.in_place)

    activations = net.activations
    net.activations = tuple(watched(f) for f in activations)
    learn()
    net.activations = activations
    return min(distances)


def case(
    hidden: list[Activation],
    norm: Normalizer | None,
    noise: tuple[float, ...] | None = None,
    dropout: tuple[float, ...] | None = None,
) -> tuple[Network, Learn]:
    """A small network and its step, the first of a random row that is away from corners."""
    sizes = (5, *[4] * len(hidden), 3)
    for seed in itertools.count():
        rng = np.random.default_rng(seed)
        layers = [*hidden, ACTIVATIONS["softmax"]()]
        loss = LOSSES["cross_entropy"]()
        net = Network(sizes, layers, loss, dropout, np.float64, noise=noise, norm=norm)
        net.theta[:] = rng.normal(scale=0.7, size=net.theta.size)
        x, labels = rng.normal(size=(12, 5)), rng.integers(3, size=12)

        def learn(net: Network = net, x: np.ndarray = x, labels: np.ndarray = labels) -> float:
            return cost(net, net.learn(x, labels, np.random.default_rng(7))[0], len(x))

        if nearest_corner(net, learn) > MARGIN:
            break
    return net, learn


def error(net: Network, learn: Learn) -> float:
    """How far backpropagation is from central differences, as a share of the gradient."""
    learn()
    slopes = net.grad.copy()
    return relative_error(slopes, references.gradient(learn, net.theta))


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("hidden", list(ACTIVATIONS))
@pytest.mark.parametrize("norm", list(NORMALIZERS))
def test_every_normaliser_activation_and_depth(norm: str, hidden: str, depth: int) -> None:
    assert error(*case([ACTIVATIONS[hidden]()] * depth, NORMALIZERS[norm]())) < TOLERANCE


@pytest.mark.parametrize("disturbed", ["noise", "dropout", "noise and dropout"])
@pytest.mark.parametrize("hidden", list(ACTIVATIONS))
@pytest.mark.parametrize("norm", [None, *NORMALIZERS])
def test_noise_and_dropout_in_every_layer(norm: str | None, hidden: str, disturbed: str) -> None:
    noise = NOISE[:3] if "noise" in disturbed else None
    dropout = DROPOUT[:3] if "dropout" in disturbed else None
    chosen = NORMALIZERS[norm]() if norm else None
    assert error(*case([ACTIVATIONS[hidden]()] * 2, chosen, noise, dropout)) < TOLERANCE


@pytest.mark.parametrize("layer", [0, 1, 2, 3])
@pytest.mark.parametrize("norm", [None, *NORMALIZERS])
def test_noise_in_one_layer(norm: str | None, layer: int) -> None:
    noise = tuple(deviation * (i == layer) for i, deviation in enumerate(NOISE))
    chosen = NORMALIZERS[norm]() if norm else None
    assert error(*case([ACTIVATIONS["tanh"]()] * 3, chosen, noise)) < TOLERANCE


@pytest.mark.parametrize("name", list(NORMALIZERS))
@given(data=st.data())
@settings(max_examples=10)
def test_any_option_of_a_normaliser(name: str, data: st.DataObject) -> None:
    norm = data.draw(strategies.options(NORMALIZERS[name]))
    assert error(*case([ACTIVATIONS["tanh"]()] * 2, norm, NOISE[:3], DROPOUT[:3])) < TOLERANCE


@pytest.mark.parametrize("depth", [1, 3])
@pytest.mark.parametrize("name", list(NORMALIZERS))
def test_a_wrong_normaliser_is_caught(
    name: str, depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cls = NORMALIZERS[name]
    monkeypatch.setattr(cls, "backward", scaled(cls.backward, 1))
    assert error(*case([ACTIVATIONS["tanh"]()] * depth, cls())) > TOLERANCE
