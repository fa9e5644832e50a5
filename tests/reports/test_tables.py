import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.reports.tables import (
    confusion_table,
    evaluation_text,
    pad,
    per_class_table,
    worst_confusions,
)
from mlp_cli.training.metrics import Scores, evaluate

DIGITS = [str(digit) for digit in range(10)]
FASHION = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"]
FASHION += ["Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
KANA = list("おきすつなはまやれを")


def columns(text):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


@pytest.fixture
def confusion():
    counts = np.random.default_rng(0).integers(0, 3, (10, 10))
    counts[range(10), range(10)] = 1009
    return counts


@pytest.mark.parametrize("classes", [DIGITS, FASHION, KANA], ids=["digits", "fashion", "kana"])
def test_confusion_of_ten_classes_is_aligned_within_80_columns(confusion, classes):
    head, *rows = confusion_table(confusion, classes).splitlines()[1:]
    assert {columns(line) for line in (head, *rows)} == {columns(head)}
    assert columns(head) <= 80
    for counts, row, name in zip(confusion, rows, classes, strict=True):
        assert row.startswith(name)
        cells = row.removeprefix(name).split()
        assert cells == [str(count) if count else "·" for count in counts]


def test_confusion_columns_are_headed_by_shortened_names(confusion):
    head = confusion_table(confusion, FASHION).splitlines()[1]
    assert head.split()[:4] == ["T-sh…", "Trou…", "Pull…", "Dress"]


def test_large_counts_keep_their_distance():
    rows = confusion_table(np.full((10, 10), 1_234_567), DIGITS).splitlines()[2:]
    assert rows[0].split() == ["0", *["1234567"] * 10]


def test_per_class_table_has_a_line_for_each_class_and_the_mean():
    scores = (Scores(0.5, 0.25, 1 / 3, 1200), Scores(1.0, 0.0, 0.0, 4))
    lines = per_class_table(scores, Scores(0.75, 0.125, 1 / 6, 1204), ["cat", "dog"]).splitlines()
    assert [line.split() for line in lines[1:]] == [
        ["cat", "50.00", "%", "25.00", "%", "33.33", "%", "1,200"],
        ["dog", "100.00", "%", "0.00", "%", "0.00", "%", "4"],
        ["mean", "75.00", "%", "12.50", "%", "16.67", "%", "1,204"],
    ]
    assert len({len(line) for line in lines}) == 1


def test_worst_confusions_are_told_by_frequency():
    confusion = np.array([[90, 1, 0], [0, 80, 12], [3, 2, 70]])
    assert worst_confusions(confusion, ["a", "b", "c"]) == (
        "Most often confused: b taken for c (12 times), c taken for a (3 times), "
        "c taken for b (2 times)."
    )


def test_fewer_confusions_than_places():
    assert worst_confusions(np.array([[3, 1], [0, 2]]), ["a", "b"]) == (
        "Most often confused: a taken for b (once)."
    )
    assert worst_confusions(np.eye(3, dtype=np.int64), ["a", "b", "c"]) == "Nothing is confused."


def evaluation_of(classes):
    labels = np.arange(2000) % classes
    probabilities = np.eye(classes)[(labels + (np.arange(2000) < 40)) % classes]
    return evaluate([(labels, probabilities)], [f"class {k}" for k in range(classes)], 0.0712)


def test_evaluation_text_has_all_measures():
    text = evaluation_text(evaluation_of(10), "hinge")
    low, high = evaluation_of(10).accuracy_interval
    first = text.splitlines()[0]
    assert first.split()[:3] == ["accuracy", "98.00", "%"]
    assert f"95 % interval {100 * low:.2f} to {100 * high:.2f} %" in first
    for line in ("0.0712", "2,000", "top-2 accuracy", "calibration error", "precision"):
        assert line in text
    assert text.splitlines()[3].split() == ["loss", "0.0712", "hinge"]
    assert "confusion: a row" in text
    assert "class 0 taken for class 1 (4 times)" in text


def test_no_confusion_table_where_it_would_be_too_wide():
    text = evaluation_text(evaluation_of(40), "hinge")
    assert "confusion: a row" not in text
    assert "Most often confused" in text


@given(st.text(st.characters(exclude_categories=("C", "M"))), st.integers(2, 20), st.booleans())
def test_padding_fills_exactly(text, width, right):
    padded = pad(text, width, right)
    assert columns(padded) == width
    if columns(text) <= width:
        assert padded.endswith(text) if right else padded.startswith(text)
    else:
        assert padded.rstrip().endswith("…")
