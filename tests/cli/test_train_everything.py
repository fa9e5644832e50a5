"""Norm, noise and erasing all at once: every command knows what to do with such a run."""

import json
from pathlib import Path

import pytest
from toys import bits

from mlp_cli.training.checkpoint import load

RUN = Path("runs/tiny-001")
FLAGS = ["--set", "augment={name: digits, erase: 0.3}", "--set", "norm=batch"]
FLAGS += ["--set", "noise=[0.2]", "--set", "input_noise=0.1"]


def test_a_run_is_trained_judged_read_with_and_looked_into(mlp):
    done = mlp("train", "--config", "tiny.yaml", *FLAGS, "--lr", 0.01, "--epochs", 12)
    assert (done.code, done.err) == (0, "")
    summary = json.loads((RUN / "summary.json").read_text())
    judged = json.loads(mlp("eval", "latest", "--json").out)
    assert judged["accuracy"] == summary["test_accuracy"] > 0.2
    assert judged["loss"] == summary["test_loss"]
    held_out = json.loads(mlp("eval", "latest", "--split", "validation", "--json").out)
    assert held_out["accuracy"] == pytest.approx(summary["val_accuracy"])
    assert held_out["loss"] == pytest.approx(summary["val_loss"], rel=1e-4)
    answer = json.loads(mlp("predict", "-c", "latest", "--index", 3, "--json").out)
    assert sum(answer["probabilities"].values()) == pytest.approx(1)
    looked = json.loads(mlp("inspect", "latest", "--json").out)
    assert looked["layers"][0]["weights"]["max"] == load(RUN / "best.npz").network().W[0].max()
    assert looked["config"]["norm"]["name"] == "batch"


def test_given_more_epochs_it_is_the_run_planned_longer(run_mlp):
    for out, epochs in (("short", 2), ("long", 4)):
        words = ["train", "--config", "tiny.yaml", "--out", out, "--epochs", epochs]
        assert run_mlp(*words, *FLAGS, "--quiet").code == 0
    assert run_mlp("train", "--resume", "short", "--epochs", 4, "--quiet").code == 0
    for checkpoint in ("best.npz", "last.npz"):
        assert bits(Path("short", checkpoint)) == bits(Path("long", checkpoint))


def test_faults_are_told_with_their_rule(mlp):
    done = mlp("train", "--config", "tiny.yaml", "--batch-size", 1, "--set", "norm=batch")
    assert (done.code, done.out) == (2, "")
    assert "norm batch needs batch_size to be above 1" in done.err
    done = mlp("train", "--config", "tiny.yaml", "--set", "noise=[0.1, 0.1]")
    assert (done.code, done.out) == (2, "")
    assert "noise lists 2 layers, but layers has 1" in done.err
