"""Several digits in one picture: how many, where, and in which order."""

from io import BytesIO

import numpy as np
import pytest
from papers import NUISANCES
from PIL import Image
from sheets import Sheet, developed, enlarged

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.digits import prepare_digit
from mlp_cli.data.images import load_image
from mlp_cli.data.several import digits_in
from mlp_cli.errors import ImageError

GAP = 24  # pixels between two digits on a sheet


@pytest.fixture(scope="module")
def digits():
    """Test digits of the sample, (1000, 28, 28)."""
    return np.asarray(open_dataset("mnist-5k", shipped.DATA).test.images).reshape(-1, 28, 28)


def stroke(digit):
    """One digit's ink, large, without a margin."""
    ink = enlarged(digit, np.random.default_rng(0))
    rows, columns = np.flatnonzero((ink > 0.5).any(1)), np.flatnonzero((ink > 0.5).any(0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def sheet_of(lines, gap=GAP, seed=0):
    """A sheet with lines of digits, and the box of each (left, top, right, bottom)."""
    strokes = [[stroke(digit) for digit in line] for line in lines]
    height = max(ink.shape[0] for line in strokes for ink in line)
    width = max(sum(ink.shape[1] + gap for ink in line) for line in strokes)
    ink = np.zeros((len(lines) * (height + 60) + 60, width + 120))
    boxes = []
    for i, line in enumerate(strokes):
        left, middle = 60, 60 + i * (height + 60) + height // 2
        for one in line:
            top = middle - one.shape[0] // 2
            place = ink[top : top + one.shape[0], left : left + one.shape[1]]
            np.maximum(place, one, out=place)
            boxes.append((left, top, left + one.shape[1], top + one.shape[0]))
            left += one.shape[1] + gap
    return Sheet(ink, np.random.default_rng(seed)), boxes


def read(sheet):
    return digits_in(load_image(developed(sheet), "sheet"))


def overlap(a, b):
    """The share of two boxes that is in both."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    both = max(width, 0) * max(height, 0)
    return both / sum([(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)], -both)


@pytest.mark.parametrize("first", range(0, 40, 5))
def test_a_number_is_found_digit_by_digit_from_left_to_right(digits, first):
    sheet, boxes = sheet_of([digits[first : first + 5]])
    found = read(sheet)
    assert len(found) == 5
    for each, box in zip(found, boxes, strict=True):
        assert overlap(each.box, box) > 0.7
        assert each.pixels.shape == (784,)


def test_a_digit_is_prepared_as_it_would_be_alone(digits):
    sheet, _ = sheet_of([digits[10:14]])
    for each, digit in zip(read(sheet), digits[10:14], strict=True):
        alone, _ = sheet_of([[digit]])
        expected = prepare_digit(load_image(developed(alone), "alone"))
        assert np.abs(each.pixels - expected.astype(float)).mean() < 12


def test_lines_are_read_one_after_the_other(digits):
    sheet, boxes = sheet_of([digits[:4], digits[4:7], digits[7:11]])
    found = read(sheet)
    assert len(found) == 11
    assert all(overlap(each.box, box) > 0.7 for each, box in zip(found, boxes, strict=True))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "nuisances",
    [
        ["coloured ink"],
        ["specks"],
        ["squared paper", "uneven light"],
        ["ruled paper", "uneven light"],
        ["noise", "uneven light"],
    ],
    ids=" and ".join,
)
def test_paper_light_and_ink_are_seen_through(digits, nuisances, seed):
    sheet, boxes = sheet_of([digits[4 * seed : 4 * seed + 4]], seed=seed)
    for nuisance in nuisances:
        for spoil in NUISANCES[nuisance]:
            spoil(sheet)
    found = read(sheet)
    assert len(found) == 4
    assert all(overlap(each.box, box) > 0.6 for each, box in zip(found, boxes, strict=True))


def test_digits_that_touch_are_cut_apart():
    ink = np.zeros((300, 500))
    for left in (100, 226):  # two zeros, side by side
        y, x = np.indices(ink.shape)
        away = np.hypot((x - left - 65) / 65, (y - 150) / 90)
        ink[(away < 1) & (away > 0.75)] = 1
    found = digits_in(load_image(developed(Sheet(ink, np.random.default_rng(0))), "touching"))
    assert [each.box[0] for each in found] == pytest.approx([100, 228], abs=8)
    assert [each.box[2] for each in found] == pytest.approx([228, 356], abs=8)


def test_a_bar_above_is_of_its_digit():
    ink = np.zeros((300, 300))
    ink[100:220, 120:140] = 1
    ink[70:85, 115:180] = 1  # not connected
    (found,) = digits_in(load_image(developed(Sheet(ink, np.random.default_rng(0))), "bar"))
    assert found.box == pytest.approx((115, 70, 180, 220), abs=4)


def test_a_line_under_a_number_is_of_no_digit(digits):
    sheet, boxes = sheet_of([digits[:3]])
    bottom = max(box[3] for box in boxes) + 12
    sheet.ink[bottom : bottom + 8, 70:-70] = 1
    found = read(sheet)
    assert len(found) == 3
    assert all(overlap(each.box, box) > 0.7 for each, box in zip(found, boxes, strict=True))


@pytest.mark.parametrize("size", [(30, 20), (3000, 900)])
def test_boxes_are_in_the_pixels_of_the_picture(size):
    picture = Image.new("L", size, "white")
    width, height = size
    box = (width // 3, height // 4, width // 3 + width // 30 + 1, 3 * height // 4)
    picture.paste("black", box)
    (found,) = digits_in(picture)
    assert np.abs(np.subtract(found.box, box)).max() <= max(2, width // 150)


def test_a_dash_is_not_cut_into_digits():
    ink = np.zeros((200, 500))
    ink[95:105, 100:400] = 1
    (found,) = digits_in(load_image(developed(Sheet(ink, np.random.default_rng(0))), "dash"))
    assert found.box == pytest.approx((100, 95, 400, 105), abs=4)


def test_a_small_picture_is_looked_at_closely(digits):
    row = Image.fromarray(255 - np.hstack(list(digits[30:34])))
    found = digits_in(row)
    assert [each.box[0] // 28 for each in found] == [0, 1, 2, 3]


def test_a_page_of_text_is_refused():
    page = np.full((600, 900), 255, np.uint8)
    page[10:-10:12, 10:-10] = 0
    page[:, ::12] = 255
    page[:, 1::12] = 255
    with pytest.raises(ImageError, match=r"^a page has 3,\d{3} separate strokes, too many for"):
        digits_in(Image.fromarray(page), "a page")


def test_an_empty_picture_has_none():
    file = BytesIO()
    Image.new("L", (200, 100), "white").save(file, "PNG")
    with pytest.raises(
        ImageError, match=r"^note shows no digit: nothing like one stands out from its ground$"
    ):
        digits_in(load_image(file.getvalue(), "note"), "note")
