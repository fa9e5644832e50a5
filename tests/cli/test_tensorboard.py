"""``mlp train --tensorboard``: another watcher, who changes nothing."""

import signal
import sys
from pathlib import Path

import pytest
from toys import bits

from mlp_cli.cli.screen import LineScreen

TRAIN = ["train", "--config", "tiny.yaml"]
BOARD = Path("runs/tiny-001/tensorboard")


@pytest.fixture
def interrupted(monkeypatch):
    """Each training is stopped at its first event."""
    with monkeypatch.context() as patch:
        patch.setattr(LineScreen, "show", lambda *_: signal.raise_signal(signal.SIGINT))
        yield patch


def test_the_bits_are_the_same_and_the_runs_have_their_names(mlp):
    reader = pytest.importorskip("tensorboard.backend.event_processing.event_multiplexer")
    settings = [*TRAIN, "--set", "dropout=0.2"]
    watched = mlp(*settings, "--tensorboard")
    assert (watched.code, watched.err) == (0, "Note: to watch it: tensorboard --logdir runs\n")
    assert mlp(*settings).code == 0
    for checkpoint in ("best.npz", "last.npz"):
        one, other = (Path("runs", run, checkpoint) for run in ("tiny-001", "tiny-002"))
        assert bits(one) == bits(other)
    assert not Path("runs/tiny-002/tensorboard").exists()
    runs = reader.EventMultiplexer().AddRunsFromDirectory("runs").Reload().Runs()
    curves = ["tensorboard", "tensorboard/test", "tensorboard/train", "tensorboard/validation"]
    assert sorted(runs) == [f"tiny-001/{curve}" for curve in curves]


def test_a_run_that_was_watched_is_watched_when_it_goes_on(mlp, interrupted):
    pytest.importorskip("tensorboard")
    assert mlp(*TRAIN, "--tensorboard").code == 130
    assert not (BOARD / "test").exists()
    interrupted.undo()
    assert mlp("train", "--resume", "latest").code == 0
    assert (BOARD / "train").exists()
    assert (BOARD / "test").exists()


def test_a_run_goes_on_where_event_files_were_removed(mlp):
    pytest.importorskip("tensorboard")
    assert mlp(*TRAIN, "--tensorboard", "--set", "schedule=constant").code == 0
    assert mlp("train", "--resume", "latest", "--epochs", "4").code == 0
    first, second = sorted((BOARD / "train").iterdir())
    first.unlink()
    assert mlp("train", "--resume", "latest", "--epochs", "5").code == 0
    assert second.name < max(path.name for path in (BOARD / "train").iterdir())


def test_without_the_package_nothing_is_made(mlp, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    done = mlp(*TRAIN, "--tensorboard")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "Error: --tensorboard needs a package that is not here: "
        "pip install 'mlp-cli[tensorboard]'\n"
    )
    assert not Path("runs").exists()


def test_a_run_goes_on_where_the_package_is_missing_and_says_so(mlp, monkeypatch, interrupted):
    assert mlp(*TRAIN).code == 130
    BOARD.mkdir()
    interrupted.undo()
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    done = mlp("train", "--resume", "latest")
    assert done.code == 0
    assert done.err.startswith(f"Note: {BOARD} ends here, for a package is missing")


@pytest.mark.parametrize("other", ["--dry-run", "--find-lr"])
def test_what_makes_no_run_cannot_be_watched(mlp, other):
    done = mlp(*TRAIN, "--tensorboard", other)
    assert (done.code, done.out) == (2, "")


def test_the_event_files_of_another_run_are_not_written_on(mlp):
    Path("mine/tensorboard").mkdir(parents=True)
    done = mlp(*TRAIN, "--out", "mine")
    assert (done.code, done.out) == (2, "")
    assert "has a tensorboard in it already" in done.err
