"""A signal finishes the steps under way, saves, says how to go on, and loses nothing."""

import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from toys import bits

from mlp_cli.cli.interrupt import interruptible
from mlp_cli.cli.screen import LineScreen
from mlp_cli.training import loop
from mlp_cli.training.checkpoint import load
from mlp_cli.training.events import EpochDone


def metrics(run):
    """metrics.csv but for its two columns of times."""
    lines = Path(run, "metrics.csv").read_text().splitlines()
    return [line.split(",")[:-2] for line in lines]


ENDLESS = ["train", "--config", "tiny.yaml", "--epochs", "1000000", "--batch-size", "1"]


def started(*before):
    """An endless training in a process of its own, after its first epoch."""
    running = subprocess.Popen(
        [*before, sys.executable, "-m", "mlp_cli", *ENDLESS],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in running.stdout:
        if line.startswith("epoch "):
            break
    return running


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_saves_and_prints_the_command_that_goes_on(here, name, code):
    running = started()
    running.send_signal(getattr(signal, name))
    out, err = running.communicate(timeout=60)
    assert running.returncode == code
    assert err == ""
    assert out.splitlines()[-1].endswith("Go on with: mlp train --resume runs/tiny-001")
    saved = load(Path("runs/tiny-001/last.npz"))
    assert saved.position.epoch >= 1
    assert not Path("runs/tiny-001/summary.json").exists()


def test_a_run_that_is_not_finished_is_told_as_that(mlp, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(
            LineScreen, "show", lambda self, event, run: signal.raise_signal(signal.SIGINT)
        )
        assert mlp("train", "--config", "tiny.yaml", "--out", "my run").code == 130
    note = "Note: my run is not finished; mlp train --resume 'my run' goes on.\n"
    assert mlp("eval", "my run", "--json").err == note
    assert mlp("predict", "-c", "my run", "--index", "1").err == note
    assert mlp("train", "--resume", "my run").code == 0
    assert mlp("eval", "my run", "--json").err == ""


def test_it_outlives_its_terminal_where_that_was_asked_for(here):
    running = started("nohup")
    running.send_signal(signal.SIGHUP)
    assert any(line.startswith("epoch ") for line in running.stdout)
    running.send_signal(signal.SIGTERM)
    running.communicate(timeout=60)
    assert running.returncode == 143


def test_where_nobody_reads_on_it_is_saved_and_ends(here):
    running = started()
    running.stdout.close()
    err = running.stderr.read()
    running.stderr.close()
    assert running.wait(60) == 1
    assert err == "Saved. Go on with: mlp train --resume runs/tiny-001\n"
    assert load(Path("runs/tiny-001/last.npz")).position.epoch >= 1


def test_two_that_go_on_with_one_run_are_one_too_many(here, mlp):
    running = started()
    done = mlp("train", "--resume", "runs/tiny-001")
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Error: runs/tiny-001: another training writes to it")


def test_interrupted_among_small_batches_it_ends_as_if_undisturbed(mlp, monkeypatch):
    """240 examples, one a step, 100 steps at once: stopped after 200 steps of the second epoch."""
    monkeypatch.setattr(loop, "LEARNED_AT_ONCE", 100)
    small = ["--config", "tiny.yaml", "--batch-size", 1, "--lr", 1e-3, "--set", "dropout=0.3"]
    assert mlp("train", *small, "--out", "whole").code == 0
    show = LineScreen.show

    def interrupting(self, event, run):
        show(self, event, run)
        if (event.epoch, getattr(event, "step", None)) == (2, 200):
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(LineScreen, "show", interrupting)
        assert mlp("train", *small, "--out", "stopped").code == 130
    assert mlp("train", "--resume", "stopped").code == 0
    assert bits(Path("stopped/last.npz")) == bits(Path("whole/last.npz"))
    assert metrics("stopped") == metrics("whole")


@pytest.mark.parametrize(
    "moment",
    [(1, 1), (1, 3), (1, 5), (2, None), (3, 4), (3, None)],
    ids=lambda moment: f"epoch {moment[0]} step {moment[1]}",
)
def test_interrupted_and_resumed_it_ends_as_if_undisturbed(mlp, monkeypatch, moment):
    """At a step, the first or the last of an epoch, or at the end of one (None)."""
    monkeypatch.setattr(loop, "LEARNED_AT_ONCE", 1)
    settings = ["--set", "dropout=0.2", "--set", "schedule=cosine"]
    assert mlp("train", "--config", "tiny.yaml", *settings, "--out", "whole").code == 0

    show = LineScreen.show

    def interrupting(self, event, run):
        show(self, event, run)
        if (event.epoch, None if isinstance(event, EpochDone) else event.step) == moment:
            signal.raise_signal(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr(LineScreen, "show", interrupting)
        stopped = mlp("train", "--config", "tiny.yaml", *settings, "--out", "stopped run")
    assert stopped.code == 130
    assert stopped.out.endswith("Go on with: mlp train --resume 'stopped run'\n")
    assert mlp("train", "--resume", "stopped run").code == 0
    for checkpoint in ("best.npz", "last.npz"):
        assert bits(Path("stopped run", checkpoint)) == bits(Path("whole", checkpoint))
    assert metrics("stopped run") == metrics("whole")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_command_that_goes_on_can_be_pasted_and_names_the_data_directory(mlp, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(
            LineScreen, "show", lambda self, event, run: signal.raise_signal(signal.SIGINT)
        )
        stopped = mlp("train", "--config", "tiny.yaml", "--out", "my run", "--data-dir", "my data")
    command = stopped.out.partition("Go on with: mlp ")[2]
    assert shlex.split(command) == ["train", "--resume", "my run", "--data-dir", "my data"]
    assert mlp(*shlex.split(command)).code == 0


def test_json_tells_how_to_go_on_beside_its_lines(mlp, monkeypatch):
    from mlp_cli.cli.screen import JsonScreen

    monkeypatch.setattr(
        JsonScreen, "show", lambda self, event, run: signal.raise_signal(signal.SIGINT)
    )
    done = mlp("train", "--config", "tiny.yaml", "--json")
    assert (done.code, done.out) == (130, "")
    assert done.err == "Go on with: mlp train --resume runs/tiny-001\n"


def test_the_first_ctrl_c_asks_and_the_second_does_not_wait():
    with interruptible() as asked:
        assert not asked()
        signal.raise_signal(signal.SIGINT)
        assert asked() == signal.SIGINT
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_second_of_another_kind_is_not_waited_for_either():
    with interruptible():
        signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
