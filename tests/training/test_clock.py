"""A clock that jumps or stands still changes no bit of a training, and no time is told below 0."""

import itertools
import json
from types import SimpleNamespace

import pytest
from toys import begin, bits, complete, stop_after, take_up, toy_config

from mlp_cli.training import loop, run
from mlp_cli.training.events import EpochDone

CLOCKS = {
    "set back": itertools.count(0, -3600),
    "set forward": itertools.count(0, 1e9),
    "to and fro": itertools.cycle([0.0, 1e9, -1e9, 5.0]),
    "standing still": itertools.repeat(5.0),
}


@pytest.mark.parametrize("name", list(CLOCKS))
def test_whatever_the_clock_does_the_training_ends_well(tmp_path, monkeypatch, name):
    config = toy_config(batch_size=7, dropout=0.2)
    undisturbed = begin(tmp_path / "undisturbed", config)
    complete(undisturbed)
    for module in (loop, run):
        clock = SimpleNamespace(perf_counter=CLOCKS[name].__next__)
        monkeypatch.setattr(module, "time", clock)
    stop_after(begin(tmp_path / "jumped", config), 7)  # in the second epoch
    jumped = take_up(tmp_path / "jumped")
    told = [event for event in complete(jumped) if isinstance(event, EpochDone)]
    assert [event.epoch for event in told] == [2, 3]
    assert all(event.epoch_seconds >= 0 for event in told)
    assert all(0 <= event.samples_per_second < 1e9 for event in told)
    summary = json.loads(jumped.folder.summary.read_text())
    assert min(summary["seconds"], summary["training_seconds"]) >= 0
    assert bits(jumped.folder.best) == bits(undisturbed.folder.best)
