"""Colour is for a terminal that has it and a person who wants it; the words do without."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAINT = re.compile(r"\x1b\[[0-9;]*m")
RED, GREEN, YELLOW, BOLD, END = (f"\x1b[{code}m" for code in ("31m\x1b[1", "32", "33", "1", "0"))
MLP = [sys.executable, "-m", "mlp_cli"]


@pytest.fixture
def terminal(here, monkeypatch):
    """Runs a command line on a terminal, and gives all that is seen there."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")

    def run(*words, **environment):
        ours, theirs = pty.openpty()
        command = [*MLP, *map(str, words)]
        running = subprocess.Popen(
            command, stdout=theirs, stderr=theirs, env={**os.environ, **environment}
        )
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 4096):
                seen += piece
        except OSError:  # Linux's way to say that nobody has the terminal open any more
            pass
        os.close(ours)
        running.wait()
        return seen.decode().replace("\r\n", "\n")

    return run


def test_a_training_marks_its_best_epoch_and_its_result(terminal):
    seen = terminal("train", "--config", "tiny.yaml")
    assert f"{GREEN}  * best{END}\n" in seen
    assert re.search(rf"^{re.escape(BOLD)}test  .*{re.escape(END)}$", seen, re.M)
    assert f"{YELLOW}Underfitting{END}: " in seen


def test_errors_are_red_and_warnings_yellow(terminal, trained):
    Path("bad.yaml").write_text("data: mnist-5k\nepochs: 0\nlayer: [3]\n")
    assert terminal("eval", "nowhere").startswith(f"{RED}Error{END}: nowhere: ")
    assert f"\n{RED}Error{END}: No such command" in terminal("nonsense")
    for line in terminal("train", "--config", "bad.yaml").splitlines():
        assert re.match(rf"{re.escape(RED)}bad\.yaml:[23]{re.escape(END)}: ", line)
    seen = terminal("eval", trained, "--split", "train")
    assert f"{YELLOW}{BOLD}Warning{END}: these are the examples" in seen
    assert f"\n{BOLD}accuracy  " in seen


def test_right_and_wrong_whole_and_damaged_can_be_told_apart_at_a_glance(terminal, trained):
    assert terminal("predict", "--index", 3, "-c", trained).rstrip().endswith(f"{GREEN}right{END}")
    assert terminal("doctor").endswith(f"{GREEN}Nothing is broken.{END}\n")
    assert terminal("data", "verify", "mnist", "--data-dir", "d").count("\x1b[31mmissing") == 4


@pytest.mark.parametrize("wish", [{"NO_COLOR": "1"}, {"NO_COLOR": "no"}, {"TERM": "dumb"}])
def test_where_no_colour_is_wanted_there_is_none_and_the_words_are_the_same(terminal, wish):
    plain = terminal("data", "verify", "mnist", "--data-dir", "d", **wish)
    painted = terminal("data", "verify", "mnist", "--data-dir", "d")
    assert "\x1b" not in plain
    assert "\x1b" in painted
    assert plain == PAINT.sub("", painted)


def test_an_empty_wish_is_none(terminal):
    assert "\x1b" in terminal("eval", "nowhere", NO_COLOR="")


def test_in_a_pipe_there_is_none(run_mlp, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    for words in (["train", "--config", "tiny.yaml"], ["data", "verify", "mnist"]):
        done = run_mlp(*words)
        assert "\x1b" not in done.out + done.err
