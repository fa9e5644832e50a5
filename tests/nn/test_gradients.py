"""Every slope that the network computes is the one that central differences measure, in float64."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import references
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from slopes import KINKS, MARGIN, TOLERANCE, cost, relative_error, scaled

from mlp_cli.nn import ACTIVATIONS, LOSSES, OPTIMIZERS, Activation, Descent, Loss, Network
from mlp_cli.nn.activations import Elementwise

PAIRS = [(name, output) for name in LOSSES for output in LOSSES[name].outputs]
Case = tuple[Network, np.ndarray, np.ndarray]


def is_smooth(net: Network, x: np.ndarray, labels: np.ndarray) -> bool:
    """Whether no activation, absolute error, hinge or |W| is near its corner."""
    distances = [np.abs(net.theta)]
    a = x
    for f, W, b, p in zip(net.activations, net.W, net.b, net.p, strict=True):
        z = a @ W + b
        distances += [np.abs(z - kink) for kink in KINKS]
        a = np.empty_like(z)
        f.forward(z, a, p)
    right = Loss().targets(net.sizes[-1])[labels]
    margins = np.where(right == 1, 1, 1 + a - np.sum(a * right, axis=1, keepdims=True) - right)
    distances += [np.abs(a - right), np.abs(margins)]
    return min(d.min() for d in distances) > MARGIN


def case(
    hidden: Sequence[Activation], output: str, loss: Loss, dropout: Sequence[float] | None = None
) -> Case:
    """A small network and a batch for it, the first of a random row that is away from corners.

    Some of the batch are of no class.
    """
    sizes = (5, *[4] * len(hidden), 3)
    for seed in itertools.count():
        rng = np.random.default_rng(seed)
        net = Network(sizes, [*hidden, ACTIVATIONS[output]()], loss, dropout, np.float64)
        net.theta[:] = rng.normal(scale=0.7, size=net.theta.size)
        x, labels = rng.normal(size=(6, 5)), rng.permutation([0, 1, 2, 0, 1, 3])
        if is_smooth(net, x, labels):
            break
    return net, x, labels


def error(net: Network, x: np.ndarray, labels: np.ndarray) -> float:
    """How far backpropagation is from central differences, as a share of the gradient."""
    net.learn(x, labels)
    measured = references.gradient(lambda: cost(net, net.score(x, labels)[0]), net.theta)
    return relative_error(net.grad, measured)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_every_activation_loss_output_and_depth(
    name: str, depth: int, loss: str, output: str
) -> None:
    hidden = [ACTIVATIONS[name]()] * depth
    assert error(*case(hidden, output, LOSSES[loss]())) < TOLERANCE


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_no_hidden_layer(loss: str, output: str) -> None:
    assert error(*case([], output, LOSSES[loss]())) < TOLERANCE


@pytest.mark.parametrize("name", list(ACTIVATIONS))
@given(data=st.data())
@settings(max_examples=10)
def test_any_option_of_an_activation(name: str, data: st.DataObject) -> None:
    activation = data.draw(strategies.options(ACTIVATIONS[name]))
    assert error(*case([activation] * 2, "softmax", LOSSES["cross_entropy"]())) < TOLERANCE


@pytest.mark.parametrize(("name", "output"), PAIRS)
@given(data=st.data())
@settings(max_examples=10)
def test_any_option_of_a_loss(name: str, output: str, data: st.DataObject) -> None:
    loss = data.draw(strategies.options(LOSSES[name]))
    assert error(*case([ACTIVATIONS["tanh"]()], output, loss)) < TOLERANCE


@given(names=st.lists(st.sampled_from(list(ACTIVATIONS)), min_size=2, max_size=3))
@settings(max_examples=30)
def test_another_activation_in_each_layer(names: list[str]) -> None:
    hidden = [ACTIVATIONS[name]() for name in names]
    assert error(*case(hidden, "softmax", LOSSES["cross_entropy"]())) < TOLERANCE


@pytest.mark.parametrize(
    "dropout", [(0.3, 0, 0), (0, 0.5, 0), (0, 0, 0.4), (0.2, 0.5, 0.4)], ids=str
)
def test_dropout_of_the_input_and_of_each_layer(dropout: tuple[float, ...]) -> None:
    hidden = [ACTIVATIONS["tanh"](), ACTIVATIONS["sigmoid"]()]
    net, x, labels = case(hidden, "softmax", LOSSES["cross_entropy"](), dropout)

    def learn() -> float:
        return cost(net, net.learn(x, labels, np.random.default_rng(7))[0])

    assert learn() != cost(net, net.score(x, labels)[0])
    slopes = net.grad.copy()
    assert relative_error(slopes, references.gradient(learn, net.theta)) < TOLERANCE


@pytest.mark.parametrize(("weight_decay", "l1"), [(0.3, 0), (0, 0.2), (0.3, 0.2)])
def test_weight_decay_and_l1(weight_decay: float, l1: float) -> None:
    net, x, labels = case([ACTIVATIONS["prelu"]()], "softmax", LOSSES["cross_entropy"]())

    def penalised() -> float:
        W = net.theta[: net.n_weights]
        return cost(net, net.score(x, labels)[0]) + references.penalty(W, weight_decay, l1)

    measured = references.gradient(penalised, net.theta)
    start = net.theta.copy()
    net.learn(x, labels)
    rule = OPTIMIZERS["sgd"](weight_decay=weight_decay, l1=l1)
    Descent(rule, net.theta, net.n_weights).step(net.grad, lr=1.0, t=1)
    assert relative_error(start - net.theta, measured) < TOLERANCE


# What follows turns the check on itself: a slope that is 1 % wrong anywhere must not pass.


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_a_wrong_activation_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cls = ACTIVATIONS[name]
    method = "derivative" if issubclass(cls, Elementwise) else "backward"
    monkeypatch.setattr(cls, method, scaled(getattr(cls, method), 3))
    assert error(*case([cls()], "softmax", LOSSES["cross_entropy"]())) > TOLERANCE


@pytest.mark.parametrize("name", [n for n in ACTIVATIONS if ACTIVATIONS[n]().parameters(1).size])
def test_a_wrong_slope_of_what_an_activation_learns_is_caught(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cls = ACTIVATIONS[name]
    monkeypatch.setattr(cls, "backward", scaled(cls.backward, 6))
    assert error(*case([cls()], "softmax", LOSSES["cross_entropy"]())) > TOLERANCE


@pytest.mark.parametrize(("name", "output"), PAIRS)
def test_a_wrong_loss_is_caught(name: str, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cls = LOSSES[name]
    monkeypatch.setattr(cls, "slope", scaled(cls.slope, 3))
    assert error(*case([ACTIVATIONS["tanh"]()], output, cls())) > TOLERANCE


@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("kind", ["dW", "db"])
def test_a_wrong_layer_is_caught(kind: str, layer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    net, x, labels = case([ACTIVATIONS["tanh"]()] * 2, "softmax", LOSSES["cross_entropy"]())
    backward = net.backward

    def wrong(*args: Any) -> None:
        backward(*args)
        getattr(net, kind)[layer][:] *= 1.01

    monkeypatch.setattr(net, "backward", wrong)
    assert error(net, x, labels) > TOLERANCE
