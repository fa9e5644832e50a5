"""What is told of a checkpoint is true of its weights."""

import numpy as np
import pytest
from toys import toy_config, toy_dataset

from mlp_cli.reports.inspection import inspection, inspection_text
from mlp_cli.training.checkpoint import load, save
from mlp_cli.training.loop import Trainer


@pytest.fixture
def trainer():
    trainer = Trainer(toy_config(layers=[6, 4], activation="relu", batch_size=10), toy_dataset())
    list(trainer.fit())
    return trainer


def found(trainer, tmp_path, examples=None):
    save(trainer, tmp_path / "last.npz")
    return inspection(load(tmp_path / "last.npz"), examples)


def test_the_statistics_are_those_of_the_weights(trainer, tmp_path):
    layers = found(trainer, tmp_path)["layers"]
    for layer, W, b in zip(layers, trainer.network.W, trainer.network.b, strict=True):
        for name, values in (("weights", W), ("biases", b)):
            told = layer[name]
            assert told["mean"] == pytest.approx(values.mean(), abs=1e-6)
            assert told["std"] == pytest.approx(values.std(), abs=1e-6)
            assert (told["min"], told["max"]) == (values.min(), values.max())
        assert layer["parameters"] == W.size + b.size
        assert (layer["inputs"], layer["neurons"]) == W.shape


def test_units_made_dead_are_counted(trainer, tmp_path):
    examples = trainer.dataset.train
    trainer.network.b[0][:] = 100  # every unit of the first layer awake, but for two
    trainer.network.W[0][:, [1, 4]] = 0
    trainer.network.b[0][[1, 4]] = -1
    assert found(trainer, tmp_path, examples)["layers"][0]["dead_units"] == 2


def test_a_unit_that_answers_one_example_is_alive(trainer, tmp_path):
    examples = trainer.dataset.train
    x = examples.images / 255
    W, b = trainer.network.W[0], trainer.network.b[0]
    b[:] = 100
    W[:, 0] = x[3] - x.mean(axis=0)
    heights = np.sort(x @ W[:, 0])
    b[0] = -(heights[-1] + heights[-2]) / 2
    assert found(trainer, tmp_path, examples)["layers"][0]["dead_units"] == 0


def test_a_network_that_has_diverged_can_be_looked_at(trainer, tmp_path):
    trainer.network.theta[:] = 1e38
    first, *_ = found(trainer, tmp_path, trainer.dataset.train)["layers"]
    assert first["weights"]["mean"] == pytest.approx(1e38)
    assert first["dead_units"] == 0


def test_without_examples_nobody_knows_who_is_dead(trainer, tmp_path):
    known = found(trainer, tmp_path)
    assert {layer["dead_units"] for layer in known["layers"]} == {None}
    assert {layer["saturated_units"] for layer in known["layers"]} == {None}
    assert inspection_text(known).count("not known") == 6


def test_the_text_names_layers_metrics_and_config(trainer, tmp_path):
    text = inspection_text(found(trainer, tmp_path, trainer.dataset.train))
    assert "20 → 6 → 4 → 3" in text
    assert "3 epochs and 0 steps" in text
    assert "val_accuracy" in text
    assert "learning_rate: 0.001" in text


def test_before_the_first_epoch_there_are_no_metrics(tmp_path):
    fresh = Trainer(toy_config(), toy_dataset())
    known = found(fresh, tmp_path)
    assert known["metrics"] is None
    assert "metrics of its last epoch" not in inspection_text(known)
