"""A bar for a person at a terminal; plain lines for everything else."""

import os
import pty
import re
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from mlp_cli import blas

COMMAND = [sys.executable, "-m", "mlp_cli", "train", "--config", "tiny.yaml"]


def on_a_terminal(command):
    """What a command prints on stdout, and on stderr where that is a terminal."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    seen = b""
    try:
        while piece := os.read(ours, 4096):
            seen += piece
    except OSError:  # Linux's way to say that nobody has the terminal open any more
        pass
    os.close(ours)
    out, _ = running.communicate()
    assert running.returncode == 0
    return out.decode(), seen.decode()


def test_on_a_terminal_there_is_a_bar_with_the_running_loss(here):
    out, err = on_a_terminal(COMMAND)
    assert "\r" in err
    assert re.search(r"epoch 1/3: .* [1-5]/5 \[.* loss \d\.\d{4}, accuracy \d+\.\d\d %\]", err)
    assert "\r" not in out
    assert "epoch 3/3   train loss" in out


def test_a_sweep_shows_a_bar_for_each_trial_there(here):
    pytest.importorskip("optuna")
    Path("space.yaml").write_text("epochs: {low: 3, high: 4}")
    words = ["--config", "tiny.yaml", "--space", "space.yaml", "--trials", "2"]
    out, err = on_a_terminal([*COMMAND[:3], "sweep", *words])
    assert re.search(r"trial 1/2: .* [0-4](\.\d)?/[34] \[", err)
    assert "\r" not in out
    assert out.count("\n    1  ") == out.count("\n    2  ") == 1


def test_quiet_and_json_show_no_bar_even_there(here):
    for flag in ("--quiet", "--json"):
        _, err = on_a_terminal([*COMMAND, flag])
        assert err == ""


def test_elsewhere_lines_are_plain(run_mlp):
    done = run_mlp("train", "--config", "tiny.yaml")
    assert done.code == 0
    assert done.err == ""
    assert "\r" not in done.out
    assert "\x1b" not in done.out


@pytest.mark.parametrize(
    ("encoding", "arrow", "block"),
    [("cp1252", "?", "?"), ("ascii", "→", "█")],  # click takes ASCII for a slip and writes UTF-8
)
def test_a_screen_without_arrows_and_blocks_is_no_bug(run_mlp, encoding, arrow, block):
    trained = run_mlp("train", "--config", "tiny.yaml", encoding=encoding)
    assert (trained.code, trained.err) == (0, "")
    assert f"784 {arrow} 8 relu {arrow} 10 softmax" in trained.out
    shown = run_mlp("predict", "-c", "latest", "--index", 7, "--show", encoding=encoding)
    assert (shown.code, shown.err) == (0, "")
    assert block * 4 in shown.out


def test_the_banner_tells_data_network_and_folder(mlp):
    out = mlp("train", "--config", "tiny.yaml").out
    banner = out.partition("\n\n")[0]
    assert "runs/tiny-001" in banner
    assert "mnist-5k: 240 to train, 60 to validate, 1,000 to test" in banner
    assert "784 → 8 relu → 10 softmax, 6,370 parameters" in banner
    assert f"matrices     {blas.describe()}" in banner


def test_each_epoch_has_a_line_and_the_best_so_far_is_marked(mlp):
    lines = mlp("train", "--config", "tiny.yaml").out.splitlines()
    epochs = [line for line in lines if line.startswith("epoch ")]
    assert [line.split()[1] for line in epochs] == ["1/3", "2/3", "3/3"]
    assert epochs[0].endswith("* best")
    best = max(i for i, line in enumerate(epochs, 1) if line.endswith("* best"))
    assert f"best epoch   {best}" in lines


def test_stopping_early_is_told(mlp):
    still = ["--set", "optimizer={name: sgd, lr: 1e-30}", "--set", "early_stopping.patience=1"]
    out = mlp("train", "--config", "tiny.yaml", *still).out
    assert "Stopped early: no new best in 1 epochs." in out
    assert "epoch 3/3" not in out


def test_without_validation_no_epoch_is_called_the_best(mlp):
    assert "* best" in mlp("train", "--config", "tiny.yaml").out
    assert "* best" not in mlp("train", "--config", "tiny.yaml", "--set", "data.validation=0").out
