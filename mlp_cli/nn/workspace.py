"""Every buffer of a batch's size that a step writes to, made once."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlp_cli.nn.activations import Activation
from mlp_cli.nn.normalizers import Normalizer
from mlp_cli.nn.types import Floats


@dataclass(frozen=True)
class Workspace:
    """Buffers for batches of one size; lists have one entry a layer."""

    z: list[Floats]  # z[i] (B, n_i) sums of the hidden layers
    a: list[Floats]  # a[i] (B, n_i) activations; the same buffer as z[i] where f works in place
    delta: list[Floats]  # delta[i] (B, n_i) ∂cost/∂a[i], then ∂cost/∂z[i]; the last is the output's
    scratch: list[Floats]  # scratch[i] (B, n_i) views of one buffer
    mask: list[Floats | None]  # mask[i] (B, n_in) dropout of what enters layer i
    entered: list[Floats | None]  # entered[i] (B, n_in) what noise and dropout left of it
    normed: list[Floats]  # normed[i] (B, n_i) normalised sums, before the biases
    ones: Floats  # (B,) so that ones @ delta sums over the batch
    scale: dict[int, Floats] = field(default_factory=dict)  # what made layer i's sums normed

    @classmethod
    def allocate(
        cls,
        batch: int,
        sizes: tuple[int, ...],
        activations: tuple[Activation, ...],
        dropout: tuple[float, ...],
        noise: tuple[float, ...],
        norm: Normalizer | None,
        dtype: DTypeLike,
    ) -> "Workspace":
        """Buffers for ``batch`` examples in a network of these layer sizes."""

        def floats(n: int) -> Floats:
            return np.empty((batch, n), dtype)

        hidden = sizes[1:-1]
        z = [floats(n) for n in hidden]
        scratch = np.empty(batch * max(hidden, default=0), dtype)
        return cls(
            z=z,
            a=[
                buffer if f.in_place else np.empty_like(buffer)
                for f, buffer in zip(activations, z, strict=False)
            ],
            delta=[floats(n) for n in sizes[1:]],
            scratch=[scratch[: batch * n].reshape(batch, n) for n in hidden],
            mask=[floats(n) if rate else None for rate, n in zip(dropout, sizes, strict=False)],
            entered=[
                floats(n) if rate or (i == 0 and noise[0]) else None
                for i, (rate, n) in enumerate(zip(dropout, sizes, strict=False))
            ],
            normed=[floats(n) for n in hidden] if norm else [],
            ones=np.ones(batch, dtype),
        )

    @property
    def nbytes(self) -> int:
        """The memory of all buffers, in bytes, shared ones counted once."""
        lists = (self.z, self.a, self.delta, self.mask, self.entered, self.normed)
        buffers = [buffer for layers in lists for buffer in layers if buffer is not None]
        sizes = {id(buffer): buffer.nbytes for buffer in buffers}
        scratch = max((buffer.nbytes for buffer in self.scratch), default=0)
        return sum(sizes.values()) + scratch + self.ones.nbytes


@dataclass(frozen=True)
class Answers:
    """What the network answers to examples, one batch or several, and what it should."""

    z: Floats  # (N, K) sums of the output layer
    y: Floats  # (N, K) its activations
    target: Floats  # (N, K)
    rest: Floats  # (N, 1) what a loss keeps of an example beside its sums
    losses: Floats  # (N,)
    guess: NDArray[np.intp]  # (N,)
    right: NDArray[np.bool_]  # (N,)
    cut: dict[int, list[tuple[slice, "Answers"]]] = field(default_factory=dict)  # by batch size

    @classmethod
    def allocate(cls, examples: int, classes: int, dtype: DTypeLike) -> "Answers":
        """Buffers for so many examples of so many classes."""
        return cls(
            z=np.empty((examples, classes), dtype),
            y=np.empty((examples, classes), dtype),
            target=np.empty((examples, classes), dtype),
            rest=np.empty((examples, 1), dtype),
            losses=np.empty(examples, dtype),
            guess=np.empty(examples, np.intp),
            right=np.empty(examples, np.bool_),
        )

    @property
    def nbytes(self) -> int:
        """The memory of all buffers, in bytes."""
        arrays = (self.z, self.y, self.target, self.rest, self.losses, self.guess, self.right)
        return sum(array.nbytes for array in arrays)

    def batches(self, size: int) -> list[tuple[slice, "Answers"]]:
        """The rows of each batch, and the answers to them: views, made once."""
        if size not in self.cut:
            starts = range(0, len(self.z), size)
            spans = [slice(start, start + size) for start in starts]
            self.cut[size] = [(rows, _part(self, rows)) for rows in spans]
        return self.cut[size]


Buffers = TypeVar("Buffers", Workspace, Answers)


class Fitting(Generic[Buffers]):
    """Buffers for any number of rows: kept ones, the first rows of larger ones, or new ones."""

    def __init__(self, allocate: Callable[[int], Buffers]) -> None:
        self.allocate: Callable[[int], Buffers] = allocate
        self._kept: dict[int, Buffers] = {}

    def __call__(self, rows: int) -> Buffers:
        """The buffers for so many rows; they share memory with those for fewer or more."""
        kept = self._kept
        if rows not in kept:
            largest = max(kept, default=0)
            if rows > largest:
                self._kept = kept = {rows: self.allocate(rows)}
            else:
                kept[rows] = _part(kept[largest], slice(rows))
        return kept[rows]


def _part(buffers: Buffers, rows: slice) -> Buffers:
    """The same buffers for some of the examples: views of their rows."""

    def part(value: Any) -> Any:
        if isinstance(value, list):
            return [part(buffer) for buffer in value]
        if isinstance(value, dict):
            return {}
        return None if value is None else value[rows]

    return replace(buffers, **{f.name: part(getattr(buffers, f.name)) for f in fields(buffers)})
