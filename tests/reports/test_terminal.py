import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlp_cli.reports.terminal import picture_text, sheet_text


def test_two_pixels_make_one_character():
    column = np.array([[0, 0, 0, 80, 80, 80, 255, 255, 255], [0, 80, 255] * 3], np.uint8)
    assert picture_text(column) == " ░▄░▒▓▀▓█"


@given(arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30))))
def test_picture_has_half_as_many_lines_as_rows(pixels):
    lines = picture_text(pixels).split("\n")
    assert len(lines) == (len(pixels) + 1) // 2
    assert {len(line) for line in lines} == {pixels.shape[1]}


def test_odd_last_row_stands_above_nothing():
    assert picture_text(np.full((3, 2), 255, np.uint8)) == "██\n▀▀"


def test_sheet_stands_pictures_side_by_side_at_half_size():
    white, black = np.full((4, 4), 255, np.uint8), np.zeros((4, 4), np.uint8)
    images = np.stack([white, black, white])
    assert sheet_text(images, ["1", "22", "long"], width=6) == "1   22\n██\n\nl…\n██"


def test_sheet_is_no_wider_than_asked():
    images = np.full((12, 28, 28), 255, np.uint8)
    lines = sheet_text(images, [f"digit {k}" for k in range(12)]).split("\n")
    assert max(map(len, lines)) == 5 * 14 + 4 * 2
    assert sum("digit" in line for line in lines) == 3
    assert lines[0].split() == [word for k in range(5) for word in ("digit", str(k))]


def test_sheet_narrower_than_a_picture_has_one_abreast():
    images = np.full((2, 8, 8), 255, np.uint8)
    assert sheet_text(images, ["a", "b"], width=1) == "a\n████\n████\n\nb\n████\n████"
