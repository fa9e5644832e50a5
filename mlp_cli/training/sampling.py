"""How the values of a sweep's next trial are chosen, and which trials are not worth ending."""

import json
import math
from typing import Any

import numpy as np
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.pruners import BasePruner, MedianPruner, NopPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler

from mlp_cli.config.space import Choice, Dimension, Range, Space
from mlp_cli.errors import ConfigError, UsageError
from mlp_cli.randomness import stream

MOST_POINTS = 1_000_000  # of a grid
UNJUDGED = 0.25  # share of its epochs in which no trial is pruned
FIRST_TRIALS = 5  # are never pruned


def sampler(name: str, seed: int, number: int) -> BaseSampler:
    """What chooses the values of a trial, from the trials before it and these numbers alone."""
    own = int(stream(seed, "sweep", number).integers(2**31))
    if name == "tpe":
        return TPESampler(seed=own)
    return RandomSampler(seed=own)  # a grid's points are not its choice


def pruner(wanted: bool, epochs: int) -> BasePruner:
    """What ends a trial whose best epoch is worse than the median of others up to that epoch."""
    if not wanted:
        return NopPruner()
    return MedianPruner(n_startup_trials=FIRST_TRIALS, n_warmup_steps=math.ceil(UNJUDGED * epochs))


def distribution(dimension: Dimension) -> BaseDistribution:
    """A key's values, as Optuna knows them."""
    if isinstance(dimension, Choice):
        return CategoricalDistribution(dimension.points)
    low, high, step, log = dimension.low, dimension.high, dimension.step, dimension.log
    if dimension.whole:
        return IntDistribution(int(low), int(high), log=log, step=int(step or 1))
    return FloatDistribution(low, high, log=log, step=step)


def grid_size(space: Space) -> int:
    """How many trials a grid has.

    Raises:
        ConfigError: with a line for each key whose values are not to be counted.
        UsageError: they are too many.
    """
    endless = [each for each in space if isinstance(each, Range) and each.count is None]
    if endless:
        rule = "has no end of values, which no grid covers; give it a step, or choices"
        raise ConfigError([f"{each.place}: {each.key} {rule}" for each in endless])
    size = math.prod(_counts(space))
    if size > MOST_POINTS:
        raise UsageError(f"--sampler grid: has {size:,} points here, above {MOST_POINTS:,}")
    return size


def grid_point(space: Space, seed: int, number: int) -> dict[str, Any]:
    """The values of a grid's trial, counted from 1, in an order that follows from the seed."""
    counts = _counts(space)
    order = stream(seed, "grid").permutation(math.prod(counts))
    indices = np.unravel_index(order[number - 1], counts)
    return {each.key: raw(each, each.point(int(i))) for each, i in zip(space, indices, strict=True)}


def raw(dimension: Dimension, text: str) -> Any:
    """A value as Optuna knows it, from its YAML."""
    return json.loads(text) if isinstance(dimension, Range) else text


def _counts(space: Space) -> list[int]:
    return [each.count or 0 for each in space]
