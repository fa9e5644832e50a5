"""``mlp eval a b c``: the mean of the probabilities is judged, and each member beside it."""

import json
from pathlib import Path

import numpy as np
import pytest

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.training.checkpoint import load

MEMBERS = {
    "a": [],
    "b": ["--set", "layers=[9]", "--set", "norm=batch"],
    "c": ["--set", "augment=digits", "--set", "loss=mse"],
}


@pytest.fixture
def members(mlp):
    """Run folders of three trainings that held out the same digits."""
    for name, flags in MEMBERS.items():
        assert mlp("train", "--config", "tiny.yaml", "--out", name, "-q", *flags).code == 0
    return list(MEMBERS)


def by_hand(names, images, labels):
    """Accuracy and cross-entropy of the mean of the probabilities."""
    x = (images / 255).astype(np.float32)
    networks = [load(Path(name, "best.npz")).network() for name in names]
    mean = np.mean([network.probabilities(x) for network in networks], axis=0, dtype=float)
    loss = -np.log(mean[np.arange(len(x)), labels]).mean()
    return float(np.mean(mean.argmax(axis=1) == labels)), loss


def test_json_has_the_committee_and_its_members(mlp, members):
    test = open_dataset("mnist-5k", shipped.DATA).test
    done = mlp("eval", *members, "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    accuracy, loss = by_hand(members, test.images, test.labels)
    assert found["accuracy"] == accuracy
    assert found["loss"] == pytest.approx(loss, rel=1e-4)
    assert found["checkpoints"] == [f"{name}/best.npz" for name in members]
    alone = [json.loads(mlp("eval", name, "--json").out) for name in members]
    assert found["accuracies"] == [each["accuracy"] for each in alone]
    assert len({each["accuracy"] for each in alone}) > 1
    assert found.keys() - alone[0].keys() == {"checkpoints", "accuracies"}
    assert alone[0].keys() - found.keys() == {"checkpoint"}
    assert (found["data"], found["split"], found["warning"]) == ("mnist-5k", "test", None)


def test_the_text_names_each_member_with_its_accuracy(mlp, members):
    found = json.loads(mlp("eval", *members, "--json").out)
    head = mlp("eval", *members).out.splitlines()[:5]
    for line, path, accuracy in zip(head, found["checkpoints"], found["accuracies"], strict=False):
        assert line == f"checkpoint         {path}   {100 * accuracy:.2f} % alone"
    assert head[3] == "data               mnist-5k, test"
    assert f"{100 * found['accuracy']:.2f} %" in head[4]
    assert "alone" not in mlp("eval", members[0]).out


def test_a_member_named_twice_is_refused(mlp, members):
    done = mlp("eval", "a", "a/best.npz")
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: a/best.npz: is named twice; a committee has different members\n"


def test_together_they_are_judged_on_what_all_held_out(mlp, members):
    found = json.loads(mlp("eval", *members, "--split", "validation", "--json").out)
    assert found["examples"] == 60
    mlp("train", "--config", "tiny.yaml", "--out", "d", "-q", "--seed", 1)
    assert mlp("eval", "a", "d").code == 0
    done = mlp("eval", "a", "d", "--split", "validation")
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert line == (
        "Error: d/best.npz: its training divided mnist-5k otherwise than that of a/best.npz; "
        "judge them together on --split test"
    )


def test_a_member_of_other_data_is_refused(mlp, members):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (30, 8, 8), np.uint8)
    np.savez("own.npz", images=images, labels=np.arange(30) % 3)
    Path("own.yaml").write_text("{data: own.npz, layers: [3], epochs: 1, plots: false}")
    assert mlp("train", "--config", "own.yaml", "--out", "own", "-q").code == 0
    for names in (["a", "own"], ["own", "a"]):
        done = mlp("eval", *names)
        assert (done.code, done.out) == (1, "")
        (line,) = done.err.splitlines()
        assert f"{names[1]}/best.npz: was trained on" in line


def test_a_member_that_learned_the_digits_brings_a_warning(mlp, members):
    done = mlp("eval", *members, "--split", "train", "--json")
    assert done.err.count("Warning: ") == 1
    assert "the examples that the model was trained on" in json.loads(done.out)["warning"]


@pytest.mark.parametrize("names", [["a", "nowhere"], ["nowhere", "a"]])
def test_a_member_that_is_not_there_is_one_line(mlp, members, names):
    done = mlp("eval", *names)
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert line.startswith("Error: nowhere: there is no such checkpoint")
