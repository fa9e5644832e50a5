"""What a network answers, and that it answers nothing where it has diverged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toys import toy_config, toy_dataset

from mlp_cli.data.pictures import Picture
from mlp_cli.errors import DivergedError
from mlp_cli.reports.answers import answer, answer_of, answer_text
from mlp_cli.training import checkpoint
from mlp_cli.training.loop import Trainer


@pytest.fixture
def trainer():
    return Trainer(toy_config(), toy_dataset())


@pytest.fixture
def network(trainer):
    return trainer.network


@pytest.fixture
def saved(trainer):
    return checkpoint.of(trainer, Path("toy.npz"))


PICTURE = Picture("a.png", np.full(20, 51, np.uint8), "cross")


def test_an_answer_is_the_most_probable_class(saved, network):
    network.W[-1][:] = 0
    network.b[-1][:] = np.log([0.25, 0.125, 0.625])
    found = answer(saved, network, PICTURE)
    assert (found["image"], found["prediction"], found["truth"]) == ("a.png", "square", "cross")
    assert found["probabilities"] == pytest.approx(
        {"circle": 0.25, "cross": 0.125, "square": 0.625}
    )
    assert answer_text(found, 2) == (
        "a.png: not sure, perhaps square (62.5 %)  then circle (25.0 %)  it is cross: wrong"
    )


@pytest.mark.parametrize(
    ("sure", "told"), [(0.79, "a.png: not sure, perhaps 7 (79.0 %)"), (0.81, "a.png: 7 (81.0 %)")]
)
def test_a_low_confidence_is_said_in_words(sure, told):
    read = {"image": "a.png", "prediction": "7", "probabilities": {"1": 1 - sure, "7": sure}}
    assert answer_text(read, 1) == told


@pytest.mark.parametrize(
    ("nondigits", "temperature", "truth", "predicted"),
    [(0.5, 0.9, None, None), (0.0, 0.9, None, "3"), (0.5, 1.0, None, "3"), (0.5, 0.9, "3", "3")],
    ids=["refused", "has seen none", "not calibrated", "a test digit"],
)
def test_a_calibrated_network_that_saw_no_digits_says_so(
    saved, nondigits, temperature, truth, predicted
):
    config = toy_config(data={"name": "mnist", "nondigits": nondigits})
    classes = tuple("0123456789")
    judge = replace(saved, config=config, temperature=temperature, classes=classes)
    shares = np.full(10, 0.06)
    shares[3] = 0.46
    found = answer_of(judge, Picture("a.png", np.zeros(784, np.uint8), truth), shares)
    assert found["prediction"] == predicted
    assert found["probabilities"]["3"] == 0.46
    assert ("error" in found) == (predicted is None)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_network_that_has_diverged_gives_no_answer(saved, network, value):
    network.b[-1][:] = value
    with pytest.raises(DivergedError, match="outputs are not finite numbers"):
        answer(saved, network, PICTURE)
