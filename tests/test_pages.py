"""The pages tell of the commands, the config and the exit codes what the program knows of them."""

import re
import runpy
import signal
from pathlib import Path

import click
import pytest

from mlp_cli.cli.exits import BUG, EXITS
from mlp_cli.cli.interrupt import ASKING
from mlp_cli.cli.main import mlp as program
from mlp_cli.cli.reference import commands
from mlp_cli.errors import MlpError

ROOT = Path(__file__).parent.parent
MADE = runpy.run_path(str(ROOT / "docs" / "make_pages.py"))
PAGES, updated = MADE["PAGES"], MADE["updated"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_up_to_date(page):
    text = (ROOT / page).read_text("utf-8")
    name, make = PAGES[page]
    assert text.count(f"<!-- {name}: begin -->") == text.count(f"<!-- {name}: end -->") == 1
    assert make() in text, f"{page} is out of date; run: python docs/make_pages.py"
    assert text == updated(text, name, make())


def test_only_what_is_between_the_markers_is_made():
    text = "# Title\n<!-- it: begin -->\nold \\1\n<!-- it: end -->\nafter\n"
    new = updated(text, "it", r"new \1")
    assert new == "# Title\n<!-- it: begin -->\n\nnew \\1\n\n<!-- it: end -->\nafter\n"
    assert updated(new, "it", r"new \1") == new


def test_the_pages_are_written_in_place(monkeypatch, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- it: begin --><!-- it: end -->\n", "utf-8")
    monkeypatch.setitem(MADE["main"].__globals__, "ROOT", tmp_path)
    monkeypatch.setitem(MADE["main"].__globals__, "PAGES", {"page.md": ("it", lambda: "→")})
    MADE["main"]()
    assert page.read_text("utf-8") == "<!-- it: begin -->\n\n→\n\n<!-- it: end -->\n"


def every(command=program, words="mlp"):
    yield words, command
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from every(inner, f"{words} {name}")


@pytest.mark.parametrize(("words", "command"), list(every()))
def test_every_command_has_a_section_with_its_options_and_examples(words, command):
    _, _, section = commands().partition(f"\n## {words}\n")
    section = section.partition("\n## ")[0]
    assert section.lstrip().startswith(f"`{words} ")
    for param in command.params:
        if isinstance(param, click.Option):
            assert re.search(rf"`([-\w, ]+)?{max(param.opts, key=len)}[ `]", section)
            assert param.help.splitlines()[0].replace("|", "\\|") in section
    assert "```sh\nmlp " in section


def test_every_way_to_end_has_its_code_in_the_table():
    def kinds(cls):
        return {cls.exit_code}.union(*map(kinds, cls.__subclasses__()))

    signals = {128 + getattr(signal, name) for name in ASKING}
    assert set(EXITS) == {0, BUG, click.UsageError.exit_code} | kinds(MlpError) | signals
