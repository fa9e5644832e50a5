"""Data of your own, from training to prediction: the same pixels all the way, or a word of it."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset

CLASSES = "017"


def write_pictures(folder, split, each):
    """A folder for each class with some of its digits, black on white."""
    for name in CLASSES:
        (folder / name).mkdir(parents=True)
        for index in np.flatnonzero(split.labels == int(name))[:each]:
            digit = Image.fromarray(split.images[index].reshape(28, 28))
            ImageOps.invert(digit).save(folder / name / f"{index:04}.png")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Scanned pages in train/ and test/, with a folder for each class."""
    folder = tmp_path_factory.mktemp("pages")
    sample = open_dataset("mnist-5k", shipped.DATA)
    write_pictures(folder / "train", sample.train, 20)
    write_pictures(folder / "test", sample.test, 5)
    return folder


@pytest.fixture
def train(mlp, here):
    """Trains on own data into the folder ``run``."""

    def run(data):
        Path("own.yaml").write_text(
            f"{{data: {data}, layers: [8], batch_size: 10, epochs: 20, plots: false}}"
        )
        assert mlp("train", "--config", "own.yaml", "--out", "run", "-q").code == 0

    return run


def save_npz(side=8, seed=0):
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (60, side, side), np.uint8)
    np.savez("own.npz", images=images, labels=np.arange(60) % 3)


@pytest.mark.parametrize("letter", ["\u3000", "\xa0", "\u200d", "\n"], ids=ascii)
def test_data_may_lie_at_any_path(mlp, here, letter):
    """A training whose data's name cannot be printed can be ended, asked and gone on with."""
    (here / f"a{letter}b").mkdir()
    save_npz()
    Path("own.npz").rename(f"a{letter}b/own.npz")
    name = f"data={{name: {json.dumps(f'a{letter}b/own.npz')}, validation: 10}}"
    assert mlp("train", "--config", "tiny.yaml", "--set", name, "--out", "run").code == 0
    assert mlp("eval", "run").code == 0
    assert mlp("train", "--resume", "run", "--epochs", 4).code == 0


def test_pictures_are_read_with_the_pixels_that_were_trained_on(mlp, train, pages):
    train(pages)
    folders = [pages / "test" / name for name in CLASSES]
    read = mlp("predict", *folders, "--checkpoint", "run", "--json")
    assert read.code == 0
    answers = [json.loads(line) for line in read.out.splitlines()]
    confusion = np.zeros((3, 3), int)
    for index, answer in enumerate(answers):
        (line,) = mlp("predict", "--index", index, "--checkpoint", "run", "--json").out.splitlines()
        assert answer["probabilities"] == json.loads(line)["probabilities"]
        truth = CLASSES.index(Path(answer["image"]).parent.name)
        confusion[truth, CLASSES.index(answer["prediction"])] += 1
    judged = json.loads(mlp("eval", "run", "--json").out)
    assert judged["confusion"] == confusion.tolist()
    assert judged["accuracy"] > 0.6


def test_the_size_of_a_picture_does_not_change_its_answer(mlp, train, pages, here):
    train(pages)
    folders = [pages / "test" / name for name in CLASSES]
    large = here / "large"
    large.mkdir()
    for path in (path for folder in folders for path in sorted(folder.iterdir())):
        with Image.open(path) as page:
            page.resize((112, 112), Image.Resampling.NEAREST).save(large / path.name)
    answers = {}
    for size, names in (("small", folders), ("large", [large])):
        read = mlp("predict", *names, "--checkpoint", "run", "--json")
        lines = map(json.loads, read.out.splitlines())
        answers[size] = {Path(line["image"]).name: line["prediction"] for line in lines}
    same = [answers["large"][name] == answer for name, answer in answers["small"].items()]
    assert len(same) == 15
    assert sum(same) >= 14


def test_data_sorted_by_class_are_shown_mixed_and_always_the_same(mlp, pages):
    shown = mlp("data", "show", pages, "--count", 12)
    assert shown.code == 0
    heads = shown.out.splitlines()[::9]  # each over seven lines of picture and an empty one
    labels = [word for head in heads for word in head.split()]
    assert set(labels) <= set(CLASSES)
    assert len(set(labels)) > 1
    assert mlp("data", "show", pages, "--count", 12).out == shown.out


def test_data_that_have_changed_since_are_judged_with_a_warning(mlp, train):
    save_npz()
    train("own.npz")
    assert mlp("eval", "run").err == ""
    save_npz(seed=1)
    done = mlp("eval", "run", "--json")
    assert done.code == 0
    assert done.err.startswith("Warning: own.npz has changed since, and may be divided otherwise")
    assert "has changed since" in json.loads(done.out)["warning"]


@pytest.mark.parametrize("part", ["train", "validation"])
def test_what_was_held_out_of_data_that_have_changed_is_refused(mlp, train, part):
    save_npz()
    train("own.npz")
    save_npz(seed=1)
    done = mlp("eval", "run", "--split", part)
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert "own.npz is no longer what it was trained on" in line
    assert line.endswith("judge it on --split test")


def test_an_example_of_another_shape_is_refused(mlp, train):
    save_npz()
    train("own.npz")
    assert mlp("predict", "--index", 0, "--checkpoint", "run").code == 0
    save_npz(side=9)
    done = mlp("predict", "--index", 0, "--checkpoint", "run")
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert "was trained on 8×8 pixels in 3 classes (0, 1, 2), and own.npz has 9×9" in line


def test_the_next_command_shows_an_example_of_a_small_test_part(mlp, here):
    save_npz()
    Path("own.yaml").write_text("{data: own.npz, layers: [3], epochs: 1, plots: false}")
    *_, following = mlp("train", "--config", "own.yaml").out.splitlines()
    _, program, *words = following.split()
    assert (program, words[words.index("--index") + 1]) == ("mlp", "9")  # the last of ten
    assert mlp(*words).code == 0
