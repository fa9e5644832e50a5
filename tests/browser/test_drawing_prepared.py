"""What is drawn in the exported page becomes the pixels that ``mlp predict`` makes of it."""

import itertools

import numpy as np
import pytest
from drawn import DIGITS
from PIL import Image, ImageDraw

from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.deskew import deskew
from mlp_cli.data.digits import prepare_digit
from mlp_cli.training.preparation import preparation


@pytest.mark.parametrize("digit", DIGITS)
def test_it_is_prepared_as_a_picture_of_it_is(opened, page_file, saved, digit):
    sheet = Image.new("L", (600, 600), "white")
    pen = ImageDraw.Draw(sheet)
    for stroke in DIGITS[digit]:
        places = [(600 * x, 600 * y) for x, y in stroke]
        pen.line(places, "black", 42, "curve")
        for x, y in (places[0], places[-1]):
            pen.ellipse((x - 21, y - 21, x + 21, y + 21), "black")
    page = opened(page_file)
    there = prepare_digit(sheet, "a sheet", saved.shape).reshape(28, 28)
    here = page.evaluate("(strokes) => [...prepared(strokes)]", DIGITS[digit])
    moves = itertools.product((-1, 0, 1), repeat=2)  # the middle may be rounded either way
    assert max(likeness(here, np.roll(there, move, (0, 1))) for move in moves) > 0.9
    here = page.evaluate("(strokes) => [...shown(prepared(strokes))]", DIGITS[digit])
    assert likeness(here, preparation(saved, raw=False)(sheet, "a sheet", saved.shape)) > 0.96


def likeness(one, other):
    """The cosine of the angle between two images."""
    a, b = (np.ravel(image).astype(float) for image in (one, other))
    return a @ b / np.sqrt(a @ a * (b @ b))


def test_specks_are_left_out_as_from_a_picture(opened, page_file):
    page = opened(page_file)
    (seven,) = DIGITS["7"]
    far, near, long = [(0.05, 0.95)], [(0.5, 0.1)], [(0.3, 0.55), (0.7, 0.53)]
    count = "(strokes) => oneDigit(strokes).length"
    assert page.evaluate(count, [seven, far]) == 1
    assert page.evaluate(count, [far, seven, near]) == 1
    assert page.evaluate(count, [seven, long]) == 2


@pytest.mark.parametrize(
    "stroke", [[(0.5, 0.5)], [(0.5, 0.5)] * 3, [(0.5, 0.5), (0.503, 0.502)]], ids=len
)
def test_a_dot_stays_a_dot(opened, page_file, stroke):
    pixels = opened(page_file).evaluate("(stroke) => [...prepared([stroke])]", stroke)
    image = np.array(pixels).reshape(28, 28)
    assert image.max() == 255
    inked = np.argwhere(image > 128)
    assert (np.ptp(inked, axis=0) + 1 >= 18).all()  # round, and as large as the box


def test_rounding_is_pythons(opened, page_file):
    halves = [-1.5, -0.5, 0.4, 0.5, 1.5, 2.5, 4.5, 7.6]
    assert opened(page_file).evaluate("(all) => all.map(halfEven)", halves) == list(
        map(round, halves)
    )


def test_the_probabilities_are_those_of_predict(opened, page_file, saved, mnist):
    images = open_dataset("mnist", mnist).test.images[:100]
    x = deskew(images, saved.shape) / np.float32(255)
    here = saved.network().folded().probabilities(x)
    script = "(images) => images.map((image) => [...probabilities(forward(shown(image)))])"
    there = np.array(opened(page_file).evaluate(script, images.tolist()))
    assert np.abs(here - there).max() < 1e-3
