"""A run keeps every epoch on disk before it is told, and its best apart."""

import csv
import json

import numpy as np
import pytest
import yaml
from toys import stop_after, toy_config, toy_dataset

from mlp_cli.config import from_plain
from mlp_cli.errors import DivergedError, RunError
from mlp_cli.training.calibration import fit_temperature
from mlp_cli.training.checkpoint import load
from mlp_cli.training.evaluate import mean_loss
from mlp_cli.training.events import EpochDone, best_epoch
from mlp_cli.training.loop import Trainer
from mlp_cli.training.run import Run
from mlp_cli.training.rundir import RunFolder


def start(tmp_path, **keys):
    return Run(RunFolder(tmp_path), Trainer(toy_config(**keys), toy_dataset()))


def test_an_epoch_is_safe_before_it_is_told(tmp_path):
    run = start(tmp_path, batch_size=10)
    for event in run.train():
        if isinstance(event, EpochDone):
            last = load(run.folder.last)
            assert last.position.epoch == event.epoch
            assert last.theta.tobytes() == run.trainer.network.theta.tobytes()
            rows = list(csv.DictReader(run.folder.metrics.read_text().splitlines()))
            assert len(rows) == event.epoch
            assert float(rows[-1]["val_loss"]) == event.val_loss
            assert load(run.folder.best).metrics == best_epoch(run.trainer.history)
    assert event.epoch == 3


def test_the_best_epoch_is_kept_when_later_ones_are_worse(tmp_path):
    # Ever larger steps: the first epochs learn, the later ones undo it.
    run = start(
        tmp_path,
        epochs=12,
        optimizer={"name": "sgd", "learning_rate": 3.0, "weight_decay": 0.1},
    )
    list(run.train())
    best = best_epoch(run.trainer.history)
    assert best.epoch < 12
    kept = load(run.folder.best)
    assert kept.position.epoch == best.epoch
    loss, accuracy = mean_loss(kept.network(), run.trainer.dataset.train, run.trainer.val_rows)
    assert (loss, accuracy) == (best.val_loss, best.val_accuracy)


def test_the_config_in_the_folder_is_the_whole_one(tmp_path):
    run = start(tmp_path)
    written = yaml.safe_load(run.folder.config.read_text())
    assert from_plain(written, "config.yaml") == run.trainer.config
    assert written["optimizer"]["learning_rate"] == 0.001


def test_the_summary_speaks_of_the_best_epoch(tmp_path):
    run = start(tmp_path)
    list(run.train())
    result = run.finish("mlp train --config toy.yaml")
    summary = json.loads(run.folder.summary.read_text())
    best = best_epoch(run.trainer.history)
    dataset, network = run.trainer.dataset, load(run.folder.best).network()
    rows = np.arange(len(dataset.test))
    test_loss, test_accuracy = mean_loss(network, dataset.test, rows)
    cost, accuracy = mean_loss(network, dataset.train, run.trainer.train_rows)
    assert summary["test_accuracy"] == result.test.accuracy == test_accuracy
    assert summary["test_loss"] == test_loss
    assert summary["train_cost"] == result.train_cost == cost
    assert summary["train_accuracy"] == accuracy
    assert summary["val_accuracy"] == best.val_accuracy
    assert summary["val_loss"] == best.val_loss
    assert summary["best_epoch"] == best.epoch
    assert (summary["epochs"], summary["planned_epochs"]) == (3, 3)
    assert summary["stopped_early"] is False
    assert summary["examples"] == {"train": 24, "validation": 6, "test": 12}
    assert summary["parameters"] == 20 * 4 + 4 + 4 * 3 + 3
    assert summary["seed"] == 0
    assert set(summary["versions"]) == {"mlp", "numpy", "python", "blas"}
    assert summary["command"] == "mlp train --config toy.yaml"
    assert summary["training_seconds"] <= summary["seconds"]
    assert summary["started"].endswith("+00:00")


@pytest.mark.parametrize("batch_size", [8, "all"])
def test_a_diverged_training_overwrites_nothing_good(tmp_path, batch_size):
    # One good epoch; then the rate grows out of all measure.
    keys = {"batch_size": batch_size, "loss": "mse", "output": "identity"}
    run = start(tmp_path, **keys, optimizer={"name": "sgd", "learning_rate": 0.01})
    for event in run.train():
        if isinstance(event, EpochDone):
            break
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    mad = Trainer(
        toy_config(**keys, optimizer={"name": "sgd", "learning_rate": 1e30}), toy_dataset()
    )
    mad.network.theta[:] = run.trainer.network.theta
    mad.position, mad.history = run.trainer.position, run.trainer.history
    run.trainer = mad
    with pytest.raises(DivergedError, match="at epoch 2, by step"):
        list(run.train())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_not_saved(tmp_path, value):
    run = start(tmp_path, batch_size=10)
    stop_after(run, 5)  # an epoch of three steps, itself, and a step of the next
    before = run.folder.last.read_bytes()
    run.trainer.network.theta[3] = value
    with pytest.raises(DivergedError, match="at epoch 2, by step 1: a weight is no longer"):
        run.save()
    assert run.folder.last.read_bytes() == before


def test_a_training_that_diverges_in_its_last_step_has_no_result(tmp_path):
    run = start(
        tmp_path,
        epochs=1,
        batch_size="all",
        data={"name": "mnist-5k", "validation": 0},
        optimizer={"name": "sgd", "learning_rate": 1e30},
        loss="mse",
        output="identity",
    )
    list(run.train())
    with pytest.raises(DivergedError, match="at epoch 1, by step 1: the cost"):
        run.finish("mlp train")
    assert not run.folder.summary.exists()


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path):
    run = start(tmp_path)
    run.folder.metrics.unlink()
    run.folder.metrics.mkdir()
    with pytest.raises(RunError, match=r"the run cannot be written: Is a directory$"):
        list(run.train())


def test_a_finished_run_is_calibrated_on_what_it_held_out(tmp_path):
    run = start(tmp_path, epochs=20, optimizer={"name": "adam", "learning_rate": 0.05})
    list(run.train())
    raw = load(run.folder.best)
    assert raw.temperature == 1
    found = run.finish("mlp train").temperature
    kept = load(run.folder.best)
    rows = run.trainer.val_rows
    assert found == fit_temperature(raw.network(), run.trainer.dataset.train, rows) != 1
    assert kept.temperature == kept.network().temperature == found
    assert json.loads(run.folder.summary.read_text())["temperature"] == found
    assert kept.theta.tobytes() == raw.theta.tobytes()
    assert run.finish("mlp train").temperature == found


def test_without_a_validation_set_nothing_is_calibrated(tmp_path):
    run = start(tmp_path, data={"name": "mnist-5k", "validation": 0})
    list(run.train())
    assert run.finish("mlp train").temperature == 1
    assert load(run.folder.best).temperature == 1
