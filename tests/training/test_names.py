"""Run folders are numbered, never shared, and found again by their names."""

import os
from pathlib import Path

import pytest

from mlp_cli.errors import CheckpointError, RunError, UsageError
from mlp_cli.training.names import (
    find_checkpoint,
    find_path,
    find_run,
    folders,
    latest_run,
    new_run,
)


@pytest.fixture(autouse=True)
def _empty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def made(name, *files):
    folder = Path("runs") / name
    folder.mkdir(parents=True)
    for file in files:
        (folder / file).touch()
    return folder


def dated(folder, seconds):
    os.utime(folder / "last.npz", (seconds, seconds))


def test_runs_are_numbered_from_1():
    assert [str(new_run("digits", None).path) for _ in range(3)] == [
        "runs/digits-001",
        "runs/digits-002",
        "runs/digits-003",
    ]


def test_a_gap_is_not_filled():
    made("digits-007")
    assert new_run("digits", None).path.name == "digits-008"


def test_after_999_comes_1000():
    made("digits-999")
    assert new_run("digits", None).path.name == "digits-1000"


@pytest.mark.parametrize("other", ["mnist-5k-003", "emnist-004", "mnist-old", "mnist-5-6"])
def test_other_names_do_not_count(other):
    made(other)
    assert new_run("mnist", None).path.name == "mnist-001"


def test_a_name_may_hold_any_letters():
    assert new_run("a[b]+", None).path.name == "a[b]+-001"
    assert new_run("a[b]+", None).path.name == "a[b]+-002"


def test_a_folder_that_another_training_takes_first_is_left_to_it(monkeypatch):
    mkdir = Path.mkdir

    def late(self, *args, **kwargs):
        if self.name == "digits-001":
            mkdir(self, *args, **kwargs)  # the other training was there already
        mkdir(self, *args, **kwargs)

    monkeypatch.setattr(Path, "mkdir", late)
    assert new_run("digits", None).path.name == "digits-002"


def test_out_is_the_folder_itself():
    assert new_run("digits", Path("a/b")).path == Path("a/b")
    assert Path("a/b").is_dir()


def test_latest_finds_a_run_that_was_put_elsewhere():
    made("old", "last.npz")
    assert latest_run().path == Path("runs/old")
    elsewhere = new_run("digits", Path("a/b"))
    assert latest_run().path == Path("runs/old")  # nothing is saved there yet
    elsewhere.last.touch()
    assert latest_run().path == Path("a/b").resolve()
    elsewhere.last.unlink()
    assert latest_run().path == Path("runs/old")


@pytest.mark.parametrize("name", [b"not\xffutf", b"two\nlines", b"\xc2\x85next"], ids=ascii)
def test_a_run_elsewhere_may_have_any_name(name):
    elsewhere = new_run("digits", Path(os.fsdecode(name)))
    elsewhere.last.touch()
    known = [folder.path for folder in folders() if folder.last.exists()]
    assert known == ([] if b"\n" in name else [elsewhere.path.resolve()])


OVERWRITTEN = [
    "config.yaml",
    "previous.npz",
    "metrics.csv",
    "summary.json",
    "curves.png",
    "confusion.png",
]


@pytest.mark.parametrize("file", OVERWRITTEN)
def test_out_with_a_file_that_a_run_would_overwrite_is_refused(file):
    with pytest.raises(UsageError, match=f"has a {file} in it already, which a run would"):
        new_run("digits", made("old", file))


@pytest.mark.parametrize("file", ["last.npz", "best.npz"])
def test_out_with_a_run_in_it_is_refused(file):
    folder = made("old", file)
    with pytest.raises(UsageError, match=r"has a run in it already; .* --resume runs/old"):
        new_run("digits", folder)


def test_the_command_that_goes_on_with_a_run_can_be_pasted():
    with pytest.raises(UsageError, match=r"mlp train --resume 'runs/my run'$"):
        new_run("digits", made("my run", "last.npz"))


def test_out_with_other_files_in_it_is_taken():
    assert new_run("digits", made("notes", "notes.txt")).path == Path("runs/notes")


def test_where_no_folder_can_be_made_it_is_told():
    Path("file").touch()
    with pytest.raises(RunError, match=r"^file: no run folder can be made there"):
        new_run("digits", Path("file"))
    Path("runs").touch()
    with pytest.raises(RunError, match=r"^runs: no run folder can be made there"):
        new_run("digits", None)


def test_latest_is_the_run_written_last_whatever_its_name():
    dated(made("b-001", "last.npz", "best.npz"), 100)
    dated(made("a-001", "last.npz"), 200)
    made("c-001", "config.yaml")  # no epoch done
    assert latest_run().path == Path("runs/a-001")
    assert find_run("latest").path == Path("runs/a-001")
    assert find_checkpoint("latest") == Path("runs/a-001/last.npz")
    dated(Path("runs/b-001"), 300)
    assert find_checkpoint("latest") == Path("runs/b-001/best.npz")


def test_without_runs_there_is_no_latest():
    for find in (find_run, find_checkpoint):
        with pytest.raises(CheckpointError, match=r"there is no run in \./runs yet; train one"):
            find("latest")


def test_a_checkpoint_is_a_file_or_the_best_of_a_folder():
    folder = made("a-001", "last.npz", "best.npz")
    assert find_checkpoint(str(folder)) == folder / "best.npz"
    assert find_checkpoint(str(folder / "last.npz")) == folder / "last.npz"


@pytest.mark.parametrize("find", [find_run, find_checkpoint])
def test_a_folder_without_a_run_is_refused(find):
    folder = made("a-001", "config.yaml")
    with pytest.raises(CheckpointError, match=r"^runs/a-001: is no run folder"):
        find(str(folder))


def test_a_checkpoint_that_is_not_there_is_told():
    with pytest.raises(CheckpointError, match=r"^a\.npz: there is no such checkpoint"):
        find_checkpoint("a.npz")


def test_a_run_needs_no_folder_before_its_name():
    folder = made("a-001", "last.npz", "best.npz")
    assert find_run("a-001").path == folder
    assert find_checkpoint("a-001") == folder / "best.npz"
    assert find_checkpoint("a-001/last.npz") == folder / "last.npz"


def test_what_lies_here_goes_before_what_lies_in_runs():
    made("a-001", "last.npz")
    Path("a-001").mkdir()
    assert find_path("a-001") == Path("a-001")
    with pytest.raises(CheckpointError, match=r"^a-001: is no run folder"):
        find_run("a-001")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("lastest", "latest"),
        ("digits-01", "runs/digits-001"),
        ("runs/digit-001", "runs/digits-001"),
    ],
)
def test_a_run_misspelt_brings_the_nearest(name, meant):
    made("digits-001", "last.npz")
    with pytest.raises(CheckpointError) as caught:
        find_run(name)
    told = f"{name}: there is no such run; did you mean {meant}? name a run folder or `latest`"
    assert str(caught.value) == told
    with pytest.raises(
        CheckpointError, match=f"no such checkpoint; did you mean {meant}\\? name a"
    ):
        find_checkpoint(name)


def test_a_name_that_is_near_none_is_told_what_there_can_be():
    with pytest.raises(CheckpointError) as caught:
        find_run("nope")
    assert str(caught.value) == "nope: there is no such run; name a run folder or `latest`"
    with pytest.raises(CheckpointError, match=r"did you mean shipped\? name a run folder"):
        find_checkpoint("shiped")
