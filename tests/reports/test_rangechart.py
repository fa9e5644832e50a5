"""The chart of a range test has every loss in its place, and a line where the suggestion is."""

import numpy as np
import pytest

from mlp_cli.reports.canvas import HEIGHT, MARGIN, WIDTH
from mlp_cli.reports.rangechart import range_text
from mlp_cli.training.rangetest import RangeTest

RATES = tuple(np.geomspace(1e-6, 10, 200))
VALLEY = RangeTest(RATES, tuple(0.5 + (np.log10(RATES) + 2) ** 2))  # lowest at a rate of 0.01


def parts(text):
    """The rows of the plot, the names under its axis, and the last line."""
    head, *rows, _, names, _, said = text.splitlines()
    assert head.strip() == "loss"
    assert all(row[MARGIN] == "│" for row in rows)
    return [row[MARGIN + 1 :].ljust(WIDTH) for row in rows], names, said


def test_it_fits_a_terminal():
    assert max(len(line) for line in range_text(VALLEY).splitlines()) <= 100
    rows, _, _ = parts(range_text(VALLEY))
    assert [len(row) for row in rows] == [WIDTH] * HEIGHT


def test_the_lowest_loss_is_at_the_bottom_and_the_highest_at_the_top():
    text = range_text(VALLEY)
    rows, names, said = parts(text)
    lowest = [column for column, mark in enumerate(rows[-1]) if mark == "•"]
    assert names[MARGIN + 1 :].index("1e-02") in range(lowest[0], lowest[-1] + 1)
    assert rows[0][0] == rows[0].rstrip()[0] == "•"
    assert text.splitlines()[1].split()[0] == "16.5"
    assert text.splitlines()[HEIGHT].split()[0] == "0.5"
    assert said == "suggested    --lr 0.001, a tenth of the rate of the lowest loss"


def test_a_line_stands_over_the_suggested_rate():
    rows, names, _ = parts(range_text(VALLEY))
    place = names[MARGIN + 1 :].index("1e-03")
    assert sum(row[place] == "┊" for row in rows) >= HEIGHT - 1


def test_the_axis_names_each_power_of_ten():
    _, names, _ = parts(range_text(VALLEY))
    assert names.split() == [f"1e{power:+03d}" for power in range(-6, 2)] + ["learning", "rate"]


def test_an_explosion_leaves_the_others_their_room():
    exploded = RangeTest((*RATES[:100], RATES[100]), (*VALLEY.losses[:100], 1e30))
    rows, _, _ = parts(range_text(exploded))
    assert len({row for row in rows if "•" in row}) > HEIGHT // 2


@pytest.mark.parametrize("rates", [(1e-6,), (3e-6,), (1e-6, 2e-6), (1.0, 10.0)])
@pytest.mark.parametrize("loss", [2.5, 1e-30, 1e30])
def test_few_points_and_losses_that_are_all_alike_are_drawn_too(rates, loss):
    rows, _, _ = parts(range_text(RangeTest(rates, (loss,) * len(rates))))
    assert "".join(rows).count("•") == len(rates)
