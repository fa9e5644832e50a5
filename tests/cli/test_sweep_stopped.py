"""A sweep that is stopped keeps its trials, and resumed makes those that one left alone makes."""

import os
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from sweeps import FOLDER, WORDS, told, trials

pytest.importorskip("optuna")

from mlp_cli.training.events import EpochDone
from mlp_cli.training.trials import Trial

pytestmark = pytest.mark.usefixtures("space")


@pytest.mark.parametrize(
    "moment",
    [
        lambda event, done: done == 0,
        lambda event, done: isinstance(event, EpochDone) and done == 4 and event.epoch == 2,
        lambda event, done: isinstance(event, Trial) and done == 11,
    ],
    ids=["at once", "in the fifth", "after the eleventh"],
)
def test_resumed_it_ends_as_if_undisturbed(mlp, stopped_at, moment):
    assert mlp(*WORDS, "--trials", 13, "--out", "whole").code == 0
    done = stopped_at(moment, *WORDS[1:], "--trials", 13, "--out", "stopped")
    assert done.code == 130
    going_on = "Go on with: mlp sweep --resume stopped"
    assert done.out.splitlines()[-1].endswith(going_on)
    rest = mlp(*shlex.split(going_on.partition("mlp ")[2]))
    assert (rest.code, rest.err) == (0, "")
    assert told(Path("stopped")) == told(Path("whole"))
    best = [Path(name, "best.yaml").read_text().partition("\n")[2] for name in ("stopped", "whole")]
    assert best[0] == best[1]


def test_a_grid_that_was_stopped_is_covered(mlp, stopped_at):
    Path("space.yaml").write_text("layers: {choices: [[4], [5], [6], [7]]}")
    done = stopped_at(
        lambda event, done: isinstance(event, EpochDone) and done == 2,
        *WORDS[1:],
        "--sampler",
        "grid",
    )
    assert done.code == 130
    assert mlp("sweep", "--resume", "sweep-tiny-001").code == 0
    assert sorted(row["layers"] for row in trials()) == ["[4]", "[5]", "[6]", "[7]"]


def test_killed_it_goes_on(here, mlp):
    words = [*WORDS, "--trials", "10000", "--set", "epochs=20"]
    running = subprocess.Popen(
        [sys.executable, "-m", "mlp_cli", *words], stdout=subprocess.PIPE, text=True
    )
    for line in running.stdout:
        if line.split()[:1] == ["4"]:
            break
    running.kill()
    running.communicate()
    kept = mlp("sweep", "--resume", FOLDER, "--trials", 1)
    assert kept.code == 0
    rows = trials()
    assert len(rows) >= 4
    assert mlp("sweep", "--resume", FOLDER, "--trials", len(rows) + 1).code == 0
    assert trials()[:-1] == rows
    again = ["--trials", len(rows) + 1, "--set", "epochs=20", "--out", "whole"]
    assert mlp(*WORDS, *again).code == 0
    assert told() == told(Path("whole"))


def test_a_finished_sweep_can_be_given_more_trials(mlp):
    assert mlp(*WORDS, "--trials", 2).code == 0
    rows = trials()
    assert mlp("sweep", "--resume", FOLDER).code == 0
    assert trials() == rows
    assert mlp("sweep", "--resume", FOLDER, "--trials", 3).code == 0
    assert trials()[:2] == rows
    assert len(trials()) == 3


def test_on_data_that_have_changed_it_does_not_go_on(mlp):
    images = np.random.default_rng(0).integers(0, 256, (60, 4, 4), np.uint8)
    np.savez("own.npz", images=images, labels=np.arange(60) % 2)
    words = [*WORDS, "--set", "data={name: own.npz, validation: 10}"]
    assert mlp(*words, "--trials", 1).code == 0
    images[0, 0, 0] ^= 1
    np.savez("own.npz", images=images, labels=np.arange(60) % 2)
    done = mlp("sweep", "--resume", FOLDER, "--trials", 2)
    told = "its trials were made on other data than own.npz is now; start a new sweep"
    assert (done.code, done.out, done.err) == (1, "", f"Error: {FOLDER}: {told}\n")
    images[0, 0, 0] ^= 1
    np.savez("own.npz", images=images, labels=np.arange(60) % 2)
    assert mlp("sweep", "--resume", FOLDER, "--trials", 2).code == 0


def test_a_study_can_be_kept_elsewhere(mlp, stopped_at, here):
    url = f"sqlite:///{here}/all{{}}.db"
    flags = ["--trials", "3", "--storage", url, "--out", "my sweep"]
    done = stopped_at(lambda event, done: done == 1, *WORDS[1:], *flags)
    assert done.code == 130
    going_on = done.out.partition("Go on with: mlp ")[2]
    assert shlex.split(going_on) == ["sweep", "--resume", "my sweep", "--storage", url]
    lost = mlp("sweep", "--resume", "my sweep")
    assert (lost.code, lost.out) == (1, "")
    assert "name the folder of a sweep, and its --storage" in lost.err
    assert mlp(*shlex.split(going_on)).code == 0
    assert len(trials(Path("my sweep"))) == 3
    assert not Path("my sweep", "study.db").exists()
    again = mlp(*WORDS, "--storage", url, "--out", "other/my sweep")
    assert (again.code, again.out) == (2, "")
    assert "--storage: has a study my sweep already" in again.err
    assert not Path("other/my sweep").exists()


def test_a_folder_of_any_name_will_do(mlp, here):
    name = "my sweep, 100 %41 of it? #1"
    assert mlp(*WORDS, "--trials", 2, "--out", name).code == 0
    assert Path(name, "study.db").is_file()
    assert mlp("sweep", "--resume", name, "--trials", 3).code == 0
    assert len(trials(Path(name))) == 3
    assert sorted(map(str, here.iterdir())) == [
        str(here / each) for each in (name, "space.yaml", "tiny.yaml")
    ]


def test_what_is_no_sweep_is_told_in_one_line(mlp, here):
    Path("runs/other").mkdir(parents=True)
    for name in ("nothing", "runs/other", "a\0b"):
        done = mlp("sweep", "--resume", name)
        assert (done.code, done.out) == (1, "")
        assert len(done.err.splitlines()) == 1
    Path("runs/other/study.db").write_bytes(b"no database" * 100)
    done = mlp("sweep", "--resume", "other")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Error: runs/other/study.db: the study cannot be read or written")
    Path("runs/other/study.db").write_bytes(b"")
    done = mlp("sweep", "--resume", "other")
    assert (done.code, done.out) == (1, "")
    assert done.err == (
        "Error: runs/other: its storage has no study called other; name the storage, and the "
        "folder, that the sweep was begun with\n"
    )


def test_a_mistyped_storage_makes_no_database(mlp, here):
    Path("elsewhere").mkdir()
    done = mlp("sweep", "--resume", "elsewhere", "--storage", "sqlite:///typo.db")
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: --storage: there is no file typo.db; name that of the sweep\n"
    assert not Path("typo.db").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are Unicode")
@pytest.mark.parametrize("words", [["--out", os.fsdecode(b"b\xff")], ["-c", os.fsdecode(b"c\xff")]])
def test_a_name_that_is_not_utf_8_is_as_good_as_any(mlp, here, words):
    Path(os.fsdecode(b"c\xff")).write_text(Path("tiny.yaml").read_text())
    assert mlp(*WORDS, *words, "--trials", 1).code == 0
    folder = words[1] if words[0] == "--out" else "runs/sweep-" + words[1] + "-001"
    assert mlp("sweep", "--resume", folder, "--trials", 2).code == 0
    assert len(trials(Path(folder))) == 2


def test_it_goes_on_from_within_its_folder_and_under_another_name(mlp, here, monkeypatch):
    assert mlp(*WORDS, "--trials", 1, "--out", "two\nlines").code == 0
    assert mlp("train", "--config", "two\nlines/best.yaml", "--dry-run").code == 0
    Path("two\nlines").rename("moved")
    assert mlp("sweep", "--resume", "moved", "--trials", 2).code == 0
    monkeypatch.chdir("moved")
    assert mlp("sweep", "--resume", ".", "--trials", 3).code == 0
    assert len(trials(Path())) == 3
    other = mlp("sweep", "--resume", ".", "--storage", "sqlite:///other.db")
    assert (other.code, other.out) == (2, "")
    assert not Path("other.db").exists()


@pytest.mark.parametrize(
    "damage",
    [
        """update study_user_attributes set value_json = '{"config": 1}'""",
        """update study_user_attributes set value_json =
           replace(value_json, '"trials": 2', '"trials": "two"')""",
        """update study_user_attributes set value_json =
           json_replace(value_json, '$.config.data', 5)""",
        """update study_user_attributes set value_json =
           json_replace(value_json, '$.space', 'epochs: {choices: [1, 2]}')""",
        """update trial_user_attributes set value_json = '{"val_accuracy": "high"}'""",
        "delete from trial_params",
        "update trial_params set distribution_json = '{}'",
        "update trial_params set param_value = 7 where param_name = 'layers'",
    ],
)
def test_a_damaged_study_is_told_in_one_line(mlp, damage):
    assert mlp(*WORDS, "--trials", 2).code == 0
    with closing(sqlite3.connect(Path(FOLDER, "study.db"))) as database:
        database.execute(damage)
        database.commit()
    done = mlp("sweep", "--resume", FOLDER, "--trials", 3)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"Error: {FOLDER}: its storage has no study of mlp sweep: ")
    assert len(done.err.splitlines()) == 1


def test_what_a_killed_trial_left_half_done_is_swept_out(mlp):
    assert mlp(*WORDS, "--trials", 1).code == 0
    left = Path(FOLDER, "trial-002", ".config.yaml.abc.half")
    left.parent.mkdir()
    left.touch()
    assert mlp("sweep", "--resume", FOLDER, "--trials", 2).code == 0
    assert not left.exists()


def test_two_sweeps_in_one_folder_are_one_too_many(mlp, stopped_at):
    inside = []

    def resumed(event, done):
        inside.append(mlp("sweep", "--resume", FOLDER))
        return True

    assert stopped_at(resumed, *WORDS[1:], "--trials", "2").code == 130
    assert inside[0].code == 1
    assert "another training writes to it" in inside[0].err


def test_no_password_is_shown():
    from mlp_cli.training.study import without_password

    url = "postgresql://me:secret@here/all"
    assert without_password(url) == "postgresql://me:***@here/all"
    assert without_password("sqlite:////a b/all{}.db") == "sqlite:////a b/all{}.db"
