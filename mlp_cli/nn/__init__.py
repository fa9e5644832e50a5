"""The network: a multilayer perceptron in NumPy, written to be read.

Read in this order: activations, rectifiers, losses, initializers, parameters, normalizers,
workspace, network, regularizers, optimizers, descent, schedules. Each option is a small
frozen dataclass in a registry, and what needs a list of them (the config, its reference, the
gradient checks) reads the registry.
"""

import mlp_cli.nn.rectifiers  # noqa: F401  (enters its activations in the registry)
from mlp_cli.nn.activations import ACTIVATIONS, Activation
from mlp_cli.nn.descent import Descent
from mlp_cli.nn.initializers import INITIALIZERS, Initializer
from mlp_cli.nn.losses import LOSSES, Loss
from mlp_cli.nn.network import Network
from mlp_cli.nn.normalizers import NORMALIZERS, Normalizer
from mlp_cli.nn.optimizers import OPTIMIZERS, Optimizer
from mlp_cli.nn.schedules import SCHEDULES, Moment, Schedule
from mlp_cli.options import Options, Registry, option

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "NORMALIZERS",
    "OPTIMIZERS",
    "SCHEDULES",
    "Activation",
    "Descent",
    "Initializer",
    "Loss",
    "Moment",
    "Network",
    "Normalizer",
    "Optimizer",
    "Options",
    "Registry",
    "Schedule",
    "option",
]
