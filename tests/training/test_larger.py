"""A large data set, read from its files as it is learned from, gives the bits of one in memory."""

import numpy as np
import pytest
from larger import save_idx, saved_as_npz, small_is_large
from toys import toy_config

from mlp_cli.data.dataset import open_dataset
from mlp_cli.training import calibration, loop
from mlp_cli.training.checkpoint import of, save
from mlp_cli.training.evaluate import judge, mean_loss
from mlp_cli.training.events import StepsDone
from mlp_cli.training.loop import Trainer

PLAIN = {"batch_size": 7, "epochs": 2, "dropout": 0.3}
WARPED = {**PLAIN, "augment": "digits"}
LIMITED = {**PLAIN, "data": {"name": "mnist-5k", "validation": 0.2, "limit": 90}}
EVERY = pytest.mark.parametrize("keys", [PLAIN, WARPED, LIMITED], ids=["plain", "warped", "limit"])


@pytest.fixture
def many(tmp_path, monkeypatch):
    """The data set from its files, and in memory."""
    small_is_large(monkeypatch)
    monkeypatch.setattr(loop, "LEARNED_AT_ONCE", 1)
    folder = save_idx(tmp_path / "many")
    return [open_dataset(str(path), tmp_path) for path in (folder, saved_as_npz(folder))]


def trained(dataset, keys):
    trainer = Trainer(toy_config(**keys), dataset)
    return trainer, list(trainer.fit())


def without_times(events):
    return [(e.train_loss, e.train_accuracy, getattr(e, "val_loss", None)) for e in events]


@EVERY
def test_from_disk_and_from_memory_the_bits_are_the_same(many, keys):
    (disk, seen), (memory, same) = (trained(dataset, keys) for dataset in many)
    assert disk.dataset.train.stored is not None
    assert memory.dataset.train.stored is None
    assert disk.network.theta.tobytes() == memory.network.theta.tobytes()
    assert without_times(seen) == without_times(same)


@EVERY
@pytest.mark.parametrize("stop", [1, 3, 11, 13, 20])
def test_in_the_middle_of_an_epoch_it_goes_on_with_the_same_bits(many, keys, stop, tmp_path):
    dataset, _ = many
    whole, events = trained(dataset, keys)
    stopped = Trainer(toy_config(**keys), dataset)
    told = [event for _, event in zip(range(stop), stopped.fit(), strict=False)]
    assert isinstance(told[-1], StepsDone)
    path = tmp_path / "last.npz"
    save(stopped, path)
    again = Trainer(toy_config(**keys), dataset)
    of(stopped, path).restore(again)
    rest = list(again.fit())
    assert again.network.theta.tobytes() == whole.network.theta.tobytes()
    assert without_times(rest) == without_times(events)[stop:]


def test_judging_and_calibrating_read_what_is_in_memory(many, monkeypatch):
    monkeypatch.setattr(calibration, "MOST", 20)
    found = []
    for dataset in many:
        trainer, _ = trained(dataset, PLAIN)
        rows, train = trainer.train_rows, dataset.train
        judged = judge(trainer.network, train, rows, dataset.classes)
        temperature = calibration.fit_temperature(trainer.network, train, rows)
        found.append((mean_loss(trainer.network, train, rows), judged.to_json(), temperature))
    assert found[0] == found[1]
    assert found[0][1]["examples"] == len(rows)


def test_a_few_far_apart_are_enough_to_calibrate(many, monkeypatch):
    trainer, _ = trained(many[0], PLAIN)
    network, train, rows = trainer.network, trainer.dataset.train, trainer.train_rows
    monkeypatch.setattr(calibration, "MOST", 30)
    some = rows[np.arange(30) * len(rows) // 30]
    found = calibration.fit_temperature(network, train, rows)
    assert found == calibration.fit_temperature(network, train, some)
