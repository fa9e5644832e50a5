"""What is drawn around a digit goes, and the digit's own strokes stay."""

import cv2
import numpy as np
import pytest

from mlp_cli.data.frames import without_frames

EMPTY = np.zeros((100, 100), np.uint8)


def box(mask):
    cv2.rectangle(mask, (10, 10), (90, 90), 1, 3)


def circle(mask):
    cv2.circle(mask, (50, 50), 42, 1, 3)


def stroke(mask, length=40):
    cv2.line(mask, (50, 50 - length // 2), (50, 50 + length // 2), 1, 4)


def drawn(*draws):
    mask = EMPTY.copy()
    for draw in draws:
        draw(mask)
    return mask.astype(np.bool_)


@pytest.mark.parametrize("frame", [box, circle])
def test_the_frame_around_a_stroke_goes(frame):
    assert (without_frames(drawn(frame, stroke)) == drawn(stroke)).all()


@pytest.mark.parametrize("frame", [box, circle])
def test_alone_or_around_a_speck_it_is_a_digit(frame):
    assert (without_frames(drawn(frame)) == drawn(frame)).all()
    speckled = drawn(frame, lambda mask: stroke(mask, 6))
    assert (without_frames(speckled) == speckled).all()


def test_an_open_stroke_around_another_is_of_the_same_digit():
    four = drawn(
        lambda mask: cv2.polylines(mask, [np.array([(20, 10), (20, 60), (85, 60)])], False, 1, 4),
        lambda mask: cv2.line(mask, (60, 20), (60, 45), 1, 4),
    )
    assert (without_frames(four) == four).all()


def test_nothing_stays_nothing():
    assert not without_frames(EMPTY.astype(np.bool_)).any()
