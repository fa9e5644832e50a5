"""Hypothesis strategies for the network's options, drawn from the limits in their fields."""

from dataclasses import Field, fields
from typing import Any, TypeVar

from hypothesis import strategies as st

from mlp_cli.nn import Options

TOP = 10  # where a field states no upper limit
TINY = 1e-8  # where a field says only that it is above 0

T = TypeVar("T", bound=Options)


def values(spec: "Field[Any]") -> st.SearchStrategy[Any]:
    """Any value that the field's limits allow, up to TOP, and None where that is the default."""
    limits = spec.metadata["limits"]
    low = limits["ge"] if "ge" in limits else limits["gt"] + TINY
    high = limits.get("le", limits.get("lt", TOP))
    if isinstance(spec.default, int):
        return st.integers(low, high)
    numbers = st.floats(low, high, exclude_max="lt" in limits, allow_subnormal=False)
    return st.none() | numbers if spec.default is None else numbers


def options(cls: type[T]) -> st.SearchStrategy[T]:
    """The class with any values of its fields."""
    return st.builds(cls, **{spec.name: values(spec) for spec in fields(cls)})
