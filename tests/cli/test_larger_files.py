"""Data larger than memory, as a user meets them: bounded memory, and clear words for a bad disk."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from larger import NAMES, save_idx, small_is_large
from toys import bits

from mlp_cli.cli.screen import LineScreen
from mlp_cli.data import idx
from mlp_cli.training.events import EpochDone

LARGE = """\
data: {name: ./many, validation: 60}
layers: [8]
batch_size: 20
epochs: 3
plots: false
"""
MEASURED = """\
import resource, subprocess, sys
code = subprocess.run([sys.executable, "-m", "mlp_cli", *sys.argv[1:]]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
sys.exit(code)
"""
IMAGES = 280_000  # of 60 × 80 pixels: 1,281 MiB, as zeros that cost no disk
MOST = 300  # MiB


def save_zeros(folder):
    """Many black images of two classes, and a few to be judged on."""
    folder.mkdir()
    for examples, (images, labels) in ((IMAGES, NAMES[:2]), (100, NAMES[2:])):
        with (folder / images).open("wb") as file:
            file.write(idx.header((examples, 60, 80)))
            file.truncate(16 + examples * 4800)
        (folder / labels).write_bytes(idx.encode(np.arange(examples, dtype=np.uint8) % 2))


def test_memory_stays_far_below_the_size_of_the_data(here):
    save_zeros(here / "many")
    setting = ["--set", "data={name: ./many, validation: 0.1}", "--set", "layers=[]"]
    setting += ["--set", "plots=false", "--set", "epochs=1", "--set", "batch_size=2000"]
    arguments = ["train", "--config", "mnist", *setting, "--set", "dropout=0", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, *arguments, "--out", "run"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) < MOST
    summary = json.loads(Path("run/summary.json").read_text())
    assert summary["examples"]["train"] == IMAGES * 9 // 10


def test_a_file_cut_short_under_a_training_is_told_and_whole_again_it_goes_on(
    mlp, here, monkeypatch
):
    small_is_large(monkeypatch)
    (here / "large.yaml").write_text(LARGE)
    images = save_idx(here / "many") / NAMES[0]
    assert mlp("train", "--config", "large.yaml", "--out", "whole").code == 0
    raw, show = images.read_bytes(), LineScreen.show

    def cutting(self, event, run):
        show(self, event, run)
        if isinstance(event, EpochDone) and event.epoch == 1:
            os.truncate(images, len(raw) // 2)

    with monkeypatch.context() as patch:
        patch.setattr(LineScreen, "show", cutting)
        done = mlp("train", "--config", "large.yaml", "--out", "run")
    assert done.code == 1
    told = "has become shorter since it was opened"
    assert done.err == f"Error: many/{NAMES[0]}: {told}\n"
    refused = mlp("train", "--resume", "run")
    assert refused.code == 1
    assert "the IDX header says" in refused.err
    images.write_bytes(raw)
    assert mlp("train", "--resume", "run").code == 0
    assert bits(Path("run/last.npz")) == bits(Path("whole/last.npz"))


def test_every_command_reads_large_files(mlp, here, monkeypatch):
    small_is_large(monkeypatch)
    (here / "large.yaml").write_text(LARGE)
    save_idx(here / "many")
    planned = mlp("train", "--config", "large.yaml", "--dry-run").out
    assert " MB for the images at hand, of those that stay in their file" in planned
    assert mlp("train", "--config", "large.yaml", "--out", "run").code == 0
    for part, examples in (("train", 240), ("validation", 60), ("test", 24)):
        judged = json.loads(mlp("eval", "run", "--split", part, "--json").out)
        assert judged["examples"] == examples
    explained = json.loads(mlp("explain", "--index", 3, "-c", "run", "--json").out)
    assert len(explained["nearest"]) == 5
    assert mlp("data", "show", "./many", "--count", 5).code == 0
    assert mlp("predict", "--index", 3, "-c", "run").code == 0
    monkeypatch.setattr("mlp_cli.data.stored.LARGE", 240 * 20 - 1)
    done = mlp("eval", "run", "--split", "train", "--report", "report")
    assert done.code == 2
    assert "240 are too many for that" in done.err
