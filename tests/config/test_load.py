"""From files and words to a config, and back without a loss."""

from pathlib import Path

import pytest
from hypothesis import example, given

import configs
from mlp_cli.config import Config, find, from_plain, load, recipes, to_plain, to_yaml
from mlp_cli.config.load import read
from mlp_cli.config.schema import DataConfig
from mlp_cli.config.tree import parse
from mlp_cli.errors import ConfigError, UsageError
from mlp_cli.nn import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    NORMALIZERS,
    OPTIMIZERS,
    SCHEDULES,
)

PLAIN = Config(data=from_plain({"data": "mnist"}, "here").data)


def told(text: str) -> Config:
    return read(parse(text, "a.yaml"))


@given(configs.configs())
@example(Config(data=DataConfig(name="./a\x85b")))  # a line's end to PyYAML, though it writes none
def test_a_config_survives_plain_values_and_yaml(config: Config) -> None:
    assert from_plain(to_plain(config), "here") == config
    assert told(to_yaml(config)) == config


def test_the_defaults() -> None:
    assert told("data: mnist") == PLAIN
    assert to_plain(PLAIN)["optimizer"]["name"] == "adam"
    assert to_plain(PLAIN)["activation"] == "relu"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("{data: mnist}", "{data: {name: mnist}}"),
        ("{data: mnist, hidden: [9]}", "{data: mnist, layers: [9]}"),
        ("{data: mnist, activation: elu}", "{data: mnist, activation: {name: elu, alpha: 1.0}}"),
        (
            "{data: mnist, optimizer: {lr: 1e-2}}",
            "{data: mnist, optimizer: {name: adam, lr: 0.01}}",
        ),
        (
            "{data: mnist, optimizer: {name: sgd, lr: 3}}",
            "{data: mnist, optimizer: {name: gradient_descent, learning_rate: 3.0}}",
        ),
        ("{data: mnist, early_stopping: {}}", "{data: mnist, early_stopping: {patience: 3}}"),
        ("{data: mnist, init: null}", "{data: mnist}"),
    ],
)
def test_short_forms_and_other_words_mean_the_same(short: str, long: str) -> None:
    assert told(short) == told(long)


@pytest.mark.parametrize(
    ("key", "registry"),
    [
        ("activation", ACTIVATIONS),
        ("norm", NORMALIZERS),
        ("init", INITIALIZERS),
        ("loss", LOSSES),
        ("optimizer", OPTIMIZERS),
        ("schedule", SCHEDULES),
    ],
)
def test_every_name_and_alias_is_understood(key, registry) -> None:
    for name in registry.known:
        config = told(f"{{data: mnist, output: sigmoid, {key}: {name}}}")
        assert getattr(config, key) == registry[name]()


def test_one_value_for_all_layers_or_one_each() -> None:
    config = told("{data: mnist, layers: [3, 4], activation: [tanh, elu], dropout: 0.5}")
    assert config.per_layer(config.dropout) == (0.5, 0.5)
    assert [f.name for f in config.per_layer(config.activation)] == ["tanh", "elu"]


@pytest.mark.parametrize(
    ("key", "value", "change"),
    [
        ("epochs", "3", "epochs: 3"),
        ("layers", "[5, 6]", "layers: [5, 6]"),
        ("hidden", "[5]", "layers: [5]"),
        ("optimizer.lr", "3e-4", "optimizer: {learning_rate: 0.0003}"),
        ("optimizer.learning_rate", "3", "optimizer: {learning_rate: 3}"),
        ("optimizer", "sgd", "optimizer: sgd"),
        ("optimizer", "{name: sgd, lr: 2}", "optimizer: {name: sgd, lr: 2}"),
        ("optimizer.name", "sgd", "optimizer: {name: sgd}"),
        ("early_stopping.patience", "7", "early_stopping: {patience: 7}"),
        ("init.name", "he", "init: he"),
        ("data", "kmnist", "data: kmnist"),
    ],
)
def test_an_override(tmp_path: Path, key: str, value: str, change: str) -> None:
    file, same = tmp_path / "a.yaml", tmp_path / "b.yaml"
    file.write_text("data: mnist\n")
    same.write_text(change if "data" in change else f"data: mnist\n{change}")
    assert load(str(file), [(key, value, f"--set {key}={value}")]) == load(str(same))


def test_an_override_of_an_alias_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("{data: mnist, hidden: [5], optimizer: {name: sgd, lr: 1}}")
    changes = [("layers", "[6]", "x"), ("optimizer.learning_rate", "2", "y")]
    config = load(str(file), changes)
    assert (config.layers, config.optimizer.learning_rate) == ((6,), 2)


def test_later_overrides_win() -> None:
    overrides = [("epochs", "3", "x"), ("epochs", "4", "y")]
    assert from_plain(to_plain(PLAIN), "here", overrides).epochs == 4


def test_an_override_in_the_short_form_keeps_the_name(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("data: mnist-5k\noptimizer: momentum\n")
    config = load(str(file), [("data.limit", "9", "x"), ("optimizer.lr", "2", "y")])
    assert (config.data.name, config.data.limit) == ("mnist-5k", 9)
    assert (config.optimizer.name, config.optimizer.learning_rate) == ("momentum", 2)


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("epochs", "0", "--set epochs=0: epochs must be a whole number >= 1, got 0"),
        ("lr", "1", "--set lr=1: lr is no key here; did you mean optimizer.lr?"),
        ("optimizer.momentun", "1", "--set optimizer.momentun=1: optimizer.momentun is no key"),
        ("a.b.c", "1", "--set a.b.c=1: a is no key"),
        ("layers.0", "5", "--set layers.0=5: layers.0 is inside a list; set the whole list"),
        ("epochs", "[", "--set epochs=[:1: this is not YAML: "),
    ],
)
def test_a_wrong_override_is_told_as_it_was_typed(key: str, value: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_plain(to_plain(PLAIN), "a.yaml", [(key, value, f"--set {key}={value}")])
    (line,) = caught.value.problems
    assert line.startswith(problem)


def test_faults_of_yaml_and_of_keys_are_told_together(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("data: mnist\nepochs: 3\nepochs: 4\nseed: -1\n")
    with pytest.raises(ConfigError) as caught:
        load(str(file), [("layers", "5", "--set layers=5")])
    assert caught.value.problems == (
        f"{file}:3: epochs is given twice; keep one",
        f"{file}:4: seed must be a whole number >= 0, got -1",
        "--set layers=5: layers must be a list in brackets, each a whole number >= 1 and "
        "<= 1,000,000, got 5",
    )


def test_a_file_stands_before_a_recipe_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find("quickstart") == recipes()["quickstart"]
    Path("quickstart").write_text("data: mnist")
    assert find("quickstart") == Path("quickstart")


def test_no_such_config() -> None:
    with pytest.raises(UsageError, match=r"^quikstart: there is no such config file, nor a recipe"):
        find("quikstart")


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r": is a folder, or no plain file; "):
        find(str(tmp_path))


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"data: \xff\xfe")
    with pytest.raises(UsageError, match=r"a\.yaml: this config cannot be read: 'utf-8' codec"):
        load(str(file))
