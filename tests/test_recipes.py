"""Every recipe runs, and says at its top what it is."""

import json
import re
from pathlib import Path

import pytest

from mlp_cli.cli.main import run
from mlp_cli.config import Config, load, recipes
from mlp_cli.data.catalogue import find
from mlp_cli.data.directory import data_directory, missing
from mlp_cli.shipped import RECIPES

SHORT = ["--epochs", "2", "--set", "data.limit=500", "--set", "data.validation=100"]
SHORT += ["--set", "plots=false", "--offline"]

# What the recipes show, beside what they are called.
IDEAS = {
    "gradient-descent": lambda c: c.batch_size == "all" and c.optimizer.name == "sgd",
    "sgd": lambda c: c.batch_size == 1,
    "sigmoid-mse": lambda c: c.loss.name == "mse" and c.init.limit == 1,
    "hinge": lambda c: c.loss.name == "hinge" and c.output.name == "identity",
    "absolute": lambda c: c.loss.name == "mae",
    "summed-squares": lambda c: c.loss.name == "sse",
    "sqnl-arctan": lambda c: [f.name for f in c.activation] == ["sqnl", "arctan"],
    "leaky-and-parametric-relu": lambda c: (
        [f.name for f in c.activation] == ["leaky_relu", "prelu"]
    ),
    "early-stopping": lambda c: c.early_stopping is not None,
    "one-cycle": lambda c: c.schedule.name == "one_cycle",
    "plateau": lambda c: c.schedule.name == "plateau",
    "label-smoothing": lambda c: c.loss.label_smoothing > 0,
    "no-hidden-layer": lambda c: c.layers == (),
    "any-order": lambda c: (
        c.augment is None and c.norm.name == "batch" and c.noise and c.input_noise
    ),
    "ten-minutes": lambda c: c.minutes == 10,
    "minute": lambda c: c.data.deskew and c.norm and c.optimizer.decoupled,
    "pictures": lambda c: (
        c.data.deskew and c.data.upstrokes and c.data.nondigits and c.augment.erase
    ),
    "record": lambda c: c.minutes == 90 and c.optimizer.decoupled and c.norm,
    "fashion": lambda c: c.augment.mirrored and c.augment.erase,
}


def without(config: Config, *keys: str) -> dict[str, object]:
    return {key: value for key, value in vars(config).items() if key not in keys}


def test_all_files_are_recipes() -> None:
    assert sorted(path.name for path in RECIPES.iterdir()) == sorted(
        path.name for path in recipes().values()
    )


@pytest.mark.parametrize("name", recipes())
def test_its_comment_says_what_it_is_and_what_it_reaches(name: str) -> None:
    lines = recipes()[name].read_text("utf-8").splitlines()
    comment = " ".join(line for line in lines if line.startswith("#"))
    assert lines[0].startswith("# ")
    assert re.search(r"\d\d\.\d %", comment)
    assert f"mlp train --config {name}" in comment


@pytest.mark.parametrize("name", recipes())
def test_it_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = load(name).data.name
    directory = data_directory(None)
    if missing(find(data), directory):
        pytest.skip(f"needs {data}, which is not in {directory}")
    assert run(["train", "--config", name, *SHORT]) == 0
    summary = json.loads((tmp_path / "runs" / f"{name}-001" / "summary.json").read_text())
    assert summary["epochs"] == 2
    assert 0 < summary["test_accuracy"] <= 1


@pytest.mark.parametrize("name", IDEAS)
def test_it_shows_its_idea(name: str) -> None:
    assert IDEAS[name](load(name))


@pytest.mark.parametrize(
    ("name", "other", "keys"),
    [
        ("dropout", "no-dropout", ("dropout", "input_dropout")),
        ("rate-too-small", "mini-batch", ("optimizer",)),
        ("rate-too-large", "mini-batch", ("optimizer",)),
        ("momentum", "mini-batch", ("optimizer",)),
        ("adam", "mini-batch", ("optimizer",)),
    ],
)
def test_two_to_compare_differ_in_their_idea_alone(
    name: str, other: str, keys: tuple[str, ...]
) -> None:
    first, second = load(name), load(other)
    assert without(first, *keys) == without(second, *keys)
    assert first != second
