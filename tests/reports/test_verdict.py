"""Overfitting is named when training and validation have parted, and only then."""

import numpy as np
import pytest

from mlp_cli.reports.verdict import overfitting, percent, result_text
from mlp_cli.training.events import EpochDone
from mlp_cli.training.metrics import evaluate
from mlp_cli.training.run import Result


def result(train, val):
    """Of a training with these accuracies, and 3 of 4 test examples right."""
    val_loss = None if val is None else 0.5
    best = EpochDone(7, 0.9, 0.8, val_loss, val, 0.1, 1.0, 100.0)
    labels, probabilities = np.array([0, 1, 1, 0]), np.eye(2)[[0, 1, 0, 0]]
    return Result(best, 0.25, train, evaluate(labels, probabilities, ("a", "b"), 0.75))


@pytest.mark.parametrize(
    ("train", "val", "parted"),
    [(1.0, 0.9, True), (0.97, 0.95, True), (0.951, 0.95, False), (0.9, 0.95, False)],
)
def test_overfitting_is_a_lead_of_the_training_set(train, val, parted):
    (sentence,) = overfitting(result(train, val))
    assert sentence.startswith("Overfitting:") == parted
    assert ("dropout" in sentence) == parted


def test_the_lead_is_told_in_points():
    assert "10.0 points better than new ones" in overfitting(result(1.0, 0.9))[0]


def test_without_validation_nothing_is_said_of_it():
    assert overfitting(result(1.0, None)) == []
    assert "validation" not in result_text(result(1.0, None))


def test_the_end_of_a_training_tells_cost_validation_and_test():
    best, training, validation, test, sentence = result_text(result(1.0, 0.9)).splitlines()
    assert best.split() == ["best", "epoch", "7"]
    assert training.endswith("cost 0.2500, accuracy 100.00 %")
    assert validation.endswith("loss 0.5000, accuracy 90.00 %")
    assert "loss 0.7500, accuracy 75.00 % (95 % interval 30.06 % to 95.44 %)" in test
    assert sentence.startswith("Overfitting")


def test_percent():
    assert percent(0.98765) == "98.77 %"
