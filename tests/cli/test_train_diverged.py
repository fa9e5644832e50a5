"""A training that diverges, at whatever step, ends in one line and goes on from its last epoch."""

import json
from pathlib import Path

import pytest
from toys import bits

from mlp_cli.nn import Network
from mlp_cli.training import loop
from mlp_cli.training.checkpoint import load

STEPS = 5  # in an epoch


@pytest.mark.parametrize("loss", [float("nan"), float("inf")])
@pytest.mark.parametrize(("epoch", "step"), [(1, 1), (2, 3), (2, 5), (3, 5)])
def test_one_step_that_goes_wrong_is_told_and_nothing_good_is_lost(
    mlp, monkeypatch, loss, epoch, step
):
    monkeypatch.setattr(loop, "LEARNED_AT_ONCE", 50)
    assert mlp("train", "--config", "tiny.yaml", "--out", "whole").code == 0
    learn, calls = Network.learn, []

    def failing(self, *arguments):
        calls.append(1)
        _, right = told = learn(self, *arguments)
        return (loss, right) if len(calls) == (epoch - 1) * STEPS + step else told

    with monkeypatch.context() as patch:
        patch.setattr(Network, "learn", failing)
        done = mlp("train", "--config", "tiny.yaml", "--out", "failed", "--json")
    assert done.code == 1
    (line,) = done.err.splitlines()
    place = f"at epoch {epoch}, by step {step}: the loss is no longer a finite number"
    assert line.startswith(f"Error: the training diverged {place}; try a smaller")
    assert [json.loads(row)["epoch"] for row in done.out.splitlines()] == [*range(1, epoch)]
    saved = load(Path("failed/last.npz")).position
    assert (saved.epoch, saved.step) == (epoch - 1, 0)
    assert mlp("train", "--resume", "failed").code == 0
    assert bits(Path("failed/last.npz")) == bits(Path("whole/last.npz"))
