"""A judged network agrees with a forward pass written out, however the examples are cut."""

import numpy as np
import pytest
from toys import toy_config, toy_dataset

from mlp_cli.errors import DataError, DivergedError
from mlp_cli.training import evaluate
from mlp_cli.training.evaluate import judge, mean_loss
from mlp_cli.training.loop import Trainer


@pytest.fixture
def trainer():
    trainer = Trainer(toy_config(dropout=0.5, input_dropout=0.5, epochs=2), toy_dataset())
    list(trainer.fit())
    return trainer


def by_hand(trainer, rows):
    """Probabilities (B, K) in float64, with nothing dropped."""
    (W0, W1), (b0, b1) = trainer.network.W, trainer.network.b
    h = np.maximum(trainer.dataset.train.images[rows] / 255 @ W0.astype(float) + b0, 0)
    powers = np.exp(h @ W1.astype(float) + b1)
    return powers / powers.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("at_once", [1, 4, 1000])
def test_the_cost_is_the_mean_over_all_examples_with_dropout_off(trainer, monkeypatch, at_once):
    monkeypatch.setattr(evaluate, "JUDGED_AT_ONCE", at_once)
    rows = trainer.train_rows
    labels = trainer.dataset.train.labels[rows]
    probabilities = by_hand(trainer, rows)
    cost, accuracy = mean_loss(trainer.network, trainer.dataset.train, rows)
    assert cost == pytest.approx(-np.log(probabilities[np.arange(len(rows)), labels]).mean(), 1e-5)
    assert accuracy == (probabilities.argmax(axis=1) == labels).mean()


def test_an_evaluation_is_of_these_examples_and_no_others(trainer):
    rows = trainer.val_rows
    split, classes = trainer.dataset.train, trainer.dataset.classes
    found = judge(trainer.network, split, rows, classes)
    cost, accuracy = mean_loss(trainer.network, split, rows)
    assert (found.loss, found.accuracy, found.examples) == (cost, accuracy, len(rows))
    assert found.confusion.sum(axis=1).tolist() == np.bincount(split.labels[rows]).tolist()


def test_nothing_to_judge_is_told(trainer):
    with pytest.raises(DataError, match="there are no examples"):
        judge(trainer.network, trainer.dataset.train, np.array([], np.intp), ("a", "b", "c"))


@pytest.mark.parametrize(
    ("keys", "bias"),
    [
        ({}, np.nan),
        ({}, np.inf),
        ({"output": "identity", "loss": "mse"}, 1e30),  # equal shares, and a loss beyond measure
        ({"output": "sigmoid", "loss": "mae"}, -np.inf),  # a loss of 1, and no shares of nothing
    ],
)
def test_a_loss_or_probabilities_that_are_not_finite_are_refused(keys, bias):
    trainer = Trainer(toy_config(**keys), toy_dataset())
    trainer.network.W[-1][:], trainer.network.b[-1][:] = 0, bias
    with pytest.raises(DivergedError, match="outputs are not finite numbers: its training diver"):
        judge(trainer.network, trainer.dataset.test, np.arange(12), trainer.dataset.classes)
