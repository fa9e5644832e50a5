"""The parts of a step are all that it is made of, and timing them changes nothing else."""

from itertools import count

import pytest
from toys import toy_config, toy_dataset

from mlp_cli.training import parts
from mlp_cli.training.loop import Trainer
from mlp_cli.training.parts import shares


@pytest.fixture
def ticking(monkeypatch):
    """A clock that goes on by 1 each time it is read."""
    monkeypatch.setattr(parts, "perf_counter", count().__next__)


def toy(**keys):
    return Trainer(toy_config(**keys), toy_dataset())


def test_each_part_is_timed_as_often_as_it_is_called(ticking):
    """A step of 7, learned alone: the parts' calls are read twice, the loss has two of them."""
    found = shares(toy(batch_size=7, epochs=1), seconds=1)
    assert found == {
        "gather": 1 / 13,
        "forward": 1 / 13,
        "loss": 2 / 13,
        "backward": 1 / 13,
        "optimizer": 1 / 13,
        "rest": pytest.approx(7 / 13),
    }


@pytest.mark.parametrize("keys", [{"batch_size": 1}, {"batch_size": "all"}, {"loss": "mse"}])
def test_the_parts_and_the_rest_are_everything(keys):
    found = shares(toy(**keys), seconds=10)
    assert sum(found.values()) == pytest.approx(1)
    assert min(found.values()) > 0


def test_training_is_the_same_and_the_methods_are_given_back():
    timed, plain = toy(batch_size=4, dropout=0.3), toy(batch_size=4, dropout=0.3)
    shares(timed, seconds=1000)
    list(plain.fit())
    assert timed.network.theta.tobytes() == plain.network.theta.tobytes()
    for owner in (timed.network, timed.network.loss, timed.descent, timed.batches):
        assert not {"cut", "forward", "backward", "slope", "each", "step"} & vars(owner).keys()
