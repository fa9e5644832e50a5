"""The reference knows every key, name and option."""

from dataclasses import fields

import pytest

from mlp_cli.config import Config
from mlp_cli.config.reference import TABLES, markdown


def row(start: str) -> list[str]:
    (line,) = [line for line in markdown().splitlines() if line.startswith(f"| {start}")]
    return line.replace("\\|", "¦").strip("| ").split(" | ")


@pytest.mark.parametrize("key", [spec.name for spec in fields(Config)])
def test_every_key_has_a_row(key: str) -> None:
    assert len(row(f"`{key}`")) == 4


@pytest.mark.parametrize(
    ("registry", "name"), [(registry, name) for _, registry, _ in TABLES for name in registry]
)
def test_every_option_has_a_row_with_its_aliases_and_keys(registry, name: str) -> None:
    cls = registry[name]
    line = " | ".join(row(f"`{name}`"))
    assert all(f"`{alias}`" in line for alias in cls.aliases)
    own = [spec.name for spec in fields(cls) if spec.name in cls.__annotations__]
    assert all(f"`{key}: " in line for key in own)


def test_a_row() -> None:
    assert row("`leaky_relu`") == [
        "`leaky_relu`",
        "f(z) = max(z, 0) + slope · min(z, 0) (Maas et al. 2013).",
        "`slope: 0.01` (a number >= 0 and < 1): slope below zero",
    ]
    assert row("`epochs`") == [
        "`epochs`",
        "`10`",
        "a whole number >= 1",
        "how often the training set is gone through",
    ]
    assert row("`mae`")[-1] == "`softmax`, `sigmoid`, `identity`"
