"""An option states its limits and keeps them; a registry finds it by any of its names."""

import math
from collections import Counter
from dataclasses import Field, FrozenInstanceError, dataclass, fields
from typing import Any

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.data.augment import AUGMENTATIONS
from mlp_cli.nn import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    NORMALIZERS,
    OPTIMIZERS,
    SCHEDULES,
    Options,
    Registry,
    option,
)

REGISTRIES = [AUGMENTATIONS, ACTIVATIONS, LOSSES, INITIALIZERS, NORMALIZERS]
REGISTRIES += [OPTIMIZERS, SCHEDULES]
CLASSES = [registry[name] for registry in REGISTRIES for name in registry]
NUMBERS = [(cls, spec) for cls in CLASSES for spec in fields(cls)]
BEYOND = {"gt": 0, "ge": -1e-9, "lt": 0, "le": 1e-9}  # from a bound to a value that breaks it


@pytest.mark.parametrize("cls", CLASSES)
@given(data=st.data())
def test_takes_all_that_its_limits_allow(cls: type[Options], data: st.DataObject) -> None:
    options = data.draw(strategies.options(cls))
    assert options == cls(**{spec.name: getattr(options, spec.name) for spec in fields(cls)})


@pytest.mark.parametrize(
    ("cls", "key", "limit", "bound"),
    [(c, s.name, *limit) for c, s in NUMBERS for limit in s.metadata["limits"].items()],
)
def test_refuses_what_is_beyond_a_limit(
    cls: type[Options], key: str, limit: str, bound: float
) -> None:
    sign = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}[limit]
    with pytest.raises(ValueError, match=rf"^{cls.name}\.{key} must be {sign} {bound}, got "):
        cls(**{key: bound + BEYOND[limit]})
    with pytest.raises(ValueError, match=rf"^{cls.name}\.{key} must be .*, got nan$"):
        cls(**{key: math.nan})


@pytest.mark.parametrize(("cls", "spec"), NUMBERS)
def test_says_what_each_number_means(cls: type[Options], spec: "Field[Any]") -> None:
    assert spec.metadata["doc"]
    assert set(spec.metadata["limits"]) <= set(BEYOND)
    assert spec.metadata["limits"]


@pytest.mark.parametrize("cls", CLASSES)
def test_says_in_a_sentence_what_it_is(cls: type[Options]) -> None:
    assert cls.__doc__ is not None
    assert not cls.__doc__.startswith(f"{cls.__name__}(")  # what dataclass writes by itself


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.kind)
def test_every_name_and_alias_leads_to_one_class(registry: Registry[Options]) -> None:
    names = [name for key in registry for name in (key, *registry[key].aliases)]
    assert Counter(names) == Counter(registry.known)  # none is given twice
    for key in registry:
        assert registry[key].name == key
        assert all(registry[alias] is registry[key] for alias in registry[key].aliases)


@pytest.mark.parametrize(
    ("registry", "alias", "name"),
    [
        (LOSSES, "absolute", "mae"),
        (LOSSES, "squared", "sse"),
        (LOSSES, "summed", "sse"),
        (LOSSES, "mean_squared", "mse"),
        (ACTIVATIONS, "parametric_relu", "prelu"),
        (ACTIVATIONS, "sgnl", "sqnl"),
    ],
)
def test_the_tutorials_words(registry: Registry[Options], alias: str, name: str) -> None:
    assert registry[alias] is registry[name]


def test_options_are_frozen() -> None:
    leaky = ACTIVATIONS["leaky_relu"]()
    with pytest.raises(FrozenInstanceError):
        leaky.slope = 0.5


def test_a_registry_of_its_own() -> None:
    teas: Registry[Options] = Registry("tea")

    @teas.add("green", "sencha")
    @dataclass(frozen=True)
    class Green(Options):
        minutes: int = option(2, "how long it draws", gt=0, le=5)

    assert list(teas) == ["green"]
    assert teas.known == ("green", "sencha")
    assert teas["sencha"] is Green
    assert "black" not in teas
    assert Green(5).minutes == 5
    with pytest.raises(ValueError, match=r"^green\.minutes must be <= 5, got 6$"):
        Green(6)
    with pytest.raises(KeyError):
        teas["black"]
