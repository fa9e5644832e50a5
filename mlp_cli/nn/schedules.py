"""How the learning rate changes while training goes on: a factor for each step.

A moment holds one step or, as an array, many: all steps of an epoch cost one call.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mlp_cli.options import Options, Registry, option

Steps: TypeAlias = int | NDArray[np.integer[Any]]
Factors: TypeAlias = float | NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Moment:
    """Where a training stands."""

    step: Steps  # counted from 0, over all epochs
    steps: int  # of the whole training
    epoch_steps: int  # of one epoch
    watched: Sequence[float] = ()  # the validation loss after each epoch so far

    @property
    def epoch(self) -> Steps:
        """The epoch, counted from 0."""
        return self.step // self.epoch_steps

    @property
    def done(self) -> Factors:
        """The share of the steps that are over."""
        return self.step / max(self.steps, 1)  # a warm-up may leave none


@dataclass(frozen=True)
class Schedule(Options):
    """The learning rate's factor, after a linear rise over the first share ``warmup`` of the steps.

    It is a function of the moment alone, so a resumed training needs nothing but its history.
    """

    needs_end: ClassVar[bool] = False  # the factor depends on how many steps there will be
    needs_validation: ClassVar[bool] = False

    warmup: float = option(0.0, "share of the training in which the rate rises from 0", ge=0, lt=1)

    @property
    def extendable(self) -> bool:
        """Whether a training can be made longer without changing what is already done."""
        return not (self.needs_end or self.warmup)

    def __call__(self, moment: Moment) -> NDArray[np.floating[Any]]:
        """The factor, in [0, 1], of each of the moment's steps."""
        rise = round(self.warmup * moment.steps)
        rising = self.rising((moment.step + 1) / (rise + 1))
        since = np.maximum(moment.step - rise, 0)
        after = replace(moment, step=since, steps=moment.steps - rise)
        return np.where(moment.step < rise, rising, self.falling(after))

    def rising(self, done: Factors) -> Factors:
        """The factor when the share ``done`` of the warm-up is over."""
        return done

    def falling(self, moment: Moment) -> Factors:
        """The factor after the warm-up, where the moment is counted from its end."""
        raise NotImplementedError


SCHEDULES: Registry[Schedule] = Registry("schedule")


@SCHEDULES.add("constant")
@dataclass(frozen=True)
class Constant(Schedule):
    """η."""

    def falling(self, moment: Moment) -> Factors:
        return 1.0


@SCHEDULES.add("step")
@dataclass(frozen=True)
class Step(Schedule):
    """η · gammaᵏ after k times ``every`` epochs."""

    every: int = option(10, "epochs between two drops", ge=1)
    gamma: float = option(0.1, "factor of a drop", gt=0, le=1)

    def falling(self, moment: Moment) -> Factors:
        return self.gamma ** (moment.epoch // self.every)


@SCHEDULES.add("exponential")
@dataclass(frozen=True)
class Exponential(Schedule):
    """η · gammaᵉ after e epochs, step by step."""

    gamma: float = option(0.95, "factor of an epoch", gt=0, le=1)

    def falling(self, moment: Moment) -> Factors:
        return self.gamma ** (moment.step / moment.epoch_steps)


@SCHEDULES.add("linear")
@dataclass(frozen=True)
class Linear(Schedule):
    """A straight line from η to final · η."""

    needs_end: ClassVar[bool] = True

    final: float = option(0.0, "factor at the end", ge=0, le=1)

    def falling(self, moment: Moment) -> Factors:
        return 1 + (self.final - 1) * moment.done


@SCHEDULES.add("cosine")
@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a cosine wave from η to final · η (Loshchilov & Hutter 2017)."""

    needs_end: ClassVar[bool] = True

    final: float = option(0.0, "factor at the end", ge=0, le=1)

    def falling(self, moment: Moment) -> Factors:
        return self.final + (1 - self.final) * (1 + np.cos(math.pi * moment.done)) / 2


@SCHEDULES.add("one_cycle")
@dataclass(frozen=True)
class OneCycle(Cosine):
    """A half cosine up from start · η to η, then a longer one down (Smith & Topin 2018)."""

    warmup: float = option(0.3, "share of the training in which the rate rises", gt=0, lt=1)
    start: float = option(0.04, "factor at the start", ge=0, le=1)
    final: float = option(0.0001, "factor at the end", ge=0, le=1)

    def rising(self, done: Factors) -> Factors:
        return self.start + (1 - self.start) * (1 - np.cos(math.pi * done)) / 2


@SCHEDULES.add("plateau", "reduce_on_plateau")
@dataclass(frozen=True)
class Plateau(Schedule):
    """η · gammaᵏ after k times that ``patience`` epochs brought no lower validation loss."""

    needs_validation: ClassVar[bool] = True

    patience: int = option(3, "epochs to wait for a lower loss", ge=1)
    gamma: float = option(0.5, "factor of a drop", gt=0, lt=1)

    def falling(self, moment: Moment) -> Factors:
        drops, waited, best = 0, 0, math.inf
        for loss in moment.watched:
            waited = 0 if loss < best else waited + 1
            best = min(best, loss)
            if waited == self.patience:
                drops, waited = drops + 1, 0
        return float(self.gamma**drops)
