"""From a tree to a config: every key checked, and all faults found before any is reported."""

import difflib
import math
from collections.abc import Iterable
from dataclasses import MISSING
from typing import Any, TypeVar

import msgspec

from mlp_cli.config.fields import ALIASES, Key, keys
from mlp_cli.config.schema import Config
from mlp_cli.config.tree import Item
from mlp_cli.nn.options import Registry

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
                self._unknown(child, where, "key", word, spec)
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
        if kind == "key" and not path.count(".") and (section := _section_of(str(word))):
            self._problem(item, path, f"is no key here; did you mean {section}.{word}?", show=False)
            return
        near = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
        known = listed or known
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known) or 'none'}"
        what = "is no key" if kind == "key" else f"must name a known {kind}, got {_short(word)}"
        self._problem(item, path, f"{what}; {hint}", show=False)

    def _problem(self, item: Item, path: str, rule: str, show: bool = True) -> None:
        got = f", got {_short(item.plain)}" if show else ""
        self.problems.append(f"{item.place}: {path} {rule}{got}")


def named(item: Item) -> dict[str, Item]:
    """The keys of a short form made long: ``adam`` is ``{name: adam}``."""
    return item.value if isinstance(item.value, dict) else {"name": item}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


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
