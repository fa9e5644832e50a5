"""Overfitting is named when training and validation have parted, and only then."""

import numpy as np
import pytest

from mlp_cli.config import from_plain
from mlp_cli.reports.tables import percent
from mlp_cli.reports.verdict import result_text, verdict
from mlp_cli.training.events import EpochDone
from mlp_cli.training.metrics import evaluate
from mlp_cli.training.run import Result

CONFIG = from_plain({"data": "mnist"}, "here")


def result(train, val, val_examples=10_000):
    """Of a training with these accuracies, and 3 of 4 test examples right."""
    val_loss = None if val is None else 0.5
    best = EpochDone(7, 0.9, 0.8, val_loss, val, 0.1, 1.0, 100.0)
    labels, probabilities = np.array([0, 1, 1, 0]), np.eye(2)[[0, 1, 0, 0]]
    test = evaluate([(labels, probabilities)], ("a", "b"), 0.75)
    return Result(best, 0.25, train, val_examples, 1.0, test)


@pytest.mark.parametrize(
    ("train", "val", "word"),
    [
        (1.0, 0.9, "Overfitting:"),
        (0.97, 0.95, "Overfitting:"),
        (0.951, 0.95, "No sign"),
        (0.9, 0.95, "No sign"),
        (0.6, 0.61, "Underfitting:"),
        (0.7, 0.3, "Overfitting:"),
    ],
)
def test_overfitting_is_a_lead_of_the_training_set(train, val, word):
    (sentence,) = verdict(result(train, val), CONFIG)
    assert sentence.startswith(word)


def test_a_lead_that_chance_explains_is_not_overfitting():
    assert verdict(result(0.97, 0.95, val_examples=400), CONFIG)[0].startswith("No sign")


def test_the_lead_is_told_in_points_with_what_helps_and_is_not_in_use():
    (sentence,) = verdict(result(1.0, 0.9), CONFIG)
    assert "10.0 points better than new ones (cost 0.2500 against 0.5000)." in sentence
    assert sentence.endswith(
        "More data, augment, dropout, optimizer.weight_decay or early_stopping may help."
    )
    used = {
        "augment": "digits",
        "dropout": 0.5,
        "optimizer": {"name": "adamw"},
        "early_stopping": {},
    }
    (sentence,) = verdict(result(1.0, 0.9), from_plain({"data": "mnist", **used}, "here"))
    assert sentence.endswith(". More data may help.")


def test_without_validation_nothing_is_said_of_it():
    assert verdict(result(1.0, None), CONFIG) == []
    assert "validation" not in result_text(result(1.0, None), CONFIG)


def test_the_end_of_a_training_tells_cost_validation_and_test():
    best, training, validation, test, sentence = result_text(result(1.0, 0.9), CONFIG).splitlines()
    assert best.split() == ["best", "epoch", "7"]
    assert training.endswith("cost 0.2500, accuracy 100.00 %")
    assert validation.endswith("loss 0.5000, accuracy 90.00 %")
    assert "loss 0.7500, accuracy 75.00 % (95 % interval 30.06 % to 95.44 %)" in test
    assert sentence.startswith("Overfitting")


def test_percent():
    assert percent(0.98765) == "98.77 %"
