"""An error is as many lines as it is meant to be, whatever the names in it are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.errors import ConfigError, DownloadError, ImageError, visible


@given(st.text())
def test_a_name_can_neither_break_a_line_nor_steer_a_terminal(name):
    told = ImageError(f"{name} is blank").told
    assert told.isprintable()
    assert told.startswith("Error: ")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nb", "a\\nb"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("caf\u00e9 \u6570.png", "caf\u00e9 \u6570.png"),
        ("a\u202eb", "a\\u202eb"),  # which would turn around what follows
        ("\udcff", "\\udcff"),  # a byte that is no UTF-8
    ],
)
def test_what_cannot_be_printed_is_written_out(name, shown):
    assert visible(name) == shown


def test_lines_that_are_meant_stay():
    error = ConfigError(["a.yaml:1: one", "a.yaml:2: t\nwo"])
    assert error.told == "a.yaml:1: one\na.yaml:2: t\\nwo"
    assert error.problems == ("a.yaml:1: one", "a.yaml:2: t\nwo")
    assert DownloadError("first", "second").told == "Error: first\nsecond"
