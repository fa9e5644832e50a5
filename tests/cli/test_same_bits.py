"""A seed decides every bit of a training, with one thread and with several."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from toys import bits

# Layers whose products OpenBLAS shares among threads, and weights enough to share a step too.
CONFIG = """\
data: {name: mnist-5k, limit: 600, validation: 100}
layers: [1400, 32]
batch_size: 125
dropout: 0.2
schedule: cosine
epochs: 3
plots: false
"""

# The program, and a Ctrl-C between two steps of its second epoch.
INTERRUPTED = """
import os, signal
from mlp_cli import blas
blas.prepare(os.environ)
from mlp_cli.cli import main
from mlp_cli.cli.screen import LineScreen

def show(self, event, run):
    if event.epoch == 2 and event.step < event.steps:
        signal.raise_signal(signal.SIGINT)

LineScreen.show = show
main()
"""
TRAIN = ["train", "--config", "wide.yaml", "--out"]


@pytest.fixture(params=[1, 2])
def threads(request, here, monkeypatch):
    if request.param > (os.cpu_count() or 1):
        pytest.skip("needs two processors")
    Path("wide.yaml").write_text(CONFIG)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", str(request.param))
    return request.param


def test_twice_and_interrupted_a_training_ends_with_the_same_bits(run_mlp, threads):
    for out in ("once", "twice"):
        assert run_mlp(*TRAIN, out, "--quiet").code == 0
    machine = json.loads(Path("once/summary.json").read_text())["versions"]["blas"]
    assert f"{threads} thread" in machine
    stopped = subprocess.run([sys.executable, "-c", INTERRUPTED, *TRAIN, "stopped"], check=False)
    assert stopped.returncode == 130
    assert run_mlp("train", "--resume", "stopped", "--quiet").code == 0
    for checkpoint in ("best.npz", "last.npz"):
        whole = bits(Path("once", checkpoint))
        assert bits(Path("twice", checkpoint)) == whole
        assert bits(Path("stopped", checkpoint)) == whole
