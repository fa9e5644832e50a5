"""The exported page reads what is drawn in it, by any hand, as ``mlp predict`` would."""

import re

import numpy as np
import pytest
from drawn import DIGITS
from PIL import Image, ImageDraw

from mlp_cli.cli.main import run
from mlp_cli.cli.shown import preparation
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.deskew import deskew
from mlp_cli.reports.answers import UNSURE
from mlp_cli.training.checkpoint import load
from mlp_cli.training.names import find_checkpoint


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("drawing") / "draw.html"
    assert run(["export", "shipped", "--format", "html", "--out", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def saved():
    return load(find_checkpoint("shipped"))


def draw(page, strokes):
    """With the mouse."""
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    for first, *others in strokes:
        page.mouse.move(*_at(box, first))
        page.mouse.down()
        for place in others:
            page.mouse.move(*_at(box, place))
        page.mouse.up()
    _settled(page)


def _at(box, place):
    return tuple(
        box[corner] + part * box["width"] for corner, part in zip("xy", place, strict=True)
    )


def _settled(page):
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def read(page):
    """The class that is said, once it is."""
    return page.locator("#said").inner_text().split(",")[0]


@pytest.mark.parametrize("digit", DIGITS)
def test_a_drawn_digit_is_read(opened, page_file, digit):
    page = opened(page_file)
    draw(page, DIGITS[digit])
    assert read(page) == digit
    best = page.locator("#bars tr.best")
    assert best.locator("th").inner_text() == digit
    assert float(best.locator("td").last.inner_text().removesuffix(" %")) > 100 * UNSURE


@pytest.mark.parametrize("digit", DIGITS)
def test_it_is_prepared_as_a_picture_of_it_is(opened, page_file, saved, digit):
    sheet = Image.new("L", (600, 600), "white")
    pen = ImageDraw.Draw(sheet)
    for stroke in DIGITS[digit]:
        places = [(600 * x, 600 * y) for x, y in stroke]
        pen.line(places, "black", 40, "curve")
        for x, y in (places[0], places[-1]):
            pen.ellipse((x - 20, y - 20, x + 20, y + 20), "black")
    there = preparation(saved, raw=False)(sheet, "a sheet", saved.shape).astype(float)
    page = opened(page_file)
    here = np.array(
        page.evaluate("(strokes) => [...shown(prepared(strokes))]", DIGITS[digit]), float
    )
    assert here @ there / np.sqrt(here @ here * (there @ there)) > 0.95


def test_by_finger(opened, page_file):
    page = opened(page_file, has_touch=True, viewport={"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    box = page.locator("#pad").bounding_box()
    touch = page.context.new_cdp_session(page)
    places = [_at(box, place) for place in DIGITS["7"][0]]
    for kind, (x, y) in zip(("touchStart", "touchMove", "touchMove"), places, strict=True):
        send = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        touch.send("Input.dispatchTouchEvent", send)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    _settled(page)
    assert page.evaluate("strokes[0].length") == 3
    assert read(page) == "7"


def test_by_keyboard_and_for_who_listens(opened, page_file):
    page = opened(page_file)
    page.keyboard.press("Tab")
    pad = page.get_by_role("application", name="Drawing pad")
    assert pad.evaluate("(pad) => pad === document.activeElement")
    status = page.get_by_role("status")
    page.keyboard.press("Space")
    assert status.text_content() == "Pen down."
    for _ in range(15):
        page.keyboard.press("ArrowDown")
    _settled(page)
    page.keyboard.press("Space")
    assert re.fullmatch(r"Pen up\. 1, \d+\.\d % sure", status.text_content())
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Backspace")
    _settled(page)
    assert page.evaluate("strokes") == []


def test_undo_and_clear(opened, page_file):
    page = opened(page_file)
    empty = page.locator("#said").inner_text()
    draw(page, DIGITS["4"])
    page.get_by_role("button", name="Undo").click()
    assert page.evaluate("strokes.length") == 1
    page.get_by_role("button", name="Clear").click()
    _settled(page)
    assert page.evaluate("strokes.length") == 0
    assert page.locator("#said").inner_text() == empty


def test_digits_that_it_brings_along(opened, page_file, saved):
    page = opened(page_file)
    for name in saved.classes:
        page.locator("#examples").get_by_role("button", name=name, exact=True).click()
        _settled(page)
        assert read(page) == name
    draw(page, DIGITS["1"])  # takes the example's place
    assert read(page) == "1"


def test_a_scribble_is_not_said_to_be_sure(opened, page_file):
    page = opened(page_file)
    rng = np.random.default_rng(0)
    draw(page, [rng.uniform(0.2, 0.8, (12, 2)).tolist()])
    assert page.locator("#said").inner_text().startswith("Not sure: perhaps ")


def test_the_probabilities_are_those_of_predict(opened, page_file, saved, mnist):
    images = open_dataset("mnist", mnist).test.images[:100]
    x = deskew(images, saved.shape) / np.float32(255)
    here = saved.network().folded().probabilities(x)
    script = "(images) => images.map((image) => [...probabilities(forward(shown(image)))])"
    there = np.array(opened(page_file).evaluate(script, images.tolist()))
    assert np.abs(here - there).max() < 1e-3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_as_bright_as_the_screen_wants_it(opened, page_file, scheme):
    page = opened(page_file, color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = np.mean([int(part) for part in re.findall(r"\d+", ground)])
    assert (brightness > 128) == (scheme == "light")
    draw(page, DIGITS["0"])
    reds = "[...pad.getContext('2d').getImageData(0, 0, pad.width, pad.height).data]"
    brightest = page.evaluate(
        f"{reds}.filter((_, i) => i % 4 === 0).reduce((a, b) => Math.max(a, b))"
    )
    assert (brightest > 128) == (scheme == "dark")


def test_the_weights_that_mattered_are_drawn(opened, page_file):
    page = opened(page_file)
    _settled(page)
    before = page.evaluate("part.network.toDataURL()")
    draw(page, DIGITS["3"])
    assert page.evaluate("part.network.toDataURL()") != before
    rows = page.locator("#fired tr")
    assert rows.count() == 2
    assert re.search(r"\d+ fire", rows.first.inner_text())
