"""Whatever a script may want to know of the program, it gets as JSON, with nothing beside it."""

import json
import shutil
from pathlib import Path

import click
import pytest
from sweeps import SPACE

from mlp_cli import shipped
from mlp_cli.cli.main import mlp as program
from mlp_cli.config import load, recipes, to_plain
from mlp_cli.data.catalogue import CATALOGUE
from mlp_cli.data.dataset import open_dataset

# What each command is asked for, and keys of each object in its answer.
ASKED = {
    "train": ("train --config tiny.yaml --dry-run", {"run", "config", "steps", "bytes"}),
    "sweep": (
        "sweep --config tiny.yaml --space space.yaml --trials 2",
        {"values", "val_accuracy", "best_epoch"},
    ),
    "eval": ("eval RUN", {"checkpoint", "accuracy"}),
    "predict": ("predict --index 1 -c RUN", {"prediction", "confidence"}),
    "explain": ("explain --index 1 -c RUN", {"checkpoint", "prediction"}),
    "inspect": ("inspect RUN", {"checkpoint", "layers"}),
    "export": ("export RUN --out page.html", {"file", "format", "bytes", "use"}),
    "runs list": ("runs list", {"run", "finished"}),
    "runs show": ("runs show RUN", {"run", "history"}),
    "runs compare": ("runs compare RUN copy", {"runs", "differences"}),
    "data list": ("data list", {"data", "state", "folder", "classes"}),
    "data generate": (
        "data generate mnist-5k --count 20 --out many",
        {"folder", "made_of", "train", "test", "seed"},
    ),
    "data verify": ("data verify mnist-5k", {"data", "file", "status"}),
    "data download": ("data download mnist-5k", {"data", "folder"}),
    "config list": ("config list", {"recipe", "about", "file"}),
    "config show": ("config show tiny.yaml", {"layers", "optimizer"}),
    "doctor": ("doctor", {"mlp", "faults"}),
}
# A sheet of digits, a lesson and a file of YAML are for people; the others have tests of their own.
APART = {"data show", "walkthrough", "config init", "bench"}


def leaves(command=program, words=()):
    """The words of each command, and the command."""
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from leaves(inner, (*words, name))
    else:
        yield " ".join(words), command


def test_every_command_that_a_script_would_call_has_it():
    having = {
        words for words, each in leaves() if any("--json" in param.opts for param in each.params)
    }
    assert having | APART == {words for words, _ in leaves()}
    assert having - APART == set(ASKED)


@pytest.fixture
def objects(mlp):
    """Runs a command with --json, and gives its objects."""

    def run(*words, code=0):
        done = mlp(*words, "--json")
        assert done.code == code
        if code == 0:
            assert done.err == ""
        return [json.loads(line) for line in done.out.splitlines()]

    return run


@pytest.mark.parametrize("command", ASKED)
def test_there_is_json_and_nothing_else(objects, trained, command):
    if command == "sweep":
        pytest.importorskip("optuna")
    words, keys = ASKED[command]
    for name in ("copy", "runs/trained"):
        shutil.copytree(trained, name)
    Path("space.yaml").write_text(SPACE)
    answers = objects(*words.replace("RUN", "runs/trained").split())
    assert answers
    assert all(keys <= set(answer) for answer in answers)


def test_a_plan_tells_what_the_training_then_takes(objects):
    (plan,) = objects("train", "--config", "tiny.yaml", "--epochs", "2", "--dry-run")
    assert not Path("runs").exists()
    *_, done = objects("train", "--config", "tiny.yaml", "--epochs", "2")
    assert plan["examples"] == done["examples"]
    assert plan["parameters"] == done["parameters"] == 784 * 8 + 8 + 8 * 10 + 10
    assert plan["steps"] == 2 * 5
    assert plan["sizes"] == [784, 8, 10]
    assert plan["config"] == to_plain(load("runs/tiny-001/config.yaml"))
    assert plan["bytes"]["parameters"] == 4 * (2 + 2) * plan["parameters"]  # Adam's two moments


def test_data_sets_and_files_are_those_of_the_catalogue(objects):
    listed = {each["data"]: each for each in objects("data", "list", "--data-dir", "d")}
    assert set(listed) == set(CATALOGUE)
    sample = listed["mnist-5k"]
    assert (sample["state"], listed["mnist"]["state"]) == ("here", "not here")
    here = open_dataset("mnist-5k", Path(sample["folder"]).parent)
    assert (len(here.train), len(here.test)) == (sample["train"], sample["test"])
    files = objects("data", "verify", "mnist-5k", "--data-dir", "d")
    assert {each["status"] for each in files} == {"ok"}
    assert {Path(each["file"]).parent for each in files} == {shipped.DATA / "mnist-5k"}


def test_files_that_are_not_whole_are_told_as_json_and_the_error_beside_it(objects, mlp):
    files = objects("data", "verify", "mnist", "--data-dir", "d", code=1)
    assert [each["status"] for each in files] == ["missing"] * 4
    done = mlp("data", "verify", "mnist", "--data-dir", "d", "--json")
    assert done.err.startswith("Error: not all files are whole")


def test_recipes_can_be_found_and_configs_read(objects):
    listed = objects("config", "list")
    assert {each["recipe"]: Path(each["file"]) for each in listed} == recipes()
    (shown,) = objects("config", "show", "quickstart", "--set", "seed=7")
    assert shown == to_plain(load("quickstart", [("seed", "7", "--set")]))


def test_the_size_of_an_exported_file_is_told(objects, trained):
    (told,) = objects("export", trained, "--out", "page.html")
    assert told["bytes"] == Path("page.html").stat().st_size
    assert told["format"] == "html"
