"""The epochs that are planned for some minutes fit into them, by a clock that work alone moves."""

import pytest
from toys import begin, complete, stop_after, take_up, toy_config, toy_dataset

from mlp_cli.errors import UsageError
from mlp_cli.nn import Network
from mlp_cli.training import budget, checkpoint, speed
from mlp_cli.training.budget import BESIDE, KEPT_BACK, within_minutes
from mlp_cli.training.loop import Trainer

LEARNING, JUDGING, SAVING = 0.01, 0.05, 0.25  # seconds of an example, and of a checkpoint
EPOCH = 24 * LEARNING + 6 * JUDGING + 2 * SAVING


class Clock:
    """Virtual seconds."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def moved_by(self, method, seconds):
        """The method, which takes so many seconds."""

        def call(*arguments, **options):
            self.now += seconds(arguments)
            return method(*arguments, **options)

        return call


@pytest.fixture
def clock(monkeypatch):
    """A clock that learning, judging and saving move, and nothing else."""
    clock = Clock()
    for module in (budget, speed):
        monkeypatch.setattr(module, "perf_counter", clock)
    for name, each in (("learn", LEARNING), ("score", JUDGING), ("probabilities", JUDGING)):
        timed = clock.moved_by(getattr(Network, name), lambda a, each=each: each * len(a[1]))
        monkeypatch.setattr(Network, name, timed)
    monkeypatch.setattr(checkpoint, "save", clock.moved_by(checkpoint.save, lambda _: SAVING))
    return clock


def planned(**keys):
    trainer = Trainer(toy_config(**keys), toy_dataset())
    return trainer, within_minutes(trainer, 1, budget.perf_counter())


@pytest.mark.parametrize("minutes", [0.25, 0.5, 1])
@pytest.mark.parametrize("batch_size", [1, 7, "all"])
def test_the_whole_process_fits_and_one_epoch_more_would_not(clock, tmp_path, minutes, batch_size):
    clock.now += BESIDE
    _, config = planned(minutes=minutes, batch_size=batch_size)
    complete(begin(tmp_path, config))
    assert clock.now <= 60 * minutes
    if_each_were_the_best = clock.now + config.epochs * SAVING
    assert if_each_were_the_best + EPOCH > 60 * minutes * (1 - KEPT_BACK)


def test_the_plan_says_epochs_in_place_of_minutes_and_nothing_else(clock):
    trainer, config = planned(minutes=1, epochs=7, norm="batch", early_stopping={"patience": 2})
    assert config.epochs > 7
    assert config == toy_config(epochs=config.epochs, norm="batch", early_stopping={"patience": 2})
    assert (trainer.position.step, trainer.history) == (0, [])  # measured on another


def test_without_minutes_nothing_is_measured(monkeypatch):
    monkeypatch.setattr(budget, "endless", lambda *_: pytest.fail("measured"))
    trainer, config = planned()
    assert config is trainer.config


@pytest.mark.parametrize("minutes", [1e-9, 0.04, 0.12])
def test_no_room_for_an_epoch_is_told(clock, minutes):
    with pytest.raises(UsageError, match=rf"^minutes: {minutes:g} leaves no room for an epoch of"):
        planned(minutes=minutes)


def test_a_planned_run_is_resumed_like_any_other(clock, tmp_path):
    _, config = planned(minutes=0.25, schedule="cosine", dropout=0.2)
    undisturbed = begin(tmp_path / "undisturbed", config)
    complete(undisturbed)
    stopped = begin(tmp_path / "stopped", config)
    stop_after(stopped, 3)
    assert "minutes: null" in stopped.folder.config.read_text()
    resumed = take_up(tmp_path / "stopped")
    complete(resumed)
    one, other = (run.trainer.network.theta.tobytes() for run in (resumed, undisturbed))
    assert one == other
