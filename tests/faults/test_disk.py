"""A disk that fills up, refuses or vanishes ends a training in one line, with nothing lost."""

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from toys import bits

from mlp_cli import files
from mlp_cli.cli.screen import LineScreen
from mlp_cli.training.checkpoint import load
from mlp_cli.training.events import EpochDone

# A checkpoint of these layers has 2.8 MB: the first epoch's three have room, a fourth has not.
LARGE = """\
data: {name: mnist-5k, limit: 300, validation: 60}
layers: [300]
epochs: 4
plots: false
"""


@pytest.fixture
def small_disk(here):
    """A file system of 10 MB."""
    place = here / "small"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", "size=10m", "tmpfs"]
    if subprocess.run(["mount", *options, place], capture_output=True, check=False).returncode:
        pytest.skip("needs to be allowed to mount a file system")
    (here / "large.yaml").write_text(LARGE)
    yield place
    subprocess.run(["umount", place], check=True)


def leftovers(folder):
    return list(folder.glob(files.LEFT_OVER))


def test_a_full_disk_loses_nothing_and_with_room_it_goes_on(mlp, small_disk):
    run, whole = small_disk / "run", Path("whole")
    full = mlp("train", "--config", "large.yaml", "--out", run)
    assert full.code == 1
    assert full.err == f"Error: {run}: the run cannot be written: No space left on device\n"
    assert load(run / "last.npz").position.epoch >= 1
    assert leftovers(run) == []
    subprocess.run(["mount", "-o", "remount,size=30m", small_disk], check=True)
    assert mlp("train", "--resume", run).code == 0
    assert mlp("train", "--config", "large.yaml", "--out", whole).code == 0
    assert bits(run / "last.npz") == bits(whole / "last.npz")


def test_on_a_disk_that_cannot_be_written_nothing_begins(mlp, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    done = mlp("train", "--config", "large.yaml", "--out", small_disk / "run")
    told = f"{small_disk / 'run'}: no run folder can be made there: Read-only file system"
    assert (done.code, done.err) == (1, f"Error: {told}\n")


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("after", [0, 1, 2, 3, 4, 7])
def test_what_fails_in_a_write_leaves_the_last_good_checkpoint(mlp, monkeypatch, call, after):
    """Each file is synced and renamed once, and the checkpoint before the last once more."""
    honest, left = getattr(os, call), [after]

    def failing(*arguments, **options):
        if not left[0]:
            raise OSError(errno.EIO, "Input/output error")
        left[0] -= 1
        return honest(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(files.os, call, failing)
        done = mlp("train", "--config", "tiny.yaml", "--out", "run")
    told = "Error: run: the run cannot be written: Input/output error\n"
    assert (done.code, done.err) == (1, told)
    assert leftovers(Path("run")) == []
    if after:  # before the first write, there is nothing to go on from
        assert mlp("train", "--resume", "run").code == 0
        assert mlp("train", "--config", "tiny.yaml", "--out", "whole").code == 0
        assert bits(Path("run/last.npz")) == bits(Path("whole/last.npz"))


def test_a_run_folder_that_is_deleted_is_told(mlp, monkeypatch):
    show = LineScreen.show

    def deleting(self, event, run):
        show(self, event, run)
        if isinstance(event, EpochDone) and event.epoch == 2:
            shutil.rmtree("run")

    monkeypatch.setattr(LineScreen, "show", deleting)
    done = mlp("train", "--config", "tiny.yaml", "--out", "run")
    told = "Error: run: the run cannot be written: No such file or directory\n"
    assert (done.code, done.err) == (1, told)
    assert not Path("run").exists()
