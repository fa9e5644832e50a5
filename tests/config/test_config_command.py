"""``mlp config`` and ``mlp train`` with configs good and bad, through the command line."""

import json
import shlex
from pathlib import Path

import pytest

from mlp_cli.config import load, recipes, to_yaml
from mlp_cli.config.jsonschema import json_schema
from mlp_cli.config.starter import defaults, starter


def test_list_names_each_recipe_with_its_first_line(mlp) -> None:
    listed = mlp("config", "list")
    assert listed.code == 0
    lines = listed.out.splitlines()
    assert [line.split()[0] for line in lines] == list(recipes())
    (line,) = [line for line in lines if line.startswith("quickstart ")]
    first = recipes()["quickstart"].read_text("utf-8").splitlines()[0]
    assert line.endswith(f"  {first[2:]}")


def test_show_spells_out_a_config(mlp) -> None:
    shown = mlp("config", "show", "sgd", "--set", "optimizer.lr=0.5", "--set", "seed=3")
    assert shown.code == 0
    changes = [("optimizer.lr", "0.5", "x"), ("seed", "3", "x")]
    assert shown.out == to_yaml(load("sgd", changes))


def test_show_without_a_file_gives_the_defaults(mlp) -> None:
    assert mlp("config", "show").out == to_yaml(defaults())
    assert "\nepochs: 3\n" in mlp("config", "show", "--set", "epochs=3").out


def test_what_is_shown_is_a_config(mlp) -> None:
    Path("shown.yaml").write_text(mlp("config", "show", "dropout").out)
    assert load("shown.yaml") == load("dropout")


def test_the_schema(mlp) -> None:
    assert json.loads(mlp("config", "show", "--schema").out) == json_schema()
    assert mlp("config", "show", "sgd", "--schema").code == 2


def test_init_writes_a_config_that_trains(mlp) -> None:
    made = mlp("config", "init")
    assert (made.code, made.err) == (0, "")
    assert made.out == "Wrote config.yaml. Train with it: mlp train --config config.yaml\n"
    assert load("config.yaml") == defaults()
    assert mlp("train", "--config", "config.yaml", "--dry-run").code == 0


def test_init_to_the_screen(mlp) -> None:
    assert mlp("config", "init", "-").out == starter()
    assert not Path("config.yaml").exists()


def test_init_never_overwrites(mlp) -> None:
    Path("my.yaml").write_text("data: kmnist\n")
    refused = mlp("config", "init", "my.yaml")
    assert refused.code == 2
    assert refused.err == (
        "Error: my.yaml: is there already; name another file, or `-` for the screen\n"
    )
    assert Path("my.yaml").read_text() == "data: kmnist\n"


@pytest.mark.parametrize("file", ["no/where.yaml", "x" * 300])
def test_init_where_nothing_can_be_written(mlp, file: str) -> None:
    refused = mlp("config", "init", file)
    assert refused.code == 2
    assert refused.err.startswith(f"Error: {file}: cannot be written: ")


def test_the_command_after_init_can_be_pasted(mlp) -> None:
    command = mlp("config", "init", "my own.yaml").out.partition("Train with it: mlp ")[2]
    assert mlp(*shlex.split(command), "--dry-run").code == 0


@pytest.mark.parametrize("text", ["", " ", "null", "~"])
def test_a_setting_without_a_value_is_null(mlp, text: str) -> None:
    Path("stops.yaml").write_text("{data: mnist, early_stopping: {patience: 2}}")
    shown = mlp("config", "show", "stops.yaml", "--set", f"early_stopping={text}")
    assert (shown.code, shown.err) == (0, "")
    assert "\nearly_stopping: null\n" in shown.out


def test_the_name_of_an_option_can_be_set_alone(mlp) -> None:
    shown = mlp("config", "show", "--set", "optimizer.name=sgd")
    assert (shown.code, shown.err) == (0, "")
    assert "optimizer:\n  name: sgd\n" in shown.out


@pytest.mark.parametrize(
    ("word", "meant"), [("quikstart", "quickstart"), ("mnits", "mnist"), ("sdg", "sgd")]
)
def test_a_recipe_misspelt_brings_the_nearest(mlp, word: str, meant: str) -> None:
    for command in (["train", "--config", word], ["config", "show", word]):
        ended = mlp(*command)
        assert ended.code == 2
        assert f"nor a recipe of that name; did you mean {meant}? `mlp config list`" in ended.err


@pytest.mark.parametrize("command", [("train", "--config"), ("config", "show")])
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (b"data: mnist\nepochs: 0\nepoch: 3\n", 2),
        (b"data: mnist\ndata: kmnist\n", 1),
        (b"data: [\n", 1),
        (b"\xff\xfe\x00", 1),
        (b"", 1),
        (b"[" * 5000, 1),
        (b"data: {name: mnist, validation: 0}\nearly_stopping: {}\n", 1),
    ],
)
def test_a_bad_config_ends_in_lines_and_exit_code_2(mlp, command, text: bytes, lines: int) -> None:
    Path("bad.yaml").write_bytes(text)
    ended = mlp(*command, "bad.yaml")
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.err.splitlines()) == lines
    assert "bad.yaml" in ended.err
    assert "Traceback" not in ended.err
    assert not Path("runs").exists()


@pytest.mark.parametrize("setting", ["epochs", "=3"])
def test_a_setting_that_sets_nothing(mlp, setting: str) -> None:
    ended = mlp("config", "show", "--set", setting)
    assert ended.code == 2
    assert ended.err == (
        f"Error: --set {setting}: must be KEY=VALUE, such as --set optimizer.lr=3e-4\n"
    )


@pytest.mark.parametrize("begun", ["layers=[256,", "optimizer={name:"])
@pytest.mark.parametrize("command", [("train", "--config"), ("config", "show"), ("bench", "-c")])
def test_a_setting_that_the_shell_has_cut_at_a_space(mlp, command, begun: str) -> None:
    ended = mlp(*command, "quickstart", "--set", begun, "128]")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"Error: --set {begun}: its bracket is not closed; a value with spaces needs quotes, such "
        "as --set 'layers=[256, 128]'\n"
    )


def test_a_list_without_brackets(mlp) -> None:
    ended = mlp("config", "show", "--set", "layers=256,128")
    assert ended.code == 2
    assert "layers=256,128: layers must be a list in brackets, each a whole number" in ended.err
