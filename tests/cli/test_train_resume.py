"""``mlp train --resume``: a run goes on with its own settings, on its own data."""

from pathlib import Path

import numpy as np
import pytest
from toys import bits

from mlp_cli import blas
from mlp_cli.training.checkpoint import load


def test_ever_more_epochs_are_the_run_planned_longer(mlp):
    mlp("train", "--config", "tiny.yaml", "--out", "short")
    more = mlp("train", "--resume", "short", "--epochs", 5)
    assert more.code == 0
    assert "epoch 3/5" not in more.out
    assert "epoch 4/5" in more.out
    mlp("train", "--config", "tiny.yaml", "--out", "long", "--epochs", 5)
    for checkpoint in ("best.npz", "last.npz"):
        assert bits(Path("short", checkpoint)) == bits(Path("long", checkpoint))
    assert Path("short/config.yaml").read_bytes() == Path("long/config.yaml").read_bytes()


def test_the_matrix_library_is_recorded_and_another_one_told(mlp, monkeypatch):
    here = str(blas.describe())
    mlp("train", "--config", "tiny.yaml")
    assert load(Path("runs/tiny-001/best.npz")).versions["blas"] == here
    assert mlp("train", "--resume", "latest", "--epochs", 4).err == ""
    with monkeypatch.context() as patch:
        patch.setattr(blas, "start", lambda: blas.Blas("OpenBLAS", "9", "Other", 1))
        done = mlp("train", "--resume", "latest", "--epochs", 5)
    assert done.code == 0
    other = "OpenBLAS 9, kernel Other, 1 thread"
    assert done.err == f"Note: last saved with {here}; with {other} the last bits may differ\n"
    assert mlp("train", "--resume", "latest", "--epochs", 6, "--quiet").err == ""
    assert load(Path("runs/tiny-001/best.npz")).versions["blas"] in (here, other)


def test_a_complete_run_is_refused(mlp):
    mlp("train", "--config", "tiny.yaml")
    done = mlp("train", "--resume", "latest")
    assert done.code == 2
    assert "complete: all 3 epochs are done" in done.err


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--seed", "7"], "Error: --seed: a resumed run keeps its settings, and its seed would"),
        (["--batch-size", "51"], "Error: --batch-size: a resumed run keeps"),
        (
            ["--lr", "0.5"],
            "--lr: a resumed run keeps its settings, and its optimizer would change;",
        ),
        (["--set", "hidden=[3]"], "Error: --set hidden=[3]: a resumed run keeps"),
        (["--lr", "0.5", "--seed", "7"], "--lr, --seed: a resumed run keeps"),
        (["--lr", "0.5", "--epochs", "9"], "Error: --lr: a resumed run keeps"),
        (["--epochs", "2"], "not fewer; got 2"),
    ],
)
def test_flags_that_contradict_the_run_are_refused(mlp, flags, words):
    mlp("train", "--config", "tiny.yaml")
    done = mlp("train", "--resume", "latest", *flags)
    assert done.code == 2
    assert words in done.err


def test_equal_flags_are_accepted(mlp):
    mlp("train", "--config", "tiny.yaml")
    same = ["--seed", 0, "--batch-size", 50, "--lr", 0.001, "--epochs", 4]
    assert mlp("train", "--resume", "latest", *same).code == 0


def test_a_schedule_with_an_end_takes_no_more_epochs(mlp):
    mlp("train", "--config", "tiny.yaml", "--set", "schedule=cosine")
    done = mlp("train", "--resume", "latest", "--epochs", 9)
    assert done.code == 2
    assert "the schedule cosine was laid out for 3 epochs" in done.err


def test_changed_data_are_refused(mlp, here):
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (60, 28, 28), np.uint8), np.arange(60) % 3
    np.savez("own.npz", images=images, labels=labels)
    (here / "own.yaml").write_text("{data: own.npz, layers: [4], epochs: 1, plots: false}")
    assert mlp("train", "--config", "own.yaml").code == 0
    np.savez("own.npz", images=images ^ 1, labels=labels)
    done = mlp("train", "--resume", "latest", "--epochs", 2)
    assert done.code == 1
    assert "was trained on other data than own.npz is now" in done.err
