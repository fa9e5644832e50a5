"""What a sweep searches: keys of a config, each with a range or with choices."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from mlp_cli.config.load import Override


@dataclass(frozen=True)
class Range:
    """Numbers from low to high, or each step of them; whole ones if what is said of them is."""

    key: str
    low: float
    high: float
    step: float | None
    log: bool
    place: str

    @property
    def whole(self) -> bool:
        """Whether all its numbers are whole."""
        return isinstance(self.low, int)

    @property
    def count(self) -> int | None:
        """How many values it has; None if they are not to be told apart."""
        step = self.step or (1 if self.whole else None)
        return None if step is None else self.steps(step) + 1

    def point(self, index: int) -> str:
        """One of them as YAML."""
        return self.text(self.low + index * (self.step or 1))

    def steps(self, step: float) -> int:
        """How many steps lie between low and high."""
        return int((Decimal(str(self.high)) - Decimal(str(self.low))) / Decimal(str(step)))

    def text(self, value: float) -> str:
        """A value as YAML, with no more decimals than the steps have."""
        if self.whole:
            return str(round(value))
        if self.step is None:
            return json.dumps(float(value))
        low, step = Decimal(str(self.low)), Decimal(str(self.step))
        return str(float(low + step * round((value - self.low) / self.step)))

    @property
    def tried(self) -> list[Override]:
        """Its extremes."""
        return [(self.key, self.text(value), self.place) for value in (self.low, self.high)]


@dataclass(frozen=True)
class Choice:
    """Some values, each as YAML on one line, and where each was said."""

    key: str
    points: tuple[str, ...]
    places: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.points)

    def point(self, index: int) -> str:
        """One of them as YAML."""
        return self.points[index]

    def text(self, value: str) -> str:
        """A value as YAML, which it is.

        Raises:
            ValueError: it is none of the choices.
        """
        return self.points[self.points.index(value)]

    @property
    def tried(self) -> list[Override]:
        """All of them."""
        pairs = zip(self.points, self.places, strict=True)
        return [(self.key, point, place) for point, place in pairs]


Dimension: TypeAlias = Range | Choice
Space: TypeAlias = tuple[Dimension, ...]
