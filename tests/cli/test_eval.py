"""``mlp eval`` says what an independent computation says, of the digits that were asked for."""

import json
import shutil

import numpy as np
import pytest

from mlp_cli.data.dataset import open_dataset
from mlp_cli.training.checkpoint import load
from mlp_cli.training.loop import split_rows


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return open_dataset("mnist-5k", tmp_path_factory.getbasetemp())


def by_hand(run, images, labels):
    """Accuracy, mean cross-entropy and confusion of the trained network, in float64."""
    theta = load(run / "best.npz").theta.astype(float)
    n = 784 * 32 + 32 * 10  # all weights come before all biases
    W0, W1 = np.split(theta[:n], [784 * 32])
    b0, b1 = np.split(theta[n:], [32])
    h = np.maximum(images / 255 @ W0.reshape(784, 32) + b0, 0)
    z = h @ W1.reshape(32, 10) + b1
    loss = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (labels, z.argmax(axis=1)), 1)
    return confusion.trace() / len(labels), loss.mean(), confusion


@pytest.mark.parametrize("part", ["test", "validation", "train"])
def test_the_numbers_are_those_of_an_independent_computation(mlp, trained, sample, part):
    done = mlp("eval", trained, "--split", part, "--json")
    found = json.loads(done.out)
    split = sample.test if part == "test" else sample.train
    train, val = split_rows(load(trained / "best.npz").config, sample.train.labels)
    rows = {"test": np.arange(1000), "validation": val, "train": train}[part]
    accuracy, loss, confusion = by_hand(trained, split.images[rows], split.labels[rows])
    assert done.code == 0
    assert found["examples"] == {"test": 1000, "validation": 400, "train": 3600}[part]
    assert found["accuracy"] == accuracy > 0.8
    assert found["loss"] == pytest.approx(loss, rel=1e-5)
    assert found["confusion"] == confusion.tolist()


def test_validation_is_the_rows_that_the_training_held_out(mlp, trained):
    found = json.loads(mlp("eval", trained, "--split", "validation", "--json").out)
    summary = json.loads((trained / "summary.json").read_text())
    assert found["accuracy"] == summary["val_accuracy"]
    assert found["loss"] == summary["val_loss"]


def test_json_has_the_keys_that_scripts_look_for(mlp, trained):
    (line,) = mlp("eval", trained, "--json").out.splitlines()
    found = json.loads(line)
    assert found["checkpoint"] == str(trained / "best.npz")
    assert (found["data"], found["split"], found["warning"]) == ("mnist-5k", "test", None)
    low, high = found["accuracy_interval"]
    assert low < found["accuracy"] < high
    assert found["accuracy"] < found["top2_accuracy"] <= 1
    assert 0 < found["calibration_error"] < 1
    assert set(found["macro"]) == {"precision", "recall", "f1", "support"}
    assert [row["class"] for row in found["per_class"]] == list("0123456789")
    assert [row["support"] for row in found["per_class"]] == [100] * 10


def test_the_text_has_measures_classes_and_confusions(mlp, trained):
    found = json.loads(mlp("eval", trained, "--json").out)
    text = mlp("eval", trained).out
    assert str(trained / "best.npz") in text
    assert f"{100 * found['accuracy']:.2f} %" in text
    for word in ("95 % interval", "top-2", "calibration", "precision", "recall", "F1"):
        assert word in text
    for row in found["confusion"]:
        assert " ".join(str(count) for count in row if count > 50) in text


def test_the_text_says_which_loss_it_is(mlp, trained):
    assert "     cross_entropy\n" in mlp("eval", trained).out
    smoothed = ["--set", "loss={name: cross_entropy, label_smoothing: 0.1}", "--out", "run", "-q"]
    assert mlp("train", "--config", "tiny.yaml", *smoothed).code == 0
    alone, copies = mlp("eval", "run", "--copies", 1).out.split("The mean answer")
    assert "     cross_entropy (label_smoothing 0.1)\n" in alone
    together = mlp("eval", "run", trained).out
    assert "     cross_entropy\n" in copies
    assert "     cross_entropy\n" in together


@pytest.mark.parametrize("checkpoint", ["runs/sample-001", "runs/sample-001/last.npz", "latest"])
def test_a_checkpoint_is_a_folder_a_file_or_the_latest(mlp, here, trained, checkpoint):
    shutil.copytree(trained, here / "runs/sample-001")
    assert mlp("eval", checkpoint).code == 0


def test_a_checkpoint_alone_is_enough(mlp, here, trained):
    shutil.copy(trained / "best.npz", here / "mine.npz")
    expected = json.loads(mlp("eval", trained, "--json").out)
    found = json.loads(mlp("eval", "mine.npz", "--json").out)
    assert found == {**expected, "checkpoint": "mine.npz"}


def test_digits_that_it_was_trained_on_bring_a_warning(mlp, trained):
    done = mlp("eval", trained, "--split", "train", "--json")
    assert done.err.startswith("Warning: these are the examples that the model was trained on")
    assert "the examples" in json.loads(done.out)["warning"]
    assert mlp("eval", trained).err == ""


def test_the_sample_is_known_to_be_part_of_the_full_set(mlp, here, mnist):
    (here / "full.yaml").write_text(
        "{data: {name: mnist, limit: 300}, layers: [4], epochs: 1, plots: false}"
    )
    assert mlp("train", "--config", "full.yaml", "--data-dir", mnist, "-q").code == 0
    done = mlp("eval", "latest", "--data", "mnist-5k")
    assert done.code == 0
    assert done.err.startswith("Warning: mnist-5k is part of mnist's training set")
    assert mlp("eval", "latest", "--data-dir", mnist).err == ""


def test_data_of_another_kind_are_refused(mlp, trained):
    images = np.zeros((12, 8, 8), np.uint8)
    np.savez("small.npz", images=images, labels=np.arange(12) % 2)
    done = mlp("eval", trained, "--data", "small.npz")
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert "judge it on data of its own kind" in line


def test_other_data_have_no_validation_rows(mlp, trained):
    labels = np.arange(40) % 10
    np.savez("own.npz", images=np.zeros((40, 28, 28), np.uint8), labels=labels)
    done = mlp("eval", trained, "--data", "own.npz", "--split", "validation")
    assert done.code == 1
    assert "held digits out of mnist-5k, not of own.npz" in done.err
    assert mlp("eval", trained, "--data", "own.npz").code == 0


def test_data_that_are_not_here_are_not_fetched(mlp, here, trained):
    done = mlp("eval", trained, "--data", "mnist", "--data-dir", here / "empty")
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert "run: mlp data download mnist" in line


def test_a_damaged_checkpoint_is_one_line(mlp, here, trained):
    whole = (trained / "best.npz").read_bytes()
    (here / "bad.npz").write_bytes(whole[: len(whole) // 2])
    for words in (["eval", "bad.npz"], ["inspect", "bad.npz"], ["predict", "-c", "bad.npz", "x"]):
        done = mlp(*words)
        assert (done.code, done.out) == (1, "")
        (line,) = done.err.splitlines()
        assert line.startswith("Error: bad.npz: is no checkpoint of mlp, or a damaged one")


def test_a_report_is_a_page_with_the_same_numbers(mlp, trained, here):
    done = mlp("eval", trained, "--report", "report")
    assert done.code == 0
    assert done.out.endswith("report             report/report.html\n")
    found = json.loads(mlp("eval", trained, "--report", "again", "--json").out)
    assert found["report"] == "again/report.html"
    page = (here / "again" / "report.html").read_text("utf-8")
    assert page == (here / "report" / "report.html").read_text("utf-8")
    assert f"<title>mnist-5k, test: {100 * found['accuracy']:.2f} % are right</title>" in page
    assert f"Loss {found['loss']:.4f}" in page


@pytest.mark.parametrize(("command", "flag"), [("eval", "--report"), ("inspect", "--figures")])
def test_a_folder_that_holds_anything_is_left_alone(mlp, trained, here, command, flag):
    (here / "taken").mkdir()
    assert mlp(command, trained, flag, "taken").code == 0  # while it is empty
    for name, fault in (
        ("taken", "holds files already; name another folder"),
        ("tiny.yaml", "cannot be used: Not a directory; name another folder"),
    ):
        done = mlp(command, trained, flag, name)
        assert (done.code, done.out) == (2, "")
        assert done.err == f"Error: {flag} {name}: {fault}\n"


def test_a_report_of_a_committee_names_its_members(mlp, trained, here):
    assert mlp("train", "--config", "tiny.yaml", "--out", "other", "-q", "--seed", 1).code == 0
    found = json.loads(mlp("eval", trained, "other", "--report", "report", "--json").out)
    page = (here / "report" / "report.html").read_text("utf-8")
    assert f"Judged together: {trained / 'best.npz'}, other/best.npz, on 1,000 examples." in page
    assert f"{100 * found['accuracy']:.2f} % are right" in page
