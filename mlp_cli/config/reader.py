"""From a tree to a config: every key checked, and all faults found before any is reported."""

import difflib
import math
from collections.abc import Iterable
from dataclasses import MISSING
from typing import Any

import msgspec

from mlp_cli.config.fields import ALIASES, Key, keys
from mlp_cli.config.tree import Item
from mlp_cli.nn.options import Registry


class Reader:
    """Turns items into sections and options; ``problems`` has a line for each fault."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def section(self, cls: type, item: Item, path: str) -> Any:
        """An instance of a section's dataclass, or None where something is wrong with it."""
        spec = keys(cls)
        if not isinstance(item.value, dict):
            self._problem(item, path or "a config", "must be a mapping of keys to values")
            return None
        given = self._canonical(spec, item.value, path)
        values = {}
        for name, key in spec.items():
            where = _join(path, name)
            if name in given:
                values[name] = self._value(key, given[name], where)
            elif key.default is MISSING:
                self._problem(item, where, "is missing", show=False)
        if len(self.problems) == 0:
            return cls(**values)
        return None

    def _canonical(
        self, spec: dict[str, Key], given: dict[str, Item], path: str
    ) -> dict[str, Item]:
        """The given items under their keys' canonical names."""
        found: dict[str, Item] = {}
        for word, item in given.items():
            name = ALIASES.get(word, word)
            if name not in spec:
                self._unknown(item, _join(path, word), "key", word, spec)
            elif name in found:
                self._problem(item, _join(path, word), f"is {name} again; keep one", show=False)
            else:
                found[name] = item
        return found

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
            return self.section(key.group, named(item) if "name" in keys(key.group) else item, path)
        return self._leaf(key, item, path)

    def _choice(self, key: Key, registry: "Registry[Any]", item: Item, path: str) -> Any:
        """An option by name, with its own keys beside the name."""
        item = named(item)
        if not isinstance(item.value, dict):
            self._problem(item, path, f"must be {key.rule}")
            return None
        inner = dict(item.value)
        name = inner.pop("name", None)
        if name is None:
            name = Item(key.default.name, item.place) if key.default else Item(None, item.place)
        word = name.value
        known = [n for n in registry.known if registry[n].name in key.choices]
        if not isinstance(word, str) or word not in known:
            self._unknown(name, path, registry.kind, word, known, key.choices)
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

    def _unknown(
        self,
        item: Item,
        path: str,
        kind: str,
        word: object,
        known: Iterable[str],
        listed: Iterable[str] = (),
    ) -> None:
        near = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
        known = listed or known
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known) or 'none'}"
        what = "is no key" if kind == "key" else f"must name a known {kind}, got {word!r}"
        self._problem(item, path, f"{what}; {hint}", show=False)

    def _problem(self, item: Item, path: str, rule: str, show: bool = True) -> None:
        got = f", got {_short(item.plain)}" if show else ""
        self.problems.append(f"{item.place}: {path} {rule}{got}")


def named(item: Item) -> Item:
    """The long form of a short one: ``adam`` is ``{name: adam}``."""
    return item if isinstance(item.value, dict) else Item({"name": item}, item.place)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
