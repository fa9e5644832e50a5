"""Trainings that are started at once, in processes of their own, keep out of each other's way."""

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from toys import bits

from mlp_cli.training.checkpoint import load

# The program; it waits for a line after it has looked which numbers of runs are taken.
WAITING = """
import os, sys
from mlp_cli import blas
blas.prepare(os.environ)
from mlp_cli.cli import main
from mlp_cli.training import names

number = names._number

def waiting(*arguments):
    print("looked", flush=True)
    sys.stdin.readline()
    return number(*arguments)

names._number = waiting
main()
"""


@pytest.fixture
def started(here):
    """Starts command lines in processes of their own, which do not outlive the test."""
    running = []

    def start(*words, program=("-m", "mlp_cli")):
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        running.append(subprocess.Popen([sys.executable, *program, *words], text=True, **pipes))
        return running[-1]

    yield start
    for each in running:
        each.kill()
        each.communicate()


def test_two_that_take_the_same_number_get_two_folders(started):
    Path("runs").mkdir()
    Path("runs/note.txt").touch()  # something to look at
    words = ["train", "--config", "tiny.yaml", "--quiet"]
    both = [started(*words, program=("-c", WAITING)) for _ in range(2)]
    for each in both:
        assert each.stdout.readline() == "looked\n"
    for each in both:
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in both:
        assert each.communicate(timeout=60) == ("", "")
        assert each.returncode == 0
    runs = sorted(Path("runs").glob("tiny-*"))
    assert [run.name for run in runs] == ["tiny-001", "tiny-002"]
    assert [json.loads((run / "summary.json").read_text())["epochs"] for run in runs] == [3, 3]
    assert bits(runs[0] / "last.npz") == bits(runs[1] / "last.npz")


def test_of_two_that_go_on_with_a_run_one_does_and_the_other_is_refused(mlp, started):
    assert mlp("train", "--config", "tiny.yaml", "--out", "run").code == 0
    both = [started("train", "--resume", "run", "--epochs", "1000000") for _ in range(2)]
    firsts = [each.stdout.readline() for each in both]  # the refused one's is empty
    one, other = both if firsts[0] else reversed(both)
    out, err = other.communicate(timeout=60)
    assert (other.returncode, out) == (1, "")
    assert err.startswith("Error: run: another training writes to it; wait for it, or stop it with")
    assert len(err.splitlines()) == 1
    for line in one.stdout:
        if line.startswith("epoch "):
            break
    one.send_signal(signal.SIGINT)
    _, err = one.communicate(timeout=60)
    assert (one.returncode, err) == (130, "")
    with Path("run/metrics.csv").open() as file:
        epochs = [int(row["epoch"]) for row in csv.DictReader(file)]
    assert epochs == [*range(1, load(Path("run/last.npz")).position.epoch + 1)]
    assert epochs[3:]
