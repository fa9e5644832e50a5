"""From a file, a recipe's name and the command line's words to a config, and back to YAML.

A checkpoint holds its config as plain values, so only what reads or writes YAML imports it.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, TypeAlias

from mlp_cli.config.fields import ALIASES
from mlp_cli.config.item import Item
from mlp_cli.config.reader import Reader, named
from mlp_cli.config.rules import broken, unknown_data
from mlp_cli.config.schema import Config
from mlp_cli.errors import ConfigError, UsageError, did_you_mean
from mlp_cli.nn import Options
from mlp_cli.shipped import RECIPES

# A dotted key, the YAML text of its value, and where that was said.
Override: TypeAlias = tuple[str, str, str]


def recipes() -> dict[str, Path]:
    """The recipes that come with the program, by name."""
    return {path.stem: path for path in sorted(RECIPES.glob("*.yaml"))}


def find(config: str) -> Path:
    """The file of a config given by path or by a recipe's name.

    Raises:
        UsageError: there is neither.
    """
    if os.path.isfile(config):
        return Path(config)
    if config in recipes():
        return recipes()[config]
    if os.path.lexists(config):
        raise UsageError(
            f"{config}: is a folder, or no plain file; name a YAML file, or a recipe of "
            "`mlp config list`"
        )
    raise UsageError(
        f"{config}: there is no such config file, nor a recipe of that name; "
        f"{did_you_mean(config, recipes())}`mlp config list` names the recipes"
    )


def load(config: str, overrides: Iterable[Override] = ()) -> Config:
    """Read a config file or recipe, with what the command line says instead.

    Args:
        config: a path or a recipe's name.
        overrides: the later ones are the ones in force.

    Raises:
        ConfigError: with a line for each fault.
        UsageError: there is no such file or recipe, or it cannot be read.
    """
    from mlp_cli.config.tree import scan

    path = find(config)
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{config}: this config cannot be read: {error}") from error
    tree, problems = scan(text, config)
    return read(_with(tree, overrides), problems)


def from_plain(
    values: Mapping[str, Any], source: str, overrides: Iterable[Override] = ()
) -> Config:
    """A config from plain values, as ``to_plain`` gives them; overrides as for ``load``.

    Raises:
        ConfigError: with a line for each fault.
    """
    return read(_with(Item.of(dict(values), source), overrides))


def read(tree: Item, problems: Iterable[str] = ()) -> Config:
    """The config that a tree describes.

    Args:
        tree: the config's values.
        problems: the faults that were found on the way to the tree.

    Raises:
        ConfigError: with a line for each fault.
    """
    reader = Reader(problems)
    config = reader.section(Config, tree, "")
    data = _given(tree, "data.name").plain if isinstance(tree.value, dict) else None
    faults = broken(config) if config else unknown_data(data)
    told = [f"{_given(tree, key).place}: {fault}" for key, fault in faults]
    if config is None or told:
        raise ConfigError(reader.problems + told)
    return config


def _given(tree: Item, key: str) -> Item:
    """The value that was given at a dotted key, or the section around it."""
    name, _, rest = key.partition(".")
    if key and isinstance(tree.value, dict):
        for word, item in tree.value.items():
            if ALIASES.get(word, word) == name:
                return _given(item, rest)
    return tree


def _with(tree: Item, overrides: Iterable[Override]) -> Item:
    for key, value, place in overrides:
        if isinstance(tree.value, dict):
            from mlp_cli.config.tree import parse

            plain = parse(value, place).plain if value.strip() else None
            tree = _override(tree, key.split("."), Item.of(plain, place), key)
    return tree


def _override(tree: Item, path: list[str], value: Item, key: str) -> Item:
    """The tree with ``value`` at ``path``, sections in short form made long on the way."""
    items = {} if tree.value is None else named(tree)
    if isinstance(tree.value, list):
        raise ConfigError([f"{value.place}: {key} is inside a list; set the whole list"])
    name, *rest = path
    given = {ALIASES.get(word, word): word for word in items}
    old = given.get(ALIASES.get(name, name), name)
    child = _override(items.get(old, Item(None, value.place)), rest, value, key) if rest else value
    return Item({**items, old: child}, tree.place)


def to_plain(value: Any) -> Any:
    """A config, or a part of one, as plain values in long form."""
    if isinstance(value, Options):
        options = {spec.name: to_plain(getattr(value, spec.name)) for spec in fields(value)}
        return {"name": value.name, **options} if options else value.name
    if is_dataclass(value):
        return {spec.name: to_plain(getattr(value, spec.name)) for spec in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    return value


def to_yaml(config: Config | Mapping[str, Any]) -> str:
    """A config, or its plain values, as YAML with every value spelled out."""
    import yaml

    plain = to_plain(config)
    readable: str = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)
    if all(map(str.isprintable, readable.split("\n"))):
        return readable
    return yaml.safe_dump(plain, sort_keys=False)  # PyYAML writes some as if they ended a line
