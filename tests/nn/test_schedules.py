"""Each schedule is its textbook formula at every step, a factor between 0 and 1."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import references
import strategies
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.nn import SCHEDULES, Moment, Schedule

NAMES = list(SCHEDULES)
EXTENDABLE = [name for name in NAMES if SCHEDULES[name]().extendable]
histories = st.lists(st.floats(0, 3), max_size=30).map(tuple)


def factors(schedule: Schedule, steps: int, epoch_steps: int = 10) -> list[float]:
    return [schedule(Moment(step, steps, epoch_steps)) for step in range(steps)]


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    epochs, epoch_steps = draw(st.integers(1, 50)), draw(st.integers(1, 50))
    step = draw(st.integers(0, epochs * epoch_steps - 1))
    return Moment(step, epochs * epoch_steps, epoch_steps, draw(histories))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), moment=moments())
def test_is_its_formula(name: str, data: st.DataObject, moment: Moment) -> None:
    schedule = data.draw(strategies.options(SCHEDULES[name]))
    factor = schedule(moment)
    assert factor == pytest.approx(references.factor(schedule, moment), rel=1e-9, abs=1e-15)
    assert 0 <= factor <= 1


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_rises_then_falls(name: str, data: st.DataObject) -> None:
    schedule = data.draw(strategies.options(SCHEDULES[name]))
    rates = factors(schedule, steps=60)
    rise = round(schedule.warmup * 60)
    assert rates[:rise] == sorted(rates[:rise])
    assert rates[rise:] == sorted(rates[rise:], reverse=True)


@pytest.mark.parametrize("name", EXTENDABLE)
@given(data=st.data(), moment=moments(), more=st.integers(1, 5))
def test_an_extendable_schedule_knows_no_end(
    name: str, data: st.DataObject, moment: Moment, more: int
) -> None:
    schedule = replace(data.draw(strategies.options(SCHEDULES[name])), warmup=0)
    longer = Moment(moment.step, moment.steps * (1 + more), moment.epoch_steps, moment.watched)
    assert schedule(longer) == schedule(moment)


def test_the_end_moves_what_falls_towards_it_and_any_warm_up() -> None:
    for name in NAMES:
        longer = SCHEDULES[name]()(Moment(50, 200, 10)) != SCHEDULES[name]()(Moment(50, 100, 10))
        assert SCHEDULES[name]().extendable != longer
        assert not SCHEDULES[name](warmup=0.1).extendable


@pytest.mark.parametrize("name", [name for name in NAMES if name != "one_cycle"])
def test_warm_up_takes_equal_steps_from_zero_to_one(name: str) -> None:
    rates = [0.0, *factors(SCHEDULES[name](warmup=0.1), steps=40)[:4]]
    assert [after - before for before, after in itertools.pairwise(rates)] == pytest.approx(
        [1 / 5] * 4
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_rise_ends_at_the_full_rate(name: str) -> None:
    rates = factors(SCHEDULES[name](warmup=0.25), steps=40)
    assert rates.index(max(rates)) == 10
    assert rates[10] == 1


def test_step_drops_at_the_start_of_an_epoch() -> None:
    rates = factors(SCHEDULES["step"](every=2, gamma=0.5), steps=60)
    assert rates == [1.0] * 20 + [0.5] * 20 + [0.25] * 20


def test_exponential_reaches_gamma_after_an_epoch() -> None:
    rates = factors(SCHEDULES["exponential"](gamma=0.81), steps=20)
    assert [rates[0], rates[5], rates[10]] == pytest.approx([1, 0.9, 0.81])


@pytest.mark.parametrize("name", ["linear", "cosine"])
def test_half_way_down_is_half(name: str) -> None:
    rates = factors(SCHEDULES[name](final=0.2), steps=40)
    assert [rates[0], rates[20]] == pytest.approx([1, 0.6])
    assert 0.2 < rates[-1] < 0.23


def test_one_cycle_starts_low_peaks_and_ends_lower() -> None:
    rates = factors(SCHEDULES["one_cycle"](), steps=1000)
    assert 0.04 < rates[0] < 0.0401
    assert rates[300] == 1
    assert 0.0001 < rates[-1] < 0.00011


@pytest.mark.parametrize(
    ("watched", "drops"),
    [
        ([], 0),
        ([3, 2, 1], 0),
        ([1, 1], 0),
        ([1, 1, 1], 1),  # as low is not lower
        ([1, 2, 0.5, 2, 3], 1),  # a lower loss starts the wait anew
        ([1, 2, 2, 2], 1),  # and so does a drop
        ([1, 2, 2, 2, 2], 2),
    ],
)
def test_plateau_drops_after_waiting_in_vain(watched: list[float], drops: int) -> None:
    schedule = SCHEDULES["plateau"](patience=2, gamma=0.1)
    moment = Moment(step=10 * len(watched), steps=1000, epoch_steps=10, watched=watched)
    assert schedule(moment) == pytest.approx(0.1**drops)


def test_only_plateau_watches_the_validation_loss() -> None:
    assert [name for name in NAMES if SCHEDULES[name].needs_validation] == ["plateau"]


def test_what_falls_steeply_does_not_overflow_in_a_long_warm_up() -> None:
    rates = SCHEDULES["step"](every=1, gamma=0.001, warmup=0.5)(Moment(np.arange(2200), 2200, 10))
    assert rates.max() == 1
    assert ((rates >= 0) & (rates <= 1)).all()


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), moment=moments())
def test_all_steps_at_once_are_each_of_them(name: str, data: st.DataObject, moment: Moment) -> None:
    schedule = data.draw(strategies.options(SCHEDULES[name]))
    together = schedule(replace(moment, step=np.arange(moment.steps)))
    alone = [float(schedule(replace(moment, step=step))) for step in range(moment.steps)]
    assert together.shape == (moment.steps,)
    assert together.tolist() == pytest.approx(alone, rel=1e-12, abs=1e-300)
