"""What is drawn for a training is learned from, the same each time, and never judged on."""

import numpy as np
from toys import toy_config

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.training.checkpoint import load, save
from mlp_cli.training.loop import Trainer


def test_upstrokes_are_learned_from_the_same_each_time_and_never_judged_on():
    sample = open_dataset("mnist-5k", shipped.DATA)
    data = {"name": "mnist-5k", "validation": 1000, "upstrokes": 1, "deskew": True}
    trainers = [Trainer(toy_config(data=data, seed=seed), sample) for seed in (0, 0, 1)]
    first, again, other = (trainer.batches.split.images for trainer in trainers)
    assert (first == again).all()
    assert (first != other).any()
    shown = trainers[0].dataset.train
    assert shown is sample.shown_train(upright=True)
    changed = np.flatnonzero((first != shown.images).any(axis=1))
    assert np.isin(changed, trainers[0].train_rows).all()
    assert (shown.labels[changed] == 1).all()
    assert len(changed) > 200


def test_drawings_are_learned_from_beside_the_digits_and_never_judged_on():
    sample = open_dataset("mnist-5k", shipped.DATA)
    data = {"name": "mnist-5k", "validation": 1000, "nondigits": 0.5, "deskew": True}
    keys = {"data": data, "layers": [64], "batch_size": 20, "epochs": 2}
    trainers = [Trainer(toy_config(**keys, seed=seed), sample) for seed in (0, 0, 1)]
    first, again, other = (trainer.batches.split for trainer in trainers)
    assert (first.images == again.images).all()
    assert (first.images != other.images).any()
    trainer = trainers[0]
    n = len(sample.train)
    assert len(first) == n + 1500
    assert (first.images[:n] == trainer.dataset.train.images).all()
    assert (first.labels[n:] == 10).all()
    assert len(trainer.train_rows) == 3000
    assert set(trainer.rows) == {*trainer.train_rows, *range(n, n + 1500)}
    assert max(trainer.val_rows) < n
    *_, epoch = trainer.fit()
    assert epoch.train_accuracy > 0.75  # of all 4,500, no more than 0.67 could be right


def test_a_run_goes_on_in_the_middle_of_its_drawings(tmp_path):
    sample = open_dataset("mnist-5k", shipped.DATA)
    keys = {"data": {"name": "mnist-5k", "nondigits": 0.5}, "layers": [16], "batch_size": 32}
    config = toy_config(**keys, epochs=2, dropout=0.1)
    whole, stopped, resumed = (Trainer(config, sample) for _ in range(3))
    list(whole.fit())
    for _ in stopped.fit():
        if stopped.position.seen > len(stopped.train_rows):
            break
    assert 0 < stopped.position.step < stopped.steps
    save(stopped, tmp_path / "last.npz")
    load(tmp_path / "last.npz").restore(resumed)
    list(resumed.fit())
    assert (resumed.network.theta == whole.network.theta).all()
    assert resumed.history[-1].train_accuracy == whole.history[-1].train_accuracy


def test_the_smallest_share_is_one_drawing():
    sample = open_dataset("mnist-5k", shipped.DATA)
    trainer = Trainer(toy_config(data={"name": "mnist-5k", "nondigits": 1e-9}), sample)
    assert len(trainer.rows) == len(trainer.train_rows) + 1
