"""How an option of the network is declared: a frozen dataclass whose fields carry their limits."""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Generic, TypeVar

LIMITS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "gt": (">", operator.gt),
    "ge": (">=", operator.ge),
    "lt": ("<", operator.lt),
    "le": ("<=", operator.le),
}


def option(default: Any, doc: str, **limits: float) -> Any:
    """A dataclass field with its meaning and its limits.

    Args:
        default: the value when none is given.
        doc: what it is, in a few words, for the config reference.
        **limits: bounds of a number, by ``gt``, ``ge``, ``lt`` or ``le``.
    """
    return field(default=default, metadata={"doc": doc, "limits": limits})


@dataclass(frozen=True)
class Options:
    """What a registry holds: a name and some numbers, checked as soon as they are set.

    Raises:
        ValueError: a number is beyond its limits.
    """

    name: ClassVar[str]
    aliases: ClassVar[tuple[str, ...]]

    def __post_init__(self) -> None:
        for spec in fields(self):
            value = getattr(self, spec.name)
            for limit, bound in spec.metadata.get("limits", {}).items():
                sign, holds = LIMITS[limit]
                if value is not None and not holds(value, bound):
                    raise ValueError(f"{self.name}.{spec.name} must be {sign} {bound}, got {value}")


T = TypeVar("T", bound=Options)


class Registry(Generic[T]):
    """The known options of one kind, by name; a class joins it with ``@REGISTRY.add(name)``."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._classes: dict[str, type[T]] = {}
        self._names: dict[str, str] = {}

    def add(self, name: str, *aliases: str) -> Callable[[type[T]], type[T]]:
        """Enter the decorated class under its name; its aliases lead to it too."""

        def enter(cls: type[T]) -> type[T]:
            cls.name, cls.aliases = name, aliases
            self._classes[name] = cls
            self._names.update(dict.fromkeys((name, *aliases), name))
            return cls

        return enter

    def __getitem__(self, name: str) -> type[T]:
        return self._classes[self._names[name]]

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    @property
    def known(self) -> tuple[str, ...]:
        """Every name and alias."""
        return tuple(self._names)
