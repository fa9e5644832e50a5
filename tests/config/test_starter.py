"""The starter says every default, explains it, and is a config itself."""

from dataclasses import fields

from mlp_cli.config import Config
from mlp_cli.config.load import read
from mlp_cli.config.starter import defaults, starter
from mlp_cli.config.tree import parse


def test_it_comes_to_the_defaults() -> None:
    assert read(parse(starter(), "config.yaml")) == defaults()
    assert defaults() == read(parse("data: mnist-5k", "a.yaml"))


def test_it_spells_out_every_key_under_a_comment() -> None:
    lines = starter().splitlines()
    for key in ("learning_rate", "limit", "warmup", *(spec.name for spec in fields(Config))):
        (at,) = [i for i, line in enumerate(lines) if line.strip().startswith(f"{key}:")]
        assert lines[at - 1].lstrip().startswith("# ")


def test_a_comment_gives_the_meaning_and_the_limits() -> None:
    assert "# how often the training set is gone through (a whole number >= 1)\nepochs: 10\n" in (
        starter()
    )
    assert max(map(len, starter().splitlines())) <= 100
