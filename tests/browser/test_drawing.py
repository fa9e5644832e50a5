"""The exported page reads what is drawn in it, by any hand, as ``mlp predict`` would."""

import itertools
import re

import numpy as np
import pytest
from drawn import DIGITS
from PIL import Image, ImageDraw

from mlp_cli.cli.main import run
from mlp_cli.cli.shown import preparation
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.deskew import deskew
from mlp_cli.data.digits import prepare_digit
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


def said_to_be(status, words):
    from playwright.sync_api import expect

    expect(status).to_have_text(words)  # within some seconds


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


def test_what_leaves_the_pad_ends_at_its_edge(opened, page_file):
    page = opened(page_file)
    box = page.locator("#pad").bounding_box()
    page.mouse.move(*_at(box, (0.5, 0.5)))
    page.mouse.down()
    page.mouse.move(*_at(box, (0.5, 1.4)))
    page.mouse.up()
    _settled(page)
    assert page.evaluate("strokes[0].at(-1)") == pytest.approx([0.5, 1], abs=0.01)


@pytest.mark.parametrize("scale", [1, 1.25, 2.625])
def test_the_pixels_are_shown_as_they_are(opened, page_file, scale):
    page = opened(page_file, device_scale_factor=scale)
    draw(page, DIGITS["3"])
    shown = page.evaluate(
        "[...seen.getContext('2d').getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 3)"
    )
    pixels = page.evaluate("[...shown(prepared(strokes))]")
    assert np.abs(np.subtract(shown, pixels)).max() <= 1


def test_a_held_key_is_one_press(opened, page_file):
    page = opened(page_file)
    page.locator("#pad").focus()
    page.keyboard.down("Space")
    page.keyboard.down("Space")
    assert page.evaluate("[pen.down, strokes.length]") == [True, 1]


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
    page.keyboard.press("Space")
    assert re.fullmatch(r"Pen up\. 1, \d+\.\d % sure", status.text_content())
    page.keyboard.press("Shift+ArrowLeft")
    said_to_be(status, "49 across, 80 down")
    page.keyboard.press("Backspace")
    said_to_be(status, "Draw here, and it is read as you go.")
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
    draw(page, DIGITS["3"])
    drawn, sums = page.evaluate(
        """() => {
            const passes = forward(shown(prepared(strokes)));
            const found = weightsThatMattered(passes, shares(passes, 3), 3);
            const into = found.filter(({ layer }) => layer === 2);
            const { a } = passes[1];
            const W = layers[2].W;
            return [into.map(({ from }) => from), [...a].map((each, j) => each * W[j * 10 + 3])];
        }"""
    )
    assert drawn == np.argsort(-np.abs(sums), kind="stable")[: len(drawn)].tolist()
    with_lines = page.evaluate("part.network.toDataURL()")
    page.evaluate("line = () => {}")
    page.evaluate("update()")
    assert page.evaluate("part.network.toDataURL()") != with_lines
    rows = page.locator("#fired tr")
    assert rows.count() == 2
    assert re.search(r"\d+ sums above 0", rows.first.inner_text())


def test_an_example_takes_no_drawing_away(opened, page_file):
    page = opened(page_file)
    draw(page, DIGITS["4"])
    page.locator("#examples").get_by_role("button", name="0", exact=True).click()
    _settled(page)
    assert read(page) == "0"
    page.get_by_role("button", name="Undo").click()
    _settled(page)
    assert read(page) == "4"
