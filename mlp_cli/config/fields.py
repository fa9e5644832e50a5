"""How a key of the config is declared, and what that declaration says in words."""

import functools
import operator
import types
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from mlp_cli.options import LIMITS, Registry

KINDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}


def setting(
    default: Any = MISSING,
    doc: str = "",
    *,
    registry: "Registry[Any] | None" = None,
    only: tuple[str, ...] = (),
    each: bool = False,
    **limits: float,
) -> Any:
    """A dataclass field that is a key of the config.

    Args:
        default: its value when the config does not say; without one the key must be given.
        doc: what it is, in a few words.
        registry: where the value is chosen from by name.
        only: the names of the registry that may be chosen, where not all may.
        each: may be a list with a value for each hidden layer.
        **limits: bounds of a number, by ``gt``, ``ge``, ``lt`` or ``le``.
    """
    metadata = {
        "doc": doc,
        "limits": limits,
        "registry": registry,
        "only": only,
        "each": each,
    }
    return field(default=default, metadata=metadata)


# Other names of keys, wherever they stand.
ALIASES = {"lr": "learning_rate", "hidden": "layers"}


@dataclass(frozen=True)
class Key:
    """One key of a config section, read from its dataclass field."""

    name: str
    type: Any
    default: Any
    doc: str
    limits: dict[str, float]
    registry: "Registry[Any] | None"
    only: tuple[str, ...]
    each: bool

    @property
    def group(self) -> type | None:
        """The dataclass of the section behind this key, where it is one."""
        if self.registry is not None:
            return None
        candidates = [self.type, *get_args(self.type)]
        return next((c for c in candidates if isinstance(c, type) and is_dataclass(c)), None)

    @property
    def choices(self) -> tuple[str, ...]:
        """The canonical names that may be chosen."""
        return self.only or tuple(self.registry or ())

    @functools.cached_property
    def checked(self) -> Any:
        """The type with its limits, as msgspec checks it."""
        return _limited(self.type, self.limits)

    @property
    def rule(self) -> str:
        """What a value must be, in words."""
        if self.registry is None and self.group is None:
            return describe(self.type, self.limits)
        names = keys(self.group) if self.group else self.choices
        rule = f"{'a mapping of' if self.group else 'one of'} {', '.join(names)}"
        return f"{rule}, or null" if self.default is None else rule


def _limited(kind: Any, limits: dict[str, Any]) -> Any:
    """``kind`` with the limits on every number in it."""
    if not limits:
        return kind
    if kind in (int, float):
        return Annotated[kind, msgspec.Meta(**limits)]
    if get_origin(kind) is tuple:
        return types.GenericAlias(tuple, (_limited(get_args(kind)[0], limits), ...))
    if isinstance(kind, types.UnionType) or get_origin(kind) is Union:
        return functools.reduce(operator.or_, (_limited(arg, limits) for arg in get_args(kind)))
    return kind


def describe(kind: Any, limits: dict[str, float]) -> str:
    """A type and its limits in words: ``a number > 0``."""
    if kind in (int, float):
        bounds = [f"{LIMITS[name][0]} {bound:,}" for name, bound in limits.items()]
        return " ".join([KINDS[kind], " and ".join(bounds)]).strip()
    if kind in KINDS:
        return KINDS[kind]
    if get_origin(kind) is Literal:
        return " or ".join(map(str, get_args(kind)))
    if get_origin(kind) is tuple:
        inner = describe(get_args(kind)[0], limits)
        return f"a list in brackets, each {inner}"
    kinds = [a for a in get_args(kind) if not (a is int and float in get_args(kind))]
    return " or ".join("null" if a is type(None) else describe(a, limits) for a in kinds)


def keys(cls: type) -> dict[str, Key]:
    """The keys of a section, by canonical name, in the order of declaration."""
    return {key.name: key for key in _keys(cls)}


def _keys(cls: type) -> Iterator[Key]:
    hints = get_type_hints(cls)
    for spec in fields(cls):
        meta = spec.metadata
        each = meta.get("each", False)
        hint = hints[spec.name]
        yield Key(
            name=spec.name,
            type=get_args(hint)[0] if each else hint,
            default=spec.default,
            doc=meta["doc"],
            limits=meta["limits"],
            registry=meta.get("registry"),
            only=meta.get("only", ()),
            each=each,
        )
