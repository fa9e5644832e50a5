"""From a tree to a config: every key checked, and all faults found before any is reported."""

import math
from collections.abc import Iterable
from dataclasses import MISSING
from typing import Any, TypeVar

import msgspec

from mlp_cli.config.fields import ALIASES, Key, keys
from mlp_cli.config.item import Item
from mlp_cli.config.schema import Config
from mlp_cli.errors import did_you_mean
from mlp_cli.options import Registry

T = TypeVar("T")


class Reader:
    """Turns items into sections and options; ``problems`` has a line for each fault."""

    def __init__(self, problems: Iterable[str] = ()) -> None:
        self.problems = list(problems)

    def section(self, cls: type[T], item: Item, path: str) -> T | None:
        """An instance of a section's dataclass, or None where something is wrong with it."""
        if not isinstance(item.value, dict):
            self._problem(item, path or "a config", "must be a mapping of keys to values")
            return None
        spec = keys(cls)
        values: dict[str, Any] = {}
        for word, child in item.value.items():
            name, where = ALIASES.get(word, word), _join(path, word)
            if name not in spec:
                self._unknown_key(child, where, word, spec)
            elif name in values:
                self._problem(child, where, f"is {name} again; keep one", show=False)
            else:
                values[name] = self._value(spec[name], child, _join(path, name))
        for name, key in spec.items():
            if name not in values and key.default is MISSING:
                self._problem(item, _join(path, name), "is missing", show=False)
        return None if self.problems else cls(**values)

    def _value(self, key: Key, item: Item, path: str) -> Any:
        if key.each and isinstance(item.value, list):
            return tuple(
                self._one(key, child, f"{path}[{i}]") for i, child in enumerate(item.value)
            )
        return self._one(key, item, path)

    def _one(self, key: Key, item: Item, path: str) -> Any:
        if item.value is None and key.default is None:
            return None
        if key.registry is not None:
            return self._choice(key, key.registry, item, path)
        if key.group is not None:
            if "name" in keys(key.group):
                item = Item(named(item), item.place)
            return self.section(key.group, item, path)
        return self._leaf(key, item, path)

    def _choice(self, key: Key, registry: "Registry[Any]", item: Item, path: str) -> Any:
        """An option by name, with its own keys beside the name."""
        inner = dict(named(item))
        usual = key.default.name if key.default else None
        name = inner.pop("name", Item(usual, item.place))
        word = name.plain
        known = [n for n in registry.known if registry[n].name in key.choices]
        if not isinstance(word, str) or word not in known:
            hint = _hint(str(word), known, key.choices)
            rule = f"must name a known {registry.kind}, got {_short(word)}; {hint}"
            self._problem(name, path, rule, show=False)
            return None
        return self.section(registry[word], Item(inner, item.place), path)

    def _leaf(self, key: Key, item: Item, path: str) -> Any:
        try:
            value = msgspec.convert(item.plain, key.checked)
        except msgspec.ValidationError:
            value = None
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            self._problem(item, path, f"must be {key.rule}")
        return value

    def _unknown_key(self, item: Item, path: str, word: str, spec: Iterable[str]) -> None:
        section = None if "." in path else _section_of(word)
        if section is not None:
            rule = f"is no key here; did you mean {section}.{word}?"
        else:
            known = {*spec, *(alias for alias, name in ALIASES.items() if name in spec)}
            rule = f"is no key; {_hint(word, sorted(known), spec)}"
        self._problem(item, path, rule, show=False)

    def _problem(self, item: Item, path: str, rule: str, show: bool = True) -> None:
        got = f", got {_short(item.plain)}" if show else ""
        self.problems.append(f"{item.place}: {path} {rule}{got}")


def named(item: Item) -> dict[str, Item]:
    """The keys of a short form made long: ``adam`` is ``{name: adam}``."""
    return item.value if isinstance(item.value, dict) else {"name": item}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _hint(word: str, known: Iterable[str], listed: Iterable[str]) -> str:
    """The nearest of the known words, or a list of those worth naming."""
    return did_you_mean(word, known).rstrip() or f"known: {', '.join(listed) or 'none'}"


def _section_of(word: str) -> str | None:
    """The section that has a key of this name, where the whole config has none."""
    name = ALIASES.get(word, word)
    for key in keys(Config).values():
        classes = [key.registry[n] for n in key.choices] if key.registry else [key.group]
        if any(name in keys(cls) for cls in classes if cls):
            return key.name
    return None


def _short(value: object) -> str:
    if value is None or isinstance(value, bool):
        return str(value).lower().replace("none", "null")
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
