"""A sheet that lies whole in a picture is found, and nothing else is taken for one."""

import numpy as np
import pytest
from papers import draw
from PIL import Image, ImageDraw

from mlp_cli.data.images import load_image
from mlp_cli.data.several import digits_in
from mlp_cli.data.sheet import sheet_of


@pytest.fixture
def paper():
    """A white card with two bars on it, of 300 × 200 pixels."""
    card = Image.new("RGB", (300, 200), (240, 238, 230))
    pen = ImageDraw.Draw(card)
    pen.rectangle((80, 50, 90, 150), fill=(20, 20, 60))
    pen.rectangle((200, 50, 210, 150), fill=(20, 20, 60))
    return card


@pytest.mark.parametrize("table", [(30, 30, 30), (120, 80, 40), (255, 255, 255)])
@pytest.mark.parametrize("angle", [0, 12])
def test_what_is_on_the_sheet_is_found_where_it_lies(paper, table, angle):
    if table[0] == 255:
        paper = paper.point(lambda level: level // 2)
    picture = Image.new("RGB", (700, 500), table)
    turned = paper.convert("RGBA").rotate(angle, Image.Resampling.BICUBIC, expand=True)
    picture.paste(turned, (150, 120), turned)
    part, left, top = sheet_of(picture)
    assert part.width < turned.width
    assert part.height < turned.height
    assert 150 < left < 200
    assert 120 < top < 170
    assert np.abs(np.float32(part)[[0, -1]] - paper.getpixel((5, 5))).max() < 12
    first, second = (each.box for each in digits_in(picture))
    assert second[0] - first[0] == pytest.approx(120 * np.cos(np.radians(angle)), abs=8)
    if not angle:
        assert first == pytest.approx((230, 170, 241, 271), abs=4)


@pytest.mark.parametrize("size", [(400, 300), (1403, 905)])
@pytest.mark.parametrize("table", [10, 250])
def test_the_strips_that_a_scanner_adds_are_left_out(size, table):
    width, height = size
    page = Image.new("L", size, table)
    drawn = ImageDraw.Draw(page)
    corners = [(0.04, 0.02), (0.97, 0.06), (1, 1), (0.08, 1)]
    drawn.polygon([(x * width, y * height) for x, y in corners], fill=240 if table < 99 else 60)
    drawn.line((width // 2, height // 3, width // 2, 2 * height // 3), table, width // 40)
    part, left, top = sheet_of(page)
    assert 0.05 * width < left < 0.2 * width
    assert 0.03 * height < top < 0.2 * height
    assert part.width < 0.95 * width
    frame = np.concatenate([np.asarray(part, float)[[0, -1]].reshape(-1, 3)])
    assert np.abs(frame - (240 if table < 99 else 60)).max() < 20
    (found,) = digits_in(page)
    assert found.box[0] == pytest.approx(width // 2, abs=width // 30)


def framed(draws):
    draws.rectangle((40, 40, 260, 260), outline=0, width=12)


def nought(draws):
    draws.rounded_rectangle((90, 50, 210, 250), 50, outline=0, width=30)


def shadow(draws):
    draws.polygon([(0, 0), (180, 0), (120, 300), (0, 300)], fill=120)


def bar(draws):
    draws.rectangle((120, 30, 180, 270), fill=0)


@pytest.mark.parametrize("drawn", [framed, nought, shadow, bar, lambda draws: None])
def test_a_frame_a_digit_a_shadow_and_a_stroke_are_no_sheets(drawn):
    picture = Image.new("L", (300, 300), 250)
    drawn(ImageDraw.Draw(picture))
    assert sheet_of(picture) == (picture, 0, 0)


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (3, 2)])
def test_pictures_of_any_size_are_looked_at(size):
    picture = Image.new("L", size, 9)
    assert sheet_of(picture) == (picture, 0, 0)


@pytest.mark.parametrize(("width", "height"), [(4, 6), (4, 9), (8, 4)])
def test_a_sheet_that_is_all_rim_is_none(width, height):
    picture = Image.new("L", (width + 2, height + 2), 20)
    picture.paste(240, (1, 1, width + 1, height + 1))
    assert sheet_of(picture) == (picture, 0, 0)


def test_a_sheet_is_as_clear_as_without_a_table():
    digit = np.zeros((28, 28), np.uint8)
    digit[4:24, 12:16] = 255
    picture = load_image(draw("a sheet on a table", digit, np.random.default_rng(2)), "it")
    assert sheet_of(picture).picture.size < picture.size
    (found,) = digits_in(picture)
    assert found.pixels.reshape(28, 28)[6:22, 13:15].min() > 200
