"""A network that learned from upright digits is shown such by every command."""

import json

import numpy as np
import pytest
from PIL import Image

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.training.checkpoint import load


@pytest.fixture
def runs(mlp, here):
    """Run folders of a training on digits as they are, and of one on upright ones."""
    for name, deskew in (("plain", "false"), ("upright", "true")):
        flags = ["--set", f"data.deskew={deskew}", "--set", "epochs=3", "-q"]
        assert mlp("train", "--config", "tiny.yaml", "--out", name, *flags).code == 0
    return here


def accuracy(run, *, upright):
    """The share that its network reads right of the sample's test digits."""
    test = open_dataset("mnist-5k", shipped.DATA).shown(upright).test
    answers = load(run / "best.npz").network().predict((test.images / 255).astype(np.float32))
    return float(np.mean(answers.argmax(axis=1) == test.labels))


def test_the_banner_says_so(mlp, here):
    done = mlp("train", "--config", "tiny.yaml", "--dry-run", "--set", "data.deskew=true")
    assert "\ndata         mnist-5k, deskewed: " in f"\n{done.out}"
    assert "deskewed" not in mlp("train", "--config", "tiny.yaml", "--dry-run").out


def test_eval_and_the_summary_judge_upright_digits(mlp, runs):
    found = json.loads(mlp("eval", "upright", "--json").out)["accuracy"]
    assert found == accuracy(runs / "upright", upright=True)
    assert found != accuracy(runs / "upright", upright=False)
    assert json.loads((runs / "upright" / "summary.json").read_text())["test_accuracy"] == found


def test_a_committee_shows_each_member_its_own(mlp, runs):
    done = mlp("eval", "plain", "upright", "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["accuracies"] == [
        accuracy(runs / "plain", upright=False),
        accuracy(runs / "upright", upright=True),
    ]


@pytest.mark.parametrize("flags", [[], ["--raw"]])
def test_a_picture_of_a_test_digit_is_read_as_the_digit(mlp, runs, flags):
    test = open_dataset("mnist-5k", shipped.DATA).test
    Image.fromarray(test.images[3].reshape(28, 28)).save("three.png")
    known = json.loads(mlp("predict", "-c", "upright", "--index", 3, "--json").out)
    found = json.loads(mlp("predict", "-c", "upright", "three.png", "--json", *flags).out)
    assert found["probabilities"] == known["probabilities"]
    plain = json.loads(mlp("predict", "-c", "plain", "three.png", "--json", *flags).out)
    assert plain["probabilities"] != known["probabilities"]


def test_explain_looks_at_the_upright_digit(mlp, runs):
    told = json.loads(mlp("explain", "-c", "upright", "--index", 3, "--json").out)
    known = json.loads(mlp("predict", "-c", "upright", "--index", 3, "--json").out)
    assert told["probabilities"] == pytest.approx(known["probabilities"], abs=1e-6)


def test_a_run_goes_on_with_upright_digits(mlp, runs):
    done = mlp("train", "--resume", "upright", "--epochs", 4, "-q")
    assert (done.code, done.err) == (0, "")
    flags = ["--set", "data.deskew=true", "--set", "epochs=4", "-q"]
    assert mlp("train", "--config", "tiny.yaml", "--out", "at-once", *flags).code == 0
    resumed, undisturbed = (load(runs / run / "last.npz") for run in ("upright", "at-once"))
    assert np.array_equal(resumed.theta, undisturbed.theta)
