"""A checkpoint gives back what was saved, and is replaced whole or not at all."""

import json

import numpy as np
import pytest
from toys import CLASSES, SHAPE, toy_config, toy_dataset

from mlp_cli import files
from mlp_cli.training import checkpoint
from mlp_cli.training.checkpoint import load, save
from mlp_cli.training.loop import Trainer


def test_what_was_saved_comes_back(trainer, saved):
    found = load(saved)
    assert found.config == trainer.config
    assert (found.classes, found.shape) == (CLASSES, SHAPE)
    assert (found.data_name, found.data_checksum) == ("mnist-5k", trainer.dataset.train.checksum)
    assert found.position == trainer.position
    assert found.history == trainer.history
    assert found.metrics == trainer.history[-1]
    assert found.versions["numpy"] == np.__version__
    assert found.theta.tobytes() == trainer.network.theta.tobytes()
    assert found.kept.size == 0
    assert found.network().theta.tobytes() == trainer.network.theta.tobytes()
    assert set(found.memory) == {"m", "v"}
    for name, values in found.memory.items():
        assert values.tobytes() == trainer.descent.memory[name].tobytes()


def test_before_the_first_epoch_there_are_no_metrics(tmp_path):
    save(Trainer(toy_config(), toy_dataset()), tmp_path / "last.npz")
    assert load(tmp_path / "last.npz").metrics is None


def test_a_restored_trainer_shares_no_memory_with_the_checkpoint(trainer, saved):
    found = load(saved)
    for _ in range(2):  # twice from one checkpoint
        fresh = Trainer(trainer.config, trainer.dataset)
        found.restore(fresh)
        list(fresh.fit())
    assert found.history == trainer.history
    assert found.position == trainer.position


def test_no_array_is_pickled(saved):
    with np.load(saved, allow_pickle=False) as archive:
        assert not any(archive[name].dtype.hasobject for name in archive.files)
        json.loads(archive["page"].tobytes())


def test_a_failure_while_saving_leaves_the_old_checkpoint_and_nothing_else(
    trainer, saved, monkeypatch
):
    before = saved.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(trainer, saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_a_failure_while_the_arrays_are_written_is_as_harmless(trainer, saved, monkeypatch):
    before = saved.read_bytes()

    def half(file, **arrays):
        file.write(before[:100])
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoint.np, "savez", half)
    with pytest.raises(KeyboardInterrupt):
        save(trainer, saved)
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]
