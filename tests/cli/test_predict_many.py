"""A folder of very many pictures, and answers as a table."""

import csv
import io
import json

import numpy as np
import pytest
from PIL import Image

from mlp_cli import shipped
from mlp_cli.cli.predict import MANY
from mlp_cli.data import manypictures
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.images import as_pixels
from mlp_cli.data.manypictures import pictures_in_parallel
from mlp_cli.data.pictures import Picture, Unread, pictures, sources


@pytest.fixture
def scans(here):
    """A folder of test digits, one of them no picture and one blank."""
    test = open_dataset("mnist-5k", shipped.DATA).test
    (here / "scans").mkdir()
    for i, image in enumerate(test.images[: MANY + 30]):
        Image.fromarray(image.reshape(28, 28)).save(here / "scans" / f"{i:03}.png")
    (here / "scans" / "007.png").write_bytes(b"no picture")
    Image.fromarray(np.zeros((28, 28), np.uint8)).save(here / "scans" / "050.png")
    return "scans"


def told(found):
    return [
        (each.name, each.why if isinstance(each, Unread) else each.pixels.tolist())
        for each in found
    ]


def test_many_processes_give_what_one_gives_in_its_order(scans, monkeypatch):
    monkeypatch.setattr(manypictures, "AT_ONCE", 16)
    found = list(sources([scans, "nowhere.png"]))
    asked = (28, 28), as_pixels
    assert told(pictures_in_parallel(found, *asked, 2)) == told(pictures(found, *asked))


def test_processes_stop_when_nobody_asks_any_more(scans):
    coming = pictures_in_parallel(list(sources([scans])), (28, 28), as_pixels, 1)
    assert isinstance(next(coming), Picture)
    coming.close()


def test_a_large_folder_is_read_as_its_pictures_are_one_by_one(mlp, trained, scans):
    done = mlp("predict", scans, "-c", trained, "--json")
    assert done.code == 1
    assert done.err.count("Error: ") == 2
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [each["image"] for each in answers] == [f"scans/{i:03}.png" for i in range(MANY + 30)]
    few = mlp("predict", *(each["image"] for each in answers[:10]), "-c", trained, "--json")
    assert [json.loads(line) for line in few.out.splitlines()] == answers[:10]


def test_a_table_has_a_row_for_each_picture(mlp, trained, scans):
    names = [f"scans/{i:03}.png" for i in (3, 7)]
    done = mlp("predict", *names, "-c", trained, "--csv")
    right, wrong = csv.DictReader(io.StringIO(done.out))
    answer, fault = (
        json.loads(line)
        for line in mlp("predict", *names, "-c", trained, "--json").out.splitlines()
    )
    assert (right["image"], right["prediction"], right["error"]) == (
        names[0],
        answer["prediction"],
        "",
    )
    assert float(right["confidence"]) == answer["confidence"]
    told = {name: float(right[f"p({name})"]) for name in answer["probabilities"]}
    assert told == answer["probabilities"]
    assert {right["checkpoint"], wrong["checkpoint"]} == {answer["checkpoint"]}
    assert (wrong["image"], wrong["prediction"], wrong["confidence"]) == (names[1], "", "")
    assert wrong["error"] == fault["error"]
    assert done.code == 1


def test_a_table_tells_the_truth_of_a_test_digit(mlp, trained):
    (row,) = csv.DictReader(io.StringIO(mlp("predict", "--index", 3, "-c", trained, "--csv").out))
    assert row["truth"] == str(open_dataset("mnist-5k", shipped.DATA).test.labels[3])


@pytest.mark.parametrize("flag", ["--json", "--show"])
def test_a_table_is_nothing_else_beside(mlp, trained, flag):
    done = mlp("predict", "--index", 3, "-c", trained, "--csv", flag)
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: --csv: is a table by itself; leave --json and --show out\n"
