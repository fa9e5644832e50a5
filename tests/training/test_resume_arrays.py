"""Stopped within an epoch, a training with everything that is kept goes on with the same bits."""

import pytest
from test_resume import state
from toys import begin, bits, complete, stop_after, take_up, toy_config

from mlp_cli.training.checkpoint import load

KEYS = {
    "norm": "batch",
    "noise": 0.3,
    "input_noise": 0.1,
    "dropout": 0.2,
    "augment": {"name": "digits", "erase": 0.4},
    "layers": [5, 4],
    "batch_size": 3,  # 8 steps an epoch, 3 at once
    "optimizer": {"name": "adam", "learning_rate": 0.02},
}
ARRAYS = {"theta", "kept", "memory.m", "memory.v"}


@pytest.mark.parametrize("stop", range(1, 13))
def test_in_all_arrays(tmp_path, stop):
    config = toy_config(**KEYS)
    undisturbed = begin(tmp_path / "undisturbed", config)
    assert len(complete(undisturbed)) == 12  # 3 × (3 times some steps, and the epoch itself)
    stopped = begin(tmp_path / "stopped", config)
    stop_after(stopped, stop)
    assert stopped.trainer.position.step == (0, 3, 6, 8)[stop % 4]
    resumed = take_up(tmp_path / "stopped")
    complete(resumed)
    assert state(resumed) == state(undisturbed)
    assert set(bits(resumed.folder.last)) == ARRAYS


def test_what_was_kept_comes_back(tmp_path):
    run = begin(tmp_path, toy_config(**KEYS))
    stop_after(run, 6)
    found, trainer = load(run.folder.last), run.trainer
    assert found.kept.tobytes() == trainer.network.kept.tobytes()
    assert trainer.network.kept.size == 2 * (5 + 4)  # a mean and a variance of each neuron


def test_given_more_epochs_it_is_the_run_planned_longer(tmp_path):
    short = begin(tmp_path / "short", toy_config(**KEYS, epochs=2))
    complete(short)
    longer = take_up(tmp_path / "short", ("epochs", "4", "--epochs"))
    complete(longer)
    planned = begin(tmp_path / "long", toy_config(**KEYS, epochs=4))
    complete(planned)
    assert state(longer) == state(planned)
