"""The JSON Schema and the reader agree on every config, right or wrong."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import configs
from mlp_cli.config import Config, recipes, to_plain
from mlp_cli.config.fields import ALIASES
from mlp_cli.config.item import Item
from mlp_cli.config.jsonschema import json_schema
from mlp_cli.config.reader import Reader
from mlp_cli.config.tree import parse

VALIDATOR = Draft202012Validator(json_schema())

# No 1.0: to JSON Schema it is a whole number, and to the reader it is not.
VALUES = [None, True, "", "adam", "relu", "all", -1, 0, 1, 0.5, 1.5, [], [1], [0.5], ["tanh"], {}]
MAPPINGS = [{"name": "step"}, {"learning_rate": 2}, {"patience": 1}, {"name": "hinge", "x": 1}]
JUNK = st.sampled_from([*VALUES, *MAPPINGS]).map(deepcopy)  # a mutation may change it


def reads(plain: Any) -> bool:
    reader = Reader()
    reader.section(Config, Item.of(plain, "here"), "")
    return not reader.problems


def places(plain: Any) -> list[tuple[Any, Any]]:
    """Every container in a tree with every key or index of it."""
    inside = plain.items() if isinstance(plain, dict) else enumerate(plain)
    found = []
    for key, value in inside:
        found.append((plain, key))
        if isinstance(value, dict | list):
            found += places(value)
    return found


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A right config, changed in one or two places."""
    plain = to_plain(draw(configs.configs()))
    for _ in range(draw(st.integers(1, 2))):
        container, key = draw(st.sampled_from(places(plain)))
        if isinstance(container, list):
            container[key] = draw(JUNK)
            continue
        match draw(st.sampled_from(["replace", "remove", "rename", "add", "add alias"])):
            case "replace":
                container[key] = draw(JUNK)
            case "remove":
                del container[key]
            case "rename":
                aliases = [alias for alias, name in ALIASES.items() if name == key]
                container[draw(st.sampled_from([*aliases, "nmae"]))] = container.pop(key)
            case "add":
                container[draw(st.sampled_from(["slope", "final", "every"]))] = draw(JUNK)
            case "add alias":
                container[draw(st.sampled_from(list(ALIASES)))] = draw(JUNK)
        if not plain:
            break
    return plain


def test_it_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("recipe", recipes())
def test_every_recipe_obeys_it(recipe: str) -> None:
    VALIDATOR.validate(parse(recipes()[recipe].read_text("utf-8"), recipe).plain)


@given(configs.configs())
def test_every_right_config_obeys_it(config: Config) -> None:
    VALIDATOR.validate(to_plain(config))


@given(mutated())
def test_it_refuses_what_the_reader_refuses_and_nothing_else(plain: Any) -> None:
    assert VALIDATOR.is_valid(plain) == reads(plain)


@pytest.mark.parametrize(
    "plain",
    [
        {"data": "mnist", "optimizer": {"lr": 1}},
        {"data": {"name": "mnist"}, "hidden": []},
        {"data": "mnist", "activation": ["tanh", {"name": "parametric_relu"}, {}]},
        {"data": "mnist", "loss": {"name": "squared"}, "early_stopping": {}},
    ],
)
def test_short_forms_and_other_words(plain: Any) -> None:
    VALIDATOR.validate(plain)
    assert reads(plain)


def test_it_tells_editors_what_a_key_means() -> None:
    properties = json_schema()["properties"]
    assert properties["epochs"] == {
        "description": "how often the training set is gone through",
        "type": "integer",
        "minimum": 1,
        "default": 10,
    }
    assert properties["hidden"]["description"] == "another word for layers"
    assert "default" not in properties["data"]
