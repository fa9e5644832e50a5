"""From a config to a network."""

from typing import cast

import numpy as np
from numpy.typing import DTypeLike

from mlp_cli.config.schema import Config
from mlp_cli.nn import INITIALIZERS, Activation, Network
from mlp_cli.nn.parameters import count_parameters
from mlp_cli.randomness import stream


def build_network(
    config: Config, inputs: int, classes: int, dtype: DTypeLike = np.float32
) -> Network:
    """The network that a config describes, all its parameters 0.

    Args:
        config: says the layers and what they do.
        inputs: pixels of an image.
        classes: outputs.
        dtype: of the parameters.
    """
    dropout = cast(tuple[float, ...], config.per_layer(config.dropout))
    noise = cast(tuple[float, ...], config.per_layer(config.noise))
    return Network(
        (inputs, *config.layers, classes),
        _activations(config),
        config.loss,
        dropout=(config.input_dropout, *dropout),
        dtype=dtype,
        noise=(config.input_noise, *noise),
        norm=config.norm,
    )


def count_parameters_of(config: Config, inputs: int, classes: int) -> int:
    """How many parameters that network has; none of them is made."""
    sizes = (inputs, *config.layers, classes)
    layers = zip(_activations(config), sizes[1:], strict=True)
    return count_parameters(sizes, tuple(len(f.parameters(n)) for f, n in layers))


def initialize(network: Network, config: Config) -> None:
    """Draw a network's weights as its config says, from the config's seed."""
    draws = [config.init or INITIALIZERS[f.init]() for f in network.activations]
    network.initialize(draws, stream(config.seed, "weights"))


def _activations(config: Config) -> tuple[Activation, ...]:
    """Of each layer, the output's last."""
    hidden = cast(tuple[Activation, ...], config.per_layer(config.activation))
    return (*hidden, config.output)
