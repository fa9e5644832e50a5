"""Stopped anywhere and resumed, a training ends with the bits of one that never stopped."""

import csv
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import begin, bits, complete, stop_after, take_up, toy_config

from mlp_cli.nn import NORMALIZERS, OPTIMIZERS, SCHEDULES

TIMES = {"epoch_seconds", "samples_per_second", "training_seconds", "seconds", "started"}


def timeless(row):
    return {key: value for key, value in row.items() if key not in TIMES}


def facts(event):
    """What an event tells, but for its times."""
    return timeless(asdict(event))


def state(run):
    """All that a run ends with, but for its times, bit for bit."""
    trainer, folder = run.trainer, run.folder
    return {
        "theta": trainer.network.theta.tobytes(),
        "memory": {name: v.tobytes() for name, v in trainer.descent.memory.items()},
        "history": [facts(epoch) for epoch in trainer.history],
        "metrics.csv": [
            timeless(row) for row in csv.DictReader(folder.metrics.read_text().splitlines())
        ],
        "checkpoints": [bits(folder.best), bits(folder.last)],
        "summary": timeless(json.loads(folder.summary.read_text())),
        "config": folder.config.read_text(),
    }


configs = st.fixed_dictionaries(
    {
        "optimizer": st.fixed_dictionaries(
            {"name": st.sampled_from(sorted(OPTIMIZERS)), "learning_rate": st.just(0.01)}
        ),
        "schedule": st.sampled_from(sorted(SCHEDULES)),
        "batch_size": st.sampled_from([1, 7, 12, "all"]),
        "dropout": st.sampled_from([0, 0.4]),
        "input_dropout": st.sampled_from([0, 0.2]),
        "norm": st.sampled_from([None, *NORMALIZERS]),
        "noise": st.sampled_from([0, 0.3]),
        "input_noise": st.sampled_from([0, 0.1]),
        "augment": st.sampled_from([None, "digits"]),
        "early_stopping": st.sampled_from([None, {"patience": 1}]),
        "activation": st.sampled_from(["relu", "prelu", "sigmoid"]),
        "layers": st.sampled_from([[], [4], [5, 3]]),
        "seed": st.integers(0, 3),
    }
).filter(lambda keys: (keys["norm"], keys["batch_size"]) != ("batch", 1))


@settings(max_examples=60, deadline=None)
@given(keys=configs, data=st.data())
def test_a_resumed_training_is_the_undisturbed_one_bit_for_bit(keys, data):
    config = toy_config(**keys)
    with tempfile.TemporaryDirectory() as folder:
        undisturbed = begin(Path(folder, "undisturbed"), config)
        told = complete(undisturbed)

        stop = data.draw(st.integers(1, len(told)), label="events before the stop")
        again = data.draw(st.integers(1, len(told)), label="events before the second stop")
        other = Path(folder, "stopped twice")
        seen = stop_after(begin(other, config), stop)
        seen += stop_after(take_up(other), again)
        resumed = take_up(other)
        seen += complete(resumed)

        assert list(map(facts, seen)) == list(map(facts, told))
        assert state(resumed) == state(undisturbed)


@pytest.mark.parametrize("stop", range(1, 9))
def test_every_step_of_two_epochs_can_be_the_last_before_the_stop(tmp_path, stop):
    config = toy_config(batch_size=8, epochs=2, optimizer="adam", dropout=0.4)
    undisturbed = begin(tmp_path / "undisturbed", config)
    assert len(complete(undisturbed)) == 8  # 2 × (3 steps and the epoch itself)
    stop_after(begin(tmp_path / "stopped", config), stop)
    resumed = take_up(tmp_path / "stopped")
    complete(resumed)
    assert state(resumed) == state(undisturbed)


@pytest.mark.parametrize("schedule", ["constant", {"name": "step", "every": 1}, "plateau"])
def test_given_more_epochs_it_is_the_run_that_was_planned_longer(tmp_path, schedule):
    complete(begin(tmp_path / "short", toy_config(epochs=2, schedule=schedule)))
    longer = take_up(tmp_path / "short", ("epochs", "5", "--epochs"))
    complete(longer)
    planned = begin(tmp_path / "long", toy_config(epochs=5, schedule=schedule))
    complete(planned)
    assert state(longer) == state(planned)


@pytest.mark.parametrize("summary", [None, "", "[]", "{}", '{"epochs": 1}', "[" * 100_000])
def test_a_run_stopped_between_its_last_epoch_and_its_summary_is_finished(tmp_path, summary):
    run = begin(tmp_path, toy_config(epochs=2))
    list(run.train())
    if summary is not None:
        run.folder.summary.write_text(summary)
    resumed = take_up(tmp_path)
    assert complete(resumed) == []
    assert json.loads(run.folder.summary.read_text())["epochs"] == 2


def test_a_row_half_written_is_written_anew(tmp_path):
    run = begin(tmp_path, toy_config())
    stop_after(run, 2)  # the first epoch, of one step
    whole = run.folder.metrics.read_bytes()
    run.folder.metrics.write_bytes(whole[:-7])
    take_up(tmp_path)
    assert run.folder.metrics.read_bytes() == whole
