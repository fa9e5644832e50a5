"""Past runs are read back as they were, and told apart by what differs in their configs."""

import json
from dataclasses import replace

import pytest
from toys import begin, complete, stop_after, toy_config

from mlp_cli.errors import RunError
from mlp_cli.training.records import differences, flattened, record, records
from mlp_cli.training.rundir import RunFolder


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Three finished runs in ./runs, and one that stopped."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    configs = {
        "a": toy_config(),
        "b": toy_config(layers=[5, 6], optimizer={"name": "sgd", "lr": 0.5}),
        "c": toy_config(data={"name": "mnist-5k", "validation": 0}),
    }
    for name, config in configs.items():
        complete(begin(tmp_path / "runs" / name, config))
    stop_after(begin(tmp_path / "runs" / "stopped", toy_config(seed=1)), 2)
    return {name: record(RunFolder(tmp_path / "runs" / name)) for name in [*configs, "stopped"]}


def test_a_record_says_what_the_run_did(runs):
    run = runs["a"]
    assert len(run.history) == 3
    assert run.history[-1].epoch == 3
    assert run.summary["val_accuracy"] == run.val_accuracy
    assert run.summary["test_accuracy"] == run.test_accuracy
    assert run.config == toy_config()
    assert runs["c"].val_accuracy is None
    assert runs["c"].merit == runs["c"].test_accuracy
    json.dumps(run.to_json())


def test_a_stopped_run_is_unfinished(runs):
    run = runs["stopped"]
    assert run.summary is run.test_accuracy is None
    assert not run.to_json()["finished"]


def test_all_runs_the_best_first(runs, tmp_path):
    (tmp_path / "runs" / "notes").mkdir()
    (tmp_path / "runs" / "notes.txt").write_text("no run")
    found, faults = records()
    assert not faults
    assert {run.name for run in found} == set(runs)
    merits = [run.merit for run in found]
    assert merits == sorted(merits, reverse=True)


def test_differences_are_only_what_differs(runs):
    apart = differences([runs["a"], runs["b"]])
    assert apart["layers"] == [[4], [5, 6]]
    assert apart["optimizer"] == ["adam", "sgd"]
    assert apart["optimizer.learning_rate"] == [0.001, 0.5]
    assert "optimizer.beta1" not in apart
    assert "loss" not in apart
    assert "seed" not in apart
    other_plots = replace(runs["a"], config=replace(runs["a"].config, plots=True))
    assert differences([runs["a"], other_plots]) == {}


def test_keys_are_dotted_as_for_set():
    nested = {"a": {"name": "x", "b": 1, "c": {"d": [2]}}, "name": 3}
    assert flattened(nested) == {"a": "x", "a.b": 1, "a.c.d": [2], "name": 3}


def test_one_that_cannot_be_read_leaves_the_others(runs):
    config = runs["b"].path / "config.yaml"
    config.write_text(config.read_text() + "unheard_of: 1\n")
    found, (fault,) = records()
    assert {run.name for run in found} == set(runs) - {"b"}
    assert "unheard_of" in str(fault)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("metrics.csv", "epoch,more\n1,2\n"),
        ("metrics.csv", "epoch\none\n"),
        ("summary.json", "{"),
    ],
)
def test_damage_is_told(runs, file, text):
    path = runs["a"].path
    (path / file).write_text(text)
    with pytest.raises(RunError, match="damaged"):
        record(RunFolder(path))


def test_a_folder_without_a_run_is_told(tmp_path):
    with pytest.raises(RunError, match="is no run folder"):
        record(RunFolder(tmp_path))
