"""The YAML that describes a training, declared once and explained to the user."""

from mlp_cli.config.build import build_network, count_parameters_of, initialize
from mlp_cli.config.load import Override, find, from_plain, load, recipes, to_plain, to_yaml
from mlp_cli.config.schema import Config

__all__ = [
    "Config",
    "Override",
    "build_network",
    "count_parameters_of",
    "find",
    "from_plain",
    "initialize",
    "load",
    "recipes",
    "to_plain",
    "to_yaml",
]
