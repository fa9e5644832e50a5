"""A run folder belongs to one training at a time, and its files are whole."""

import errno
import fcntl
import os
import subprocess
import sys

import pytest
from toys import begin, bits, complete, stop_after, take_up, toy_config

from mlp_cli.errors import CheckpointError, RunError
from mlp_cli.training import names
from mlp_cli.training.checkpoint import load
from mlp_cli.training.events import EpochDone
from mlp_cli.training.resume import checkpoint_of, to_resume
from mlp_cli.training.rundir import RunFolder

HOLD = """
import sys
from pathlib import Path
from mlp_cli.training.rundir import RunFolder
with RunFolder(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def halfway(tmp_path):
    """A run of three epochs that was stopped in its third."""
    run = begin(tmp_path / "run", toy_config(batch_size=7))
    stop_after(run, 12)
    return run.folder


def test_a_folder_is_for_one_training_at_a_time(tmp_path):
    folder = RunFolder(tmp_path)
    refused = pytest.raises(RunError, match="another training writes to it")
    with folder.held(), refused, folder.held():
        pass
    with folder.held():
        pass


def test_it_is_free_again_when_the_other_is_killed(tmp_path):
    folder = RunFolder(tmp_path)
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout.readline() == b"held\n"
    with pytest.raises(RunError, match="another training writes to it"), folder.held():
        pass
    other.kill()
    other.communicate()
    with folder.held():
        pass


def test_what_a_killed_training_left_half_done_is_swept_out(tmp_path):
    for name in (".last.npz.abc.half", ".previous.npz.half", "notes.half", ".hidden"):
        (tmp_path / name).touch()
    with RunFolder(tmp_path).held():
        assert sorted(path.name for path in tmp_path.iterdir()) == [".hidden", "notes.half"]


def test_what_is_left_over_and_stays_is_told(tmp_path):
    (tmp_path / ".stranger.half").mkdir()
    told = pytest.raises(RunError, match="half: is left over and cannot be removed: Is a directory")
    with told, RunFolder(tmp_path).held():
        pass


def test_a_file_system_without_locks_keeps_nobody_out(tmp_path, monkeypatch):
    def none(handle, how):
        raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    monkeypatch.setattr(fcntl, "flock", none)
    with RunFolder(tmp_path).held():
        pass


def test_the_checkpoint_before_the_last_is_kept(halfway):
    assert load(halfway.last).position.epoch == 2
    assert load(halfway.previous).position.epoch == 2
    assert load(halfway.previous).position.step < load(halfway.last).position.step


def test_once_there_is_a_summary_the_checkpoint_before_the_last_is_gone(halfway, monkeypatch):
    def killed(path, missing_ok):
        raise KeyboardInterrupt

    run = take_up(halfway.path)
    for _ in run.train():
        pass
    with monkeypatch.context() as patch:
        patch.setattr(type(halfway.path), "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            run.finish("mlp train")
    assert halfway.previous.exists()
    assert not halfway.summary.exists()
    complete(take_up(halfway.path))
    assert not halfway.previous.exists()


def test_a_damaged_last_checkpoint_names_the_one_before(halfway):
    halfway.last.write_bytes(halfway.last.read_bytes()[:-100])
    with pytest.raises(CheckpointError) as caught:
        checkpoint_of(halfway, str(halfway.path))
    told = str(caught.value)
    assert told.startswith(f"{halfway.last}: is no checkpoint of mlp, or a damaged one")
    assert told.endswith(f"of epoch 2; go on from there: mlp train --resume {halfway.previous}")
    assert "\n" not in told


def test_with_both_damaged_nothing_is_promised(halfway):
    for path in (halfway.last, halfway.previous):
        path.write_bytes(b"")
    with pytest.raises(CheckpointError, match=r"last\.npz: is no checkpoint of mlp[^;]*;[^;]*$"):
        checkpoint_of(halfway, str(halfway.path))


def test_from_the_one_before_it_ends_as_if_undisturbed(halfway, tmp_path):
    whole = begin(tmp_path / "whole", toy_config(batch_size=7))
    complete(whole)
    halfway.last.write_bytes(b"damaged")
    name = str(halfway.previous)
    assert to_resume(name) == halfway
    complete(take_up(halfway.path, name=name))
    assert bits(halfway.last) == bits(whole.folder.last)
    assert bits(halfway.best) == bits(whole.folder.best)
    assert not halfway.previous.exists()  # nothing is left to go on with


def test_the_one_before_it_is_found_in_runs_too(halfway, monkeypatch):
    monkeypatch.setattr(names, "RUNS", halfway.path.parent)
    name = f"{halfway.path.name}/previous.npz"
    assert to_resume(name) == halfway
    assert checkpoint_of(halfway, name).path == halfway.previous


def test_what_is_named_so_elsewhere_is_no_run(tmp_path):
    (tmp_path / "previous.npz").mkdir()
    with pytest.raises(CheckpointError, match="is no run folder"):
        to_resume(str(tmp_path / "previous.npz"))


def test_metrics_appended_are_as_metrics_written_at_once(tmp_path):
    history = [
        EpochDone(1, 0.5, 0.25, None, None, 0.1, 1.5, 100.0),
        EpochDone(2, 1 / 3, 0.5, 0.25, 1.0, 1e-5, 1.5, 100.0),
    ]
    whole, grown = (RunFolder(tmp_path / name) for name in ("whole", "grown"))
    for folder in (whole, grown):
        folder.path.mkdir()
    whole.write_metrics(history)
    grown.write_metrics([])
    for epoch in history:
        grown.append_metrics(epoch)
    assert grown.metrics.read_bytes() == whole.metrics.read_bytes()
    head, first, second = whole.metrics.read_text().splitlines()
    assert head.startswith("epoch,train_loss,train_accuracy,val_loss,val_accuracy,learning_rate")
    assert first.startswith("1,0.5,0.25,,,0.1")
    assert second.startswith("2,0.3333333333333333,0.5,0.25,1.0,1e-05")
