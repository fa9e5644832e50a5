"""The YAML of a space: each key with its range or its choices, and all that is wrong with them."""

import json
import math
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from mlp_cli.config.fields import ALIASES
from mlp_cli.config.item import Item
from mlp_cli.config.space import Choice, Dimension, Range, Space
from mlp_cli.config.tree import scan
from mlp_cli.errors import ConfigError, did_you_mean

EXAMPLE = "optimizer.learning_rate: {low: 1e-4, high: 1e-2, log: true}"
MOST_STEPS = 1_000_000_000  # of a range
FORMS = "{low: …, high: …} or {choices: […]}"

# Keys that stay as they are in all trials, and why; data.deskew alone of data may differ.
FIXED = {
    "data": "trials are compared on the same examples",
    "seed": "it decides which examples are held out, and trials are compared on the same ones",
    "minutes": "trials are compared at the same epochs",
    "plots": "it changes nothing that is learned",
}


@dataclass(frozen=True)
class _Words:
    """What may be said of a key."""

    low: Item | None = None
    high: Item | None = None
    step: Item | None = None
    log: Item | None = None
    choices: Item | None = None


def read_space(text: str, source: str) -> tuple[Space, list[str]]:
    """The keys to search and their values, and a line for each fault; arguments as for ``scan``.

    Raises:
        ConfigError: the text is not YAML, or no mapping.
    """
    tree, problems = scan(text, source)
    if not isinstance(tree.value, dict) or not tree.value:
        rule = f"a space must be a mapping of keys of the config, such as {EXAMPLE}"
        raise ConfigError([*problems, f"{source}: {rule}"])
    space: dict[str, Dimension] = {}
    for word, item in tree.value.items():
        key = whole_key(word)
        try:
            if key in space:
                raise _FaultError(f"is {key} again; keep one")
            space[key] = _dimension(key, item)
        except _FaultError as fault:
            problems.append(f"{item.place}: {word} {fault}")
    return tuple(space.values()), problems


def whole_key(word: str) -> str:
    """A key with its names written out: optimizer.learning_rate for optimizer.lr."""
    return ".".join(ALIASES.get(part, part) for part in word.split("."))


class _FaultError(Exception):
    """What is wrong with a key."""


def _dimension(key: str, item: Item) -> Dimension:
    top = key.partition(".")[0]
    if top in FIXED and key != "data.deskew":
        raise _FaultError(f"cannot be searched: {FIXED[top]}")
    if not isinstance(item.value, dict):
        raise _FaultError(f"must be {FORMS}, got {json.dumps(item.plain)}")
    known = [spec.name for spec in fields(_Words)]
    for word in item.value:
        if word not in known:
            hint = did_you_mean(word, known).rstrip() or f"it must be {FORMS}"
            raise _FaultError(f"has no {word}; {hint}")
    words = _Words(**item.value)
    if words.choices is None:
        return _range(key, words, item.place)
    if len(item.value) > 1:
        raise _FaultError("has choices and a range; keep one")
    return _choice(key, words.choices)


def _choice(key: str, item: Item) -> Choice:
    if not isinstance(item.value, list) or not item.value:
        raise _FaultError(f"choices must be a list in brackets, got {json.dumps(item.plain)}")
    points = tuple(json.dumps(child.plain) for child in item.value)
    for i, point in enumerate(points):
        if point in points[:i]:
            raise _FaultError(f"has the choice {point} twice; keep one")
    return Choice(key, points, tuple(child.place for child in item.value))


def _range(key: str, words: _Words, place: str) -> Range:
    low, high, step = (_number(name, getattr(words, name)) for name in ("low", "high", "step"))
    log = words.log.value if words.log else False
    if low is None or high is None:
        raise _FaultError(f"must be {FORMS}")
    if not isinstance(log, bool):
        raise _FaultError(f"log must be true or false, got {json.dumps(log)}")
    if low >= high:
        raise _FaultError(f"low must be below high, got {low} and {high}")
    if log and step is not None:
        raise _FaultError("has log and step; keep one")
    if log and low <= 0:
        raise _FaultError(f"low must be > 0 where log is true, got {low}")
    if not all(isinstance(number, int) for number in (low, high, step or 1)):
        low, high = float(low), float(high)
    found = Range(key, low, high, step, log, place)
    if step is not None:
        if step <= 0:
            raise _FaultError(f"step must be > 0, got {step}")
        if found.steps(step) > MOST_STEPS:
            raise _FaultError(f"has more than {MOST_STEPS:,} steps; leave step out")
        top = Decimal(str(low)) + found.steps(step) * Decimal(str(step))
        if top != Decimal(str(high)):
            raise _FaultError(
                f"high must be whole steps above low, got {high}; the last one is at {top}"
            )
    return found


def _number(name: str, item: Item | None) -> Any:
    """A number, or None where there is none."""
    if item is None:
        return None
    value = item.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _FaultError(f"{name} must be a number, got {json.dumps(item.plain)}")
    return value
