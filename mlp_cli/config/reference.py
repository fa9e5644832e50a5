"""The config reference, docs/config.md, from the same declarations that configs are read by."""

from collections.abc import Iterable, Iterator
from dataclasses import MISSING
from typing import Any

from mlp_cli.config.fields import ALIASES, Key, keys
from mlp_cli.config.jsonschema import summary
from mlp_cli.config.load import to_plain
from mlp_cli.config.schema import Config
from mlp_cli.config.starter import flow
from mlp_cli.data.augment import AUGMENTATIONS, Augmentation
from mlp_cli.nn import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    NORMALIZERS,
    OPTIMIZERS,
    SCHEDULES,
    Activation,
    Initializer,
    Loss,
    Normalizer,
    Optimizer,
    Options,
    Registry,
    Schedule,
)

TABLES: tuple[tuple[str, Registry[Any], type[Options]], ...] = (
    ("Augmentations", AUGMENTATIONS, Augmentation),
    ("Activations", ACTIVATIONS, Activation),
    ("Normalisers", NORMALIZERS, Normalizer),
    ("Losses", LOSSES, Loss),
    ("Initialisers", INITIALIZERS, Initializer),
    ("Optimizers", OPTIMIZERS, Optimizer),
    ("Schedules", SCHEDULES, Schedule),
)
TITLES = {registry.kind: title for title, registry, _ in TABLES}


def markdown() -> str:
    """A table of the keys, and one for each kind of option that they choose from."""
    parts = [_table(("key", "default", "values", "meaning"), _key_rows(Config, ""))]
    for title, registry, base in TABLES:
        parts += [f"### {title}", *_options(registry, base)]
    return "\n\n".join(parts)


def _key_rows(cls: type, path: str) -> Iterator[list[str]]:
    """A row for each key, and after a section's a row for each key in it."""
    for name, key in keys(cls).items():
        words = [name, *(alias for alias, of in ALIASES.items() if of == name)]
        default = "" if key.default is MISSING else _code([_short(key.default)])
        yield [_code([path + word for word in words]), default, _values(key), key.doc]
        if key.group is not None:
            yield from _key_rows(key.group, f"{path}{name}.")


def _values(key: Key) -> str:
    """What may be chosen for a key."""
    rule = key.rule
    if key.registry is not None:
        title = TITLES[key.registry.kind]
        rule = _code(key.only) or f"one of the [{title.lower()}](#{title.lower()})"
    return f"{rule}, or a list of one for each hidden layer" if key.each else rule


def _options(registry: "Registry[Any]", base: type[Options]) -> Iterator[str]:
    """What all options of a kind have in common, and a table of them."""
    shared = keys(base)
    if shared:
        yield "Each has these keys, with these defaults unless its row says otherwise:"
        yield "\n".join(f"- {_described(key)}" for key in shared.values())
    columns = ["name", "what it is", "keys of its own", "outputs"]
    rows = [list(_option_row(registry[name], shared)) for name in registry]
    used = len(columns) if base is Loss else len(columns) - 1
    yield _table(columns[:used], [row[:used] for row in rows])


def _option_row(cls: type[Options], shared: dict[str, Key]) -> Iterator[str]:
    yield _code([cls.name, *cls.aliases])
    yield summary(cls)
    yield "<br>".join(_described(k) for k in keys(cls).values() if shared.get(k.name) != k)
    yield _code(getattr(cls, "outputs", ()))


def _described(key: Key) -> str:
    return f"`{key.name}: {_short(key.default)}` ({key.rule}): {key.doc}"


def _short(value: Any) -> str:
    """A value as a config would say it in the fewest words."""
    return value.name if isinstance(value, Options) else flow(to_plain(value))


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    head = list(columns)
    return "\n".join(map(_line, [head, ["---"] * len(head), *rows]))


def _line(cells: Iterable[str]) -> str:
    inside = " | ".join(cell.replace("|", r"\|") for cell in cells)
    return f"| {inside} |"
