"""A training that stands in the middle of something, and its checkpoint."""

import pytest
from toys import toy_config, toy_dataset

from mlp_cli.training import loop
from mlp_cli.training.checkpoint import save
from mlp_cli.training.loop import Trainer


@pytest.fixture(scope="module", autouse=True)
def a_few_at_once():
    """The toys are small: batches of 7 are learned one by one, as larger ones are of real data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "LEARNED_AT_ONCE", 10)
        yield


@pytest.fixture(scope="module")
def trainer():
    """One that stands in the middle of its second epoch."""
    trainer = Trainer(toy_config(batch_size=7, dropout=0.3), toy_dataset())
    for event in trainer.fit():
        if len(trainer.history) == 1 and event.epoch == 2:
            return trainer
    raise AssertionError


@pytest.fixture
def saved(trainer, tmp_path):
    save(trainer, tmp_path / "last.npz")
    return tmp_path / "last.npz"
