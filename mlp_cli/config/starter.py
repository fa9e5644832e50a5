"""A config to start from: every key with its default, and above it what it means."""

import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from mlp_cli.config.fields import Key, keys
from mlp_cli.config.load import Override, from_plain, to_plain
from mlp_cli.config.schema import Config
from mlp_cli.nn import Options

WIDTH = 100
HEAD = """\
# Every key of a config. All but data may be left out, and are then as they are here.
"""


def defaults(overrides: Iterable[Override] = ()) -> Config:
    """The config with the default of every key, on the digits that come with the program."""
    return from_plain({"data": "mnist-5k"}, "the defaults", overrides)


def starter() -> str:
    """The defaults as YAML, each key under a comment with its meaning and its limits."""
    return HEAD + "".join(f"{line}\n" for line in _section(defaults(), ""))


def _section(values: Any, indent: str) -> Iterator[str]:
    """The lines of a section's keys; between the topmost ones a line is left empty."""
    for name, key in keys(type(values)).items():
        if not indent:
            yield ""
        yield from _comment(key, indent)
        yield from _entry(name, getattr(values, name), indent)


def _entry(name: str, value: Any, indent: str) -> Iterator[str]:
    """A key with its value: beneath it where that has keys of its own, else beside it."""
    plain = to_plain(value)
    if not isinstance(plain, dict):
        yield f"{indent}{name}: {flow(plain)}"
        return
    yield f"{indent}{name}:"
    if isinstance(value, Options):
        yield f"{indent}  name: {value.name}"
    yield from _section(value, f"{indent}  ")


def _comment(key: Key, indent: str) -> list[str]:
    each = ", or a list of one for each hidden layer" if key.each else ""
    start = f"{indent}# "
    text = f"{key.doc} ({key.rule}{each})"
    return textwrap.wrap(text, WIDTH, initial_indent=start, subsequent_indent=start)


def flow(value: object) -> str:
    """A value on one line: text as it is, all else as JSON, which YAML includes."""
    return value if isinstance(value, str) else json.dumps(value)
