"""Hypothesis strategies for whole configs, whose every rule holds."""

from collections.abc import Iterable
from typing import Any

import strategies
from hypothesis import strategies as st

from mlp_cli.config import Config
from mlp_cli.config.schema import DataConfig, EarlyStopping
from mlp_cli.data.augment import AUGMENTATIONS
from mlp_cli.data.catalogue import CATALOGUE
from mlp_cli.nn import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    NORMALIZERS,
    OPTIMIZERS,
    SCHEDULES,
    Registry,
)

SHARE = st.floats(0, 1, exclude_max=True)
DEVIATION = st.floats(0, 10)
COUNT = st.integers(1, 10**6)
OWN_DATA = st.text().map("./".__add__)


def any_of(registry: "Registry[Any]", names: Iterable[str] | None = None) -> st.SearchStrategy[Any]:
    """An option of a registry, with any values."""
    return st.one_of([strategies.options(registry[name]) for name in names or registry])


@st.composite
def configs(draw: st.DrawFn) -> Config:
    """Any config, its layers one value for all or one for each."""
    depth = draw(st.integers(0, 3))
    loss = draw(any_of(LOSSES))
    name = draw(st.sampled_from(list(CATALOGUE)) | OWN_DATA)
    safe = [CATALOGUE[name].augmentation] if name in CATALOGUE else None
    batch_size = draw(COUNT | st.just("all"))

    def each(one: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return one | st.tuples(*[one] * depth)

    return Config(
        data=DataConfig(
            name=name,
            validation=draw(COUNT | st.floats(0, 1, exclude_min=True, exclude_max=True)),
            limit=draw(st.none() | COUNT),
            upstrokes=draw(SHARE) if name in ("mnist", "mnist-5k") else 0.0,
            nondigits=draw(SHARE) if loss.knows_none and name in ("mnist", "mnist-5k") else 0.0,
        ),
        augment=draw(st.none() | any_of(AUGMENTATIONS, safe)),
        layers=draw(st.tuples(*[st.integers(1, 10**4)] * depth)),
        activation=draw(each(any_of(ACTIVATIONS))),
        dropout=draw(each(SHARE)),
        input_dropout=draw(SHARE),
        norm=draw(st.none() if batch_size == 1 else st.none() | any_of(NORMALIZERS)),
        noise=draw(each(DEVIATION)),
        input_noise=draw(DEVIATION),
        init=draw(st.none() | any_of(INITIALIZERS)),
        output=draw(any_of(ACTIVATIONS, loss.outputs)),
        loss=loss,
        optimizer=draw(any_of(OPTIMIZERS)),
        schedule=draw(any_of(SCHEDULES)),
        batch_size=batch_size,
        epochs=draw(COUNT),
        minutes=draw(st.none() | st.floats(0, 10**4, exclude_min=True)),
        early_stopping=draw(st.none() | st.builds(EarlyStopping, patience=COUNT)),
        seed=draw(st.integers(0, 2**31)),
        plots=draw(st.booleans()),
    )
