"""What a config is read from: values that know where they stand, so that an error can say it."""

from dataclasses import dataclass
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True)
class Item:
    """A value of a config and where it stands: ``runs.yaml:7`` or ``--lr``."""

    value: "Scalar | dict[str, Item] | list[Item]"
    place: str

    @property
    def plain(self) -> object:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: item.plain for key, item in self.value.items()}
        if isinstance(self.value, list):
            return [item.plain for item in self.value]
        return self.value

    @classmethod
    def of(cls, value: object, place: str) -> "Item":
        """A tree from plain values, all at one place."""
        if isinstance(value, dict):
            return cls({str(key): cls.of(v, place) for key, v in value.items()}, place)
        if isinstance(value, list | tuple):
            return cls([cls.of(v, place) for v in value], place)
        if value is None or isinstance(value, str | int | float):
            return cls(value, place)
        raise TypeError(f"{place}: no config has a value like {value!r}")
