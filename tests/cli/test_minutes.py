"""``minutes`` in a config plans epochs before the training, which is one like any other then."""

from pathlib import Path

import pytest
import yaml
from toys import bits

from mlp_cli.training import budget, speed

RUN = Path("runs/tiny-001")


@pytest.fixture
def slow(monkeypatch):
    """An epoch seems to take so many seconds."""

    def seem(seconds):
        monkeypatch.setattr(budget, "seconds_of_epoch", lambda *_: seconds)

    return seem


def train(mlp, *flags):
    return mlp("train", "--config", "tiny.yaml", *flags)


def written(run=RUN):
    return yaml.safe_load((run / "config.yaml").read_text())


def test_as_many_epochs_are_trained_as_have_room(mlp, slow):
    slow(9.0)
    done = train(mlp, "--set", "minutes=1")
    assert (done.code, done.err) == (0, "")
    assert "epoch 5/5 " in done.out  # in 60 seconds without what is kept back
    assert (written()["epochs"], written()["minutes"]) == (5, None)
    assert len((RUN / "metrics.csv").read_text().splitlines()) == 6


def test_the_run_is_the_one_of_so_many_epochs_and_is_resumed_as_such(mlp, slow):
    slow(20.0)
    flags = ["--set", "schedule={name: step, every: 1}"]
    assert train(mlp, *flags, "--set", "minutes=1", "--out", "planned").code == 0
    assert train(mlp, *flags, "--epochs", 2, "--out", "plain").code == 0
    assert bits("planned/last.npz") == bits("plain/last.npz")
    assert written(Path("planned")) == written(Path("plain"))
    for run in ("planned", "plain"):
        assert mlp("train", "--resume", run, "--epochs", 4).code == 0
    assert bits("planned/last.npz") == bits("plain/last.npz")


def test_a_dry_run_tells_the_plan(mlp, slow, here):
    slow(9.0)
    done = train(mlp, "--set", "minutes=1", "--dry-run")
    assert done.code == 0
    assert "5 epochs, seed 0" in done.out
    assert "25 steps in all" in done.out
    assert not (here / "runs").exists()


@pytest.mark.parametrize("flag", ["--quiet", "--json", "--dry-run"])
def test_too_few_minutes_are_one_line(mlp, monkeypatch, here, flag):
    monkeypatch.setattr(speed, "SECONDS", 0.001)
    done = train(mlp, "--set", "minutes=0.01", flag)
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("Error: minutes: 0.01 leaves no room for an epoch of ")
    assert not (here / "runs").exists()


@pytest.mark.parametrize("said", [("--epochs", 2), ("--set", "epochs=2")], ids=str)
def test_epochs_on_the_command_line_go_before_minutes(mlp, monkeypatch, said):
    monkeypatch.setattr(budget, "seconds_of_epoch", lambda *_: pytest.fail("measured"))
    with Path("tiny.yaml").open("a") as config:
        config.write("minutes: 1\n")
    assert train(mlp, *said).code == 0
    assert (written()["epochs"], written()["minutes"]) == (2, None)
    assert "epoch 3/3" in mlp("train", "--resume", "latest", "--epochs", 3).out


def test_both_on_the_command_line_are_refused(mlp):
    done = train(mlp, "--epochs", 2, "--set", "minutes=5")
    assert (done.code, done.out) == (2, "")
    assert "--epochs: --set minutes=5 plans the epochs; give one of them" in done.err


def test_minutes_that_a_run_is_to_go_on_with_are_refused(mlp):
    train(mlp)
    done = mlp("train", "--resume", "latest", "--set", "minutes=1")
    assert done.code == 2
    assert "--set minutes=1: a resumed run keeps its settings" in done.err


@pytest.mark.parametrize("minutes", [0, -1, 1e308, ".inf", ".nan", "soon"])
def test_minutes_are_a_number_above_0(mlp, minutes):
    done = train(mlp, "--set", f"minutes={minutes}")
    assert (done.code, done.out) == (2, "")
    assert "minutes must be a number > 0 and <= 525,600 or null" in done.err
