"""The network that a config describes: its shape, what each layer does, how its weights start."""

import math

import numpy as np
import pytest

from mlp_cli.config import Config, build_network, from_plain, initialize
from mlp_cli.nn import NORMALIZERS, Network


def config(**keys: object) -> Config:
    return from_plain({"data": "mnist", **keys}, "here")


def started(inputs: int, **keys: object) -> Network:
    network = build_network(config(**keys), inputs, 10)
    initialize(network, config(**keys))
    return network


def test_sizes_follow_from_data_and_layers() -> None:
    assert build_network(config(layers=[30, 20]), 784, 10).sizes == (784, 30, 20, 10)
    assert build_network(config(layers=[]), 12, 3).sizes == (12, 3)


def test_one_activation_for_all_hidden_layers_or_one_each() -> None:
    def names(**keys: object) -> list[str]:
        return [f.name for f in build_network(config(layers=[5, 5], **keys), 8, 3).activations]

    assert names(activation="tanh", output="sigmoid") == ["tanh", "tanh", "sigmoid"]
    assert names(activation=["elu", "prelu"]) == ["elu", "prelu", "softmax"]


def test_dropout_of_the_input_and_of_each_hidden_layer() -> None:
    def dropout(**keys: object) -> tuple[float, ...]:
        return tuple(build_network(config(layers=[5, 5], **keys), 8, 3).dropout)

    assert dropout() == (0, 0, 0)
    assert dropout(dropout=0.25, input_dropout=0.125) == (0.125, 0.25, 0.25)
    assert dropout(dropout=[0.5, 0.25]) == (0, 0.5, 0.25)


def test_noise_of_the_input_and_of_each_hidden_layer() -> None:
    def noise(**keys: object) -> tuple[float, ...]:
        return tuple(build_network(config(layers=[5, 5], **keys), 8, 3).noise)

    assert noise() == (0, 0, 0)
    assert noise(noise=0.25, input_noise=0.125) == (0.125, 0.25, 0.25)
    assert noise(noise=[0.5, 0.25]) == (0, 0.5, 0.25)


@pytest.mark.parametrize("name", [None, *NORMALIZERS])
def test_the_norm_is_the_config_s(name: str | None) -> None:
    chosen = config(norm=name)
    assert build_network(chosen, 8, 3).norm is chosen.norm
    assert (chosen.norm and chosen.norm.name) == name


@pytest.mark.parametrize(
    ("activation", "variance"),
    [
        ("relu", 2 / 400),  # he
        ("tanh", 2 / (400 + 300)),  # glorot
        ("identity", 1 / 400),  # lecun
    ],
)
def test_weights_start_as_suits_the_activation(activation: str, variance: float) -> None:
    network = started(400, layers=[300], activation=activation)
    assert np.std(network.W[0]) == pytest.approx(math.sqrt(variance), rel=0.02)
    assert np.std(network.W[1]) == pytest.approx(math.sqrt(2 / (300 + 10)), rel=0.05)
    assert not any(b.any() for b in network.b)


def test_an_initialiser_of_ones_choice_is_for_all_layers() -> None:
    network = started(40, layers=[30], init={"name": "uniform", "limit": 3})
    for W in network.W:
        assert 2.8 < np.abs(W).max() <= 3
    assert not started(40, init="zeros").theta.any()


def test_weights_follow_from_the_seed() -> None:
    first, again = (started(40, seed=1).theta for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, started(40, seed=2).theta)


def test_dtype() -> None:
    assert build_network(config(), 40, 10).theta.dtype == np.float32
    assert build_network(config(), 40, 10, np.float64).theta.dtype == np.float64
