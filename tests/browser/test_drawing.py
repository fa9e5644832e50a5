"""The exported page reads what is drawn in it, by any hand, as ``mlp predict`` would."""

import re

import numpy as np
import pytest
from drawn import DIGITS, at, draw, read, settled

from mlp_cli.reports.answers import UNSURE


def said_to_be(status, words):
    from playwright.sync_api import expect

    expect(status).to_have_text(words)  # within some seconds


@pytest.mark.parametrize("digit", DIGITS)
def test_a_drawn_digit_is_read(opened, page_file, digit):
    page = opened(page_file)
    draw(page, DIGITS[digit])
    assert read(page) == digit
    best = page.locator("#bars tr.best")
    assert best.locator("th").inner_text() == digit
    assert float(best.locator("td").last.inner_text().removesuffix(" %")) > 100 * UNSURE


def test_what_leaves_the_pad_ends_at_its_edge(opened, page_file):
    page = opened(page_file)
    box = page.locator("#pad").bounding_box()
    page.mouse.move(*at(box, (0.5, 0.5)))
    page.mouse.down()
    page.mouse.move(*at(box, (0.5, 1.4)))
    page.mouse.up()
    settled(page)
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
    places = [at(box, place) for place in DIGITS["7"][0]]
    for kind, (x, y) in zip(("touchStart", "touchMove", "touchMove"), places, strict=True):
        send = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        touch.send("Input.dispatchTouchEvent", send)
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(page)
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
    settled(page)
    assert page.evaluate("strokes.length") == 0
    assert page.locator("#said").inner_text() == empty


def test_digits_that_it_brings_along(opened, page_file, saved):
    page = opened(page_file)
    for name in saved.classes:
        page.locator("#examples").get_by_role("button", name=name, exact=True).click()
        settled(page)
        assert read(page) == name
    draw(page, DIGITS["1"])  # takes the example's place
    assert read(page) == "1"


def test_few_scribbles_are_said_to_be_sure(opened, page_file):
    page, said = opened(page_file), []
    for seed in range(8):
        draw(page, [np.random.default_rng(seed).uniform(0.2, 0.8, (12, 2)).tolist()])
        said.append(page.locator("#said").inner_text())
        page.get_by_role("button", name="Clear").click()
        settled(page)
    unsure, none = ([text.startswith(how) for text in said] for how in ("Not sure: ", "No digit"))
    assert any(unsure)
    assert sum(unsure) + sum(none) >= 6


def test_what_is_like_no_digit_is_said_to_be_none(opened, page_file):
    page = opened(page_file)
    draw(page, [[(0.2, y), (0.8, y)] for y in (0.3, 0.45, 0.6, 0.75)])
    assert re.fullmatch(r"No digit, at best \d \(\d\d\.\d %\)", page.locator("#said").inner_text())


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
    settled(page)
    assert read(page) == "0"
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert read(page) == "4"
