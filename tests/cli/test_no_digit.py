"""What shows no digit is said to show none, by a network that has seen such drawings."""

import csv
import io
import json

import numpy as np
import pytest
from nothings import NOTHINGS, draw
from PIL import Image, ImageDraw

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset

SAID = "cross.png shows no digit: what stands out is like none, at best "


@pytest.fixture
def cross(here):
    """A picture of an asterisk, and nothing else."""
    page = Image.new("L", (300, 300), "white")
    for turn in np.pi * np.arange(4) / 4:
        x, y = 80 * np.cos(turn), 80 * np.sin(turn)
        ImageDraw.Draw(page).line((150 - x, 150 - y, 150 + x, 150 + y), fill="black", width=16)
    page.save(here / "cross.png")
    return "cross.png"


@pytest.fixture
def number(here):
    """A picture of two digits with a cross between them."""
    test = open_dataset("mnist-5k", shipped.DATA).test
    row = np.zeros((28, 84), np.uint8)
    row[:, :28], row[:, 56:] = test.images[:2].reshape(2, 28, 28)
    page = Image.fromarray(255 - row).resize((1008, 336), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(page)
    for way in ((424, 90, 584, 250), (424, 250, 584, 90), (504, 70, 504, 270)):
        pen.line(way, fill=0, width=24)
    page.save(here / "number.png")
    return "number.png"


@pytest.mark.parametrize("flags", [(), ("--split",)])
def test_it_is_told_and_nothing_is_predicted(mlp, cross, flags):
    done = mlp("predict", cross, *flags)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"Error: {SAID}")
    assert done.err.count("\n") == 1
    told = mlp("predict", cross, "--json", *flags)
    read = json.loads(told.out)
    assert (told.code, told.err) == (1, done.err)
    assert (read["prediction"], read["confidence"]) == (None, None)
    assert f"Error: {read['error']}\n" == done.err


def test_in_a_table_and_beside_what_it_left(mlp, cross):
    (row,) = csv.DictReader(io.StringIO(mlp("predict", cross, "--csv").out))
    assert row["prediction"] == row["confidence"] == ""
    assert row["error"].startswith(SAID)
    assert sum(float(row[f"p({digit})"]) for digit in range(10)) == pytest.approx(1)
    assert "█" in mlp("predict", cross, "--show").out


def test_it_is_explained_all_the_same(mlp, cross):
    done = mlp("explain", cross)
    assert done.code == 0
    assert done.err.startswith(f"Note: {SAID}")
    assert "layer 1" in done.out
    told = json.loads(mlp("explain", cross, "--json").out)
    assert told["prediction"] is None
    assert told["error"].startswith(SAID)


def test_only_digits_are_hinted_at(mlp, number):
    assert "may have 2 digits; --split reads all" in mlp("predict", number).err


def test_who_has_seen_none_of_them_answers_as_before(mlp, cross, trained):
    done = mlp("predict", cross, "-c", trained)
    assert done.code == 0
    assert "cross.png: " in done.out


@pytest.mark.parametrize("radius", [0, 15, 35])
def test_a_square_0_is_read(mlp, here, radius):
    page = Image.new("L", (300, 300), "white")
    ImageDraw.Draw(page).rounded_rectangle((110, 70, 190, 230), radius, outline=0, width=14)
    page.save(here / "zero.png")
    assert "zero.png: 0 (" in mlp("predict", "zero.png").out


def test_few_pictures_without_a_digit_are_read(mlp, here):
    for kind, name in enumerate(NOTHINGS):
        for i in range(3):
            draw(name, np.random.default_rng(1000 + i)).save(here / f"{kind}-{i}.png")
    done = mlp("predict", *sorted(here.glob("*.png")), "--json")
    read = [json.loads(line)["prediction"] for line in done.out.splitlines()]
    assert len(read) == 3 * len(NOTHINGS)
    assert np.mean([each is None for each in read]) > 0.75


def test_among_digits_it_is_unknown(mlp, number):
    read = json.loads(mlp("predict", number, "--split", "--json").out)
    digits = [digit["prediction"] for digit in read["digits"]]
    assert len(digits) == 3
    assert digits[1] is None
    assert read["prediction"] == f"{digits[0]}?{digits[2]}"
    done = mlp("predict", number, "--split", "--annotate", "boxes.png")
    assert done.code == 0
    assert f"{digits[0]}?{digits[2]} (" in done.out
