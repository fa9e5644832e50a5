"""A chart in characters has each point where it belongs, whatever the points are."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.reports.canvas import HEIGHT, MARGIN, WIDTH, Canvas, limits

finite = st.floats(-1e9, 1e9)


def plot(canvas):
    """The rows inside the frame."""
    *rows, frame = canvas.lines()
    assert frame == " " * MARGIN + "└" + "─" * WIDTH
    return [row[MARGIN + 1 :].ljust(WIDTH) for row in rows]


def test_corners_are_in_the_corners():
    canvas = Canvas((1, 3), (10, 20))
    canvas.points([1, 3, 2], [10, 20, 15])
    rows = plot(canvas)
    assert rows[-1][0] == rows[0][-1] == "•"
    assert sum(row.count("•") for row in rows) == 3
    assert canvas.lines()[0].split()[0] == "20"
    assert canvas.lines()[HEIGHT - 1].split()[0] == "10"


@given(st.lists(st.tuples(finite, finite), min_size=1, max_size=50))
def test_any_points_are_inside(points):
    x, y = zip(*points, strict=True)
    canvas = Canvas(limits(x), limits(y))
    canvas.points(x, y)
    rows = plot(canvas)
    assert [len(row) for row in rows] == [WIDTH] * HEIGHT
    assert 1 <= sum(row.count("•") for row in rows) <= len(points)


def test_a_later_series_covers_an_earlier_one():
    canvas = Canvas((0, 1), (0, 1))
    canvas.points([0, 1], [0, 1], "a")
    canvas.points([1], [1], "b")
    rows = plot(canvas)
    assert rows[-1][0] == "a"
    assert rows[0][-1] == "b"


def test_an_axis_names_places():
    canvas = Canvas((0, 10), (0, 1))
    axis = canvas.axis({0: "none", 5: "half"})
    assert axis[MARGIN + 1 :].index("half") == canvas.column(5)
    assert axis[MARGIN + 1 :].startswith("none")


@given(st.lists(finite, min_size=1))
def test_limits_hold_all_and_are_never_the_same(values):
    low, high = limits(np.array(values))
    assert low == min(values)
    assert high == max(values) > low or (high > low == max(values))
