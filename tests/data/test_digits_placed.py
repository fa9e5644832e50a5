"""A digit is found wherever it is on the page: at each edge, in a corner, small, in a frame."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mlp_cli import load, shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.digits import prepare_digit
from mlp_cli.data.several import digits_in

EACH = 6  # digits; one of them may be read as another
SIDE = 80
PAGE = (600, 401)


@pytest.fixture(scope="module")
def digits():
    """Test digits, cropped to their ink and enlarged, and what they are."""
    test = open_dataset("mnist-5k", shipped.DATA).test
    found = []
    for image, label in zip(test.images[:EACH], test.labels[:EACH].tolist(), strict=True):
        inked = Image.fromarray(image.reshape(28, 28))
        cropped = inked.crop(inked.getbbox())
        times = SIDE / max(cropped.size)
        size = round(times * cropped.width), round(times * cropped.height)
        large = cropped.resize(size, Image.Resampling.BICUBIC)
        found.append((large.point(lambda level: 255 - min(255, 2 * level)), label))
    return found


@pytest.fixture(scope="module")
def read():
    """What the network that comes along says of pixels."""
    model = load()
    return lambda pixels: int(model.predict(np.reshape(pixels, (1, 784)))[0])


def page_of(digit, across, down):
    """A page with the digit so far to the right and down, as shares of the room."""
    page = Image.new("L", PAGE, "white")
    room = page.width - digit.width, page.height - digit.height
    page.paste(digit, (round(across * room[0]), round(down * room[1])))
    return page


@pytest.mark.parametrize(
    "place",
    [(0, 0.5), (1, 0.5), (0.5, 0), (0.5, 1), (1, 1), (0.5, 0.5)],
    ids=["left", "right", "top", "bottom", "corner", "middle"],
)
def test_at_each_edge(digits, read, place):
    right = [read(prepare_digit(page_of(digit, *place))) == label for digit, label in digits]
    assert sum(right) >= EACH - 1


@pytest.mark.parametrize("edges", [(0, 0.5, 0.8), (0.2, 0.5, 1)], ids=["left", "right"])
def test_the_outer_digit_of_a_number_at_an_edge(digits, edges):
    page = Image.new("L", PAGE, "white")
    for (digit, _), across in zip(digits, edges, strict=False):
        page.paste(digit, (round(across * (page.width - digit.width)), 150))
    assert len(digits_in(page)) == 3


def test_small_on_a_large_page(digits, read):
    right = []
    for digit, label in digits:
        page = Image.new("L", (1600, 1200), "white")
        page.paste(digit, (700, 500))
        right.append(read(prepare_digit(page)) == label)
    assert sum(right) >= EACH - 1


@pytest.mark.parametrize("margin", [25, 40, 90])
@pytest.mark.parametrize("frame", ["rectangle", "ellipse"])
def test_in_a_frame(digits, read, frame, margin):
    right = []
    for digit, label in digits:
        page = page_of(digit, 0.5, 0.5)
        left, top = (page.width - digit.width) // 2, (page.height - digit.height) // 2
        room = margin if frame == "rectangle" else margin + SIDE // 4
        box = (left - room, top - room, left + digit.width + room, top + digit.height + room)
        getattr(ImageDraw.Draw(page), frame)(box, outline="black", width=4)
        right.append(read(prepare_digit(page)) == label)
    assert sum(right) >= EACH - 1


def test_a_number_in_a_box(digits):
    page = Image.new("L", (700, 300), "white")
    for i, (digit, _) in enumerate(digits[:5]):
        page.paste(digit, (100 + 110 * i, 110))
    ImageDraw.Draw(page).rectangle((50, 60, 650, 240), outline="black", width=4)
    assert len(digits_in(page)) == 5


def test_a_pen_beside_them_is_no_digit(digits, read):
    pen = (40, 380, 330, 330)
    right = []
    bent = [(digit, label) for digit, label in digits if label != 1]  # a 1 might be the pen
    for digit, label in bent:
        page = page_of(digit, 0.5, 0.2)
        ImageDraw.Draw(page).line(pen, fill=40, width=36)
        right.append(read(prepare_digit(page)) == label)
    assert sum(right) >= len(bent) - 1
    page = Image.new("L", PAGE, "white")
    for i, (digit, _) in enumerate(digits[:4]):
        page.paste(digit, (60 + 110 * i, 120))
    ImageDraw.Draw(page).line(pen, fill=40, width=36)
    assert len(digits_in(page)) == 4


def test_a_bold_1_beside_others_is_one_of_them(digits):
    page = Image.new("L", PAGE, "white")
    for i, (digit, _) in enumerate([each for each in digits if each[1] != 1][:3]):
        page.paste(digit, (60 + 110 * i, 120))
    height = digits[0][0].height
    ImageDraw.Draw(page).line((430, 120, 430, 120 + height), fill=0, width=height // 3)
    assert len(digits_in(page)) == 4
