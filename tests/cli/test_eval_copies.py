"""``mlp eval --copies``: the mean answer to changed copies, told apart from the plain one."""

import json
from pathlib import Path

import numpy as np
import pytest

ERASED = "{name: digits, erase: 0.5}"


@pytest.fixture
def judged(mlp):
    """What ``mlp eval`` says as JSON."""

    def run(*words):
        done = mlp("eval", *words, "--json")
        assert done.code == 0, done.err
        return json.loads(done.out)

    return run


@pytest.fixture
def own(mlp):
    """Trains on data of one's own into a folder."""

    def train(folder, *flags):
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (60, 8, 8), np.uint8)
        np.savez("own.npz", images=images, labels=np.arange(60) % 3)
        Path("own.yaml").write_text("{data: own.npz, layers: [3], epochs: 1, plots: false}")
        assert mlp("train", "--config", "own.yaml", "--out", folder, "-q", *flags).code == 0

    return train


def test_they_are_told_apart_and_the_plain_figures_stay(judged, trained):
    plain, found = judged(trained), judged(trained, "--copies", 2)
    changed = found.pop("with_copies")
    assert found == plain
    assert changed.pop("copies") == 2
    assert changed.keys() <= plain.keys()
    assert changed["examples"] == plain["examples"]
    assert changed["confusion"] != plain["confusion"]
    assert abs(changed["accuracy"] - plain["accuracy"]) < 0.2


def test_they_are_the_same_each_time(judged, trained):
    first, again = (judged(trained, "--copies", 3) for _ in range(2))
    assert first == again
    assert first["with_copies"] != judged(trained, "--copies", 2)["with_copies"]


def test_the_text_has_them_beneath_the_plain_figures(mlp, judged, trained):
    found = judged(trained, "--copies", 2)
    plain, copied = mlp("eval", trained, "--copies", 2).out.split("\n\nThe mean answer to ")
    assert plain == mlp("eval", trained).out.rstrip()
    assert copied.startswith("each image and 2 changed copies of it:\naccuracy")
    assert f"{100 * found['with_copies']['accuracy']:.2f} %" in copied


def test_a_committee_may_have_them_too(mlp, judged, trained):
    mlp("train", "--config", "tiny.yaml", "--out", "other", "-q")
    found = judged(trained, "other", "--copies", 2)
    changed = found.pop("with_copies")
    assert found == judged(trained, "other")
    assert changed != judged(trained, "--copies", 2)["with_copies"]


def test_they_are_changed_as_the_training_changed_its_images(mlp, judged):
    for name, augment in (("plain", "null"), ("digits", "digits"), ("erased", ERASED)):
        still = ["--lr", 1e-30, "--set", f"augment={augment}"]
        assert mlp("train", "--config", "tiny.yaml", "--out", name, "-q", *still).code == 0
    told = {name: judged(name, "--copies", 2) for name in ("plain", "digits", "erased")}
    assert len({each["loss"] for each in told.values()}) == 1
    changed = {name: each["with_copies"]["loss"] for name, each in told.items()}
    assert changed["plain"] == changed["digits"]  # what is safe for digits
    assert changed["erased"] != changed["digits"]


def test_how_your_own_images_may_be_changed_is_known_from_the_training_alone(mlp, own):
    own("run")
    done = mlp("eval", "run", "--copies", 2)
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("Error: --copies: how an image of own.npz may be changed is not known")
    own("augmented", "--set", "augment=digits")
    assert mlp("eval", "augmented", "--copies", 2).code == 0


@pytest.mark.parametrize("copies", [0, -1, 1001, "many"])
def test_another_number_is_a_wrong_command_line(mlp, trained, copies):
    done = mlp("eval", trained, "--copies", copies)
    assert (done.code, done.out) == (2, "")
    assert "--copies" in done.err
