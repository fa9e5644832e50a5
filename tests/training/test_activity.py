"""Neurons that no longer do anything are found by what they give and by their slopes."""

import numpy as np
import pytest
from toys import toy_config, toy_dataset

from mlp_cli.data.split import Split
from mlp_cli.training.activity import LOOKED_AT, activities, some, weight_slopes
from mlp_cli.training.loop import Trainer

DATA = toy_dataset()


def network(**keys):
    trainer = Trainer(toy_config(batch_size=10, **keys), DATA)
    list(trainer.fit())
    return trainer.network.folded()


def test_outputs_are_the_networks_also_with_its_norm_folded():
    net = network(layers=[6, 5], norm="batch", activation="tanh")
    x, _ = some(DATA.train)
    for layer, a in zip(activities(net, x), net.layer_outputs(x), strict=True):
        assert layer.a == pytest.approx(a, abs=1e-6)


@pytest.mark.parametrize("f", ["sigmoid", "tanh", "sqnl", "arctan", "prelu", "gelu"])
def test_slopes_are_those_of_the_activation(f):
    net = network(layers=[6], activation=f)
    x, _ = some(DATA.train)
    hidden, output = activities(net, x)
    z = net.layer_sums(x)[0].astype(float)
    h = 1e-3
    sides = []
    for moved in (z - h, z + h):
        a = np.empty_like(moved)
        net.activations[0].forward(moved, a, net.p[0].astype(float))
        sides.append(a)
    smooth = np.abs(z) > h  # prelu has a kink at 0
    slopes = (sides[1] - sides[0]) / (2 * h)
    assert hidden.slopes[smooth] == pytest.approx(slopes[smooth], abs=1e-2)
    assert output.slopes is None
    assert output.saturated is None


@pytest.mark.parametrize("f", ["sigmoid", "sqnl"])
def test_units_far_out_are_saturated(f):
    net = network(layers=[6], activation=f)
    net.W[0][:] = np.random.default_rng(0).normal(0, 0.1, net.W[0].shape)
    net.b[0][:] = [0, 12, -12, 0, 0, 12]
    layer, _ = activities(net, some(DATA.train)[0])
    assert layer.saturated == 3
    assert layer.dead == (3 if f == "sqnl" else 0)  # which is flat beyond 2


def test_a_dead_unit_is_saturated_too():
    net = network(layers=[6], activation="relu")
    net.b[0][:] = 100
    net.b[0][2] = -1000
    layer, _ = activities(net, some(DATA.train)[0])
    assert (layer.dead, layer.saturated) == (1, 1)


def test_a_slope_that_is_flat_for_nearly_all_counts_and_for_some_does_not():
    net = network(layers=[2], activation="relu")
    rng = np.random.default_rng(0)
    examples = Split(rng.integers(0, 256, (1000, 20), np.uint8), rng.integers(0, 3, 1000))
    x, _ = some(examples)
    heights = np.sort(x @ net.W[0], axis=0)
    net.b[0][0] = -heights[-6, 0]  # five of a thousand are above
    net.b[0][1] = -heights[-51, 1]
    assert activities(net, x)[0].saturated == 1


def test_a_thousand_are_looked_at_and_fewer_where_there_are_fewer():
    assert len(some(DATA.train)[0]) == len(DATA.train)
    many = toy_dataset(train=LOOKED_AT + 5).train
    x, labels = some(many)
    assert len(x) == len(labels) == LOOKED_AT


def test_slopes_of_the_weights_are_the_networks():
    net = network(layers=[4])
    x, labels = some(DATA.train)
    found = weight_slopes(net, x, labels)
    net.learn(x, labels)
    assert all(np.array_equal(a, b) for a, b in zip(found, net.dW, strict=True))
    assert found[0] is not net.dW[0]
