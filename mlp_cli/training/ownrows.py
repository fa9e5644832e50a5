"""A rank's part of the random numbers of whole batches, so that all ranks see the same."""

import numpy as np
from numpy.typing import DTypeLike

from mlp_cli.nn.types import Floats, Random

Parts = list[tuple[slice, int]]  # of each batch: a rank's rows, and how many there are in all


class OwnRows(Random):
    """Random numbers for whole batches, of which a rank gets those of its own rows.

    Args:
        rng: gives float32, uniform ones of half a step of its generator each.
        parts: of each batch.
    """

    def __init__(self, rng: np.random.Generator, parts: Parts) -> None:
        self._rng, self._parts = rng, parts
        self.batch = 0  # the one under way

    def random(self, *, dtype: DTypeLike, out: Floats) -> object:
        """Fill ``out`` (rows, n) with its part of uniform numbers; the others are skipped."""
        rows, whole = self._parts[self.batch]
        width = out.shape[1]
        self._skip(rows.start * width)
        self._rng.random(dtype=np.float32, out=out)
        self._skip((whole - rows.stop) * width)
        return out

    def standard_normal(self, *, dtype: DTypeLike, out: Floats) -> object:
        """Fill ``out`` (rows, n) with its part of normal numbers.

        How much of the generator each takes is left to chance, so that all have to be drawn.
        """
        rows, whole = self._parts[self.batch]
        out[:] = self._rng.standard_normal((whole, out.shape[1]), np.float32)[rows]
        return out

    def _skip(self, numbers: int) -> None:
        """Leave out so many uniform numbers; a step of the generator makes two, one after one."""
        if not numbers:
            return
        if self._rng.bit_generator.state["has_uint32"]:
            self._rng.random(dtype=np.float32)
            numbers -= 1
        if numbers > 1:
            self._rng.bit_generator.advance(numbers // 2)  # type: ignore[attr-defined]
        if numbers % 2:
            self._rng.random(dtype=np.float32)
