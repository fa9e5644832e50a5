"""The YAML that describes a training, declared once and explained to the user."""

from mlp_cli.config.build import build_network, initialize
from mlp_cli.config.load import find, from_plain, load, override, recipes, to_plain, to_yaml
from mlp_cli.config.schema import Config

__all__ = [
    "Config",
    "build_network",
    "find",
    "from_plain",
    "initialize",
    "load",
    "override",
    "recipes",
    "to_plain",
    "to_yaml",
]
