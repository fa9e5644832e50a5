"""The types that the network's files share."""

from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.floating[Any]]
Labels: TypeAlias = NDArray[np.integer[Any]]


class Random(Protocol):
    """Random numbers as dropout and noise draw them: NumPy's generators, and parts of them."""

    def random(self, *, dtype: Any, out: NDArray[Any]) -> object:
        """Fill ``out`` with uniform numbers in [0, 1)."""

    def standard_normal(self, *, dtype: Any, out: NDArray[Any]) -> object:
        """Fill ``out`` with normal numbers of mean 0 and variance 1."""
