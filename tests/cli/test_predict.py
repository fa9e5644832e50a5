"""``mlp predict`` reads any picture, says who spoke, and goes on after a bad one."""

import io
import json
import sys

import numpy as np
import pytest
from PIL import Image, ImageOps

from mlp_cli.data.dataset import open_dataset


@pytest.fixture(scope="module")
def test_digits(tmp_path_factory):
    """Images (1000, 28, 28) and labels of the sample's test set."""
    test = open_dataset("mnist-5k", tmp_path_factory.getbasetemp()).test
    return test.images.reshape(-1, 28, 28), test.labels


@pytest.fixture
def png(here, test_digits):
    """Writes a test digit as a picture."""

    def write(index, name="digit.png", look="light on dark"):
        pixels = Image.fromarray(test_digits[0][index])
        if look == "dark on light":
            pixels = ImageOps.invert(pixels)
        elif look != "light on dark":
            ink = Image.new("RGBA", pixels.size, look.removesuffix(" on glass"))
            ink.putalpha(pixels)
            pixels = ink
        pixels.save(here / name)
        return name

    return write


@pytest.fixture
def predict(mlp, trained):
    def run(*words):
        return mlp("predict", *words, "--checkpoint", trained)

    return run


def answers(done):
    return [json.loads(line) for line in done.out.splitlines()]


def test_a_test_digit_is_read_and_its_truth_is_told(predict, test_digits):
    for index in (0, 17, 999):
        done = predict("--index", index, "--json")
        (answer,) = answers(done)
        assert done.code == 0
        assert answer["image"] == f"mnist-5k test digit {index}"
        assert answer["truth"] == str(test_digits[1][index])


def test_the_text_says_which_checkpoint_spoke_and_whether_it_was_right(predict, trained):
    lines = predict("--index", 17).out.splitlines()
    (answer,) = answers(predict("--index", 17, "--json"))
    assert lines[0] == f"{trained / 'best.npz'} reads:"
    verdict = "right" if answer["truth"] == answer["prediction"] else "wrong"
    assert f"{answer['prediction']} ({100 * answer['confidence']:.1f} %)" in lines[1]
    assert lines[1].endswith(f"it is {answer['truth']}: {verdict}")


def test_a_digit_beyond_the_last_is_told(predict):
    done = predict("--index", 1000)
    assert done.code == 1
    assert "--index 1000: mnist-5k has only 1,000 test digits" in done.err


@pytest.mark.parametrize(
    "look", ["light on dark", "dark on light", "white on glass", "black on glass"]
)
def test_a_picture_of_a_test_digit_gives_the_test_sets_answer(predict, png, look):
    names = [png(index, f"{index:02}.png", look) for index in range(20)]
    read = answers(predict(*names, "--json"))
    assert [answer["image"] for answer in read] == names
    for index, answer in enumerate(read):
        (expected,) = answers(predict("--index", index, "--json"))
        assert answer["probabilities"] == expected["probabilities"]
        assert answer["prediction"] == expected["prediction"]


def test_json_is_an_object_a_line(predict, png, trained):
    done = predict(png(3, "a.png"), png(4, "b.png"), "--json")
    assert done.err == ""
    first, second = answers(done)
    assert (first["image"], second["image"]) == ("a.png", "b.png")
    assert list(first["probabilities"]) == list("0123456789")
    assert sum(first["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert first["confidence"] == max(first["probabilities"].values())
    assert first["confidence"] == first["probabilities"][first["prediction"]]
    assert first["checkpoint"] == str(trained / "best.npz")
    assert "truth" not in first


def test_a_folder_is_read_in_the_order_of_its_names(predict, png, here):
    (here / "scans" / "deeper").mkdir(parents=True)
    for index, name in enumerate(["b.png", "a.png", ".hidden.png", "deeper/c.png"]):
        png(index, f"scans/{name}")
    assert [answer["image"] for answer in answers(predict("scans", "--json"))] == [
        "scans/a.png",
        "scans/b.png",
    ]


def test_notes_beside_the_pictures_are_no_fault(predict, png, here):
    for folder in ("scans", "more", "scans/deeper"):
        (here / folder).mkdir()
        (here / folder / "notes.txt").write_text("not a picture")
        (here / folder / ".hidden").touch()
    png(3, "scans/a.png")
    png(3, "more/b.png")
    for flags in (["--json"], ["--json", "--split"]):
        done = predict("scans", "more", *flags)
        assert [answer["image"] for answer in answers(done)] == ["scans/a.png", "more/b.png"]
        assert done.code == 0
        assert done.err == "Note: files passed over, for their suffix is no picture's: 2\n"


def test_an_empty_folder_is_a_fault(predict, here):
    (here / "scans").mkdir()
    done = predict("scans", "--json")
    assert (done.code, done.err) == (1, "Error: scans has no pictures directly in it\n")


def test_a_picture_comes_from_stdin(predict, png, here, monkeypatch):
    data = (here / png(5)).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    (piped,) = answers(predict("-", "--json"))
    (named,) = answers(predict("digit.png", "--json"))
    assert piped == {**named, "image": "stdin"}


def test_a_bad_file_is_reported_and_the_others_are_read(predict, png, here):
    (here / "notes.txt").write_text("not a picture")
    Image.new("L", (40, 40), 255).save(here / "blank.png")
    words = [png(1, "a.png"), "notes.txt", "nowhere.png", "blank.png", png(2, "b.png")]
    done = predict(*words, "--json")
    assert done.code == 1
    assert [answer["image"] for answer in answers(done)] == words
    null = [answer["image"] for answer in answers(done) if answer["prediction"] is None]
    assert null == ["notes.txt", "nowhere.png", "blank.png"]
    errors = done.err.splitlines()
    assert [line.split()[:2] for line in errors] == [
        ["Error:", "notes.txt"],
        ["Error:", "nowhere.png"],
        ["Error:", "blank.png"],
    ]


def test_raw_takes_the_pixels_as_they_are(predict, png, here, test_digits):
    (expected,) = answers(predict("--index", 6, "--json"))
    (raw,) = answers(predict(png(6), "--raw", "--json"))
    assert raw["probabilities"] == expected["probabilities"]
    (inverted,) = answers(predict(png(6, look="dark on light"), "--raw", "--json"))
    assert inverted["probabilities"] != expected["probabilities"]


def test_raw_wants_the_networks_own_size(predict, here):
    Image.fromarray(np.eye(50, dtype=np.uint8) * 255).save(here / "large.png")
    done = predict("large.png", "--raw")
    assert done.code == 1
    assert "large.png is 50×50 pixels and the network takes 28×28" in done.err
    assert predict("large.png").code == 0


def test_show_draws_what_the_network_saw(predict, png):
    _, _, *picture = predict(png(7), "--show").out.splitlines()
    assert len(picture) == 14  # 28 rows, two in a line
    assert "█" in "".join(picture)
    assert picture == predict("--index", 7, "--show").out.splitlines()[2:]


@pytest.mark.parametrize(("top", "shown"), [(1, 1), (3, 3), (10, 10), (99, 10)])
def test_top_says_how_many_answers_are_shown(predict, top, shown):
    line = predict("--index", 0, "--top", top).out.splitlines()[1]
    assert line.count(" %)") == shown


def test_the_latest_run_speaks_where_it_is_named(mlp, png):
    mlp("train", "--config", "tiny.yaml", "-q")
    mlp("train", "--config", "tiny.yaml", "-q")
    done = mlp("predict", png(0), "-c", "latest")
    assert done.out.startswith("runs/tiny-002/best.npz reads:\n")


def test_the_model_that_comes_along_speaks_where_none_is_named(mlp, png, test_digits):
    names = [png(index, f"{index:02}.png") for index in range(40)]
    done = mlp("predict", *names)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("the model that comes along reads:\n")
    read = answers(mlp("predict", *names, "--json"))
    assert {answer["checkpoint"] for answer in read} == {"shipped"}
    right = sum(
        answer["prediction"] == str(label)
        for answer, label in zip(read, test_digits[1], strict=False)
    )
    assert right >= 39


def test_class_names_of_your_own_are_the_answers(mlp, here):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (60, 8, 8), np.uint8)
    np.savez("own.npz", images=images, labels=np.arange(60) % 2, classes=["cat", "dog"])
    (here / "own.yaml").write_text("{data: own.npz, layers: [], epochs: 1, plots: false}")
    mlp("train", "--config", "own.yaml", "-q")
    (answer,) = answers(mlp("predict", "-c", "latest", "--index", 0, "--json"))
    assert set(answer["probabilities"]) == {"cat", "dog"}
