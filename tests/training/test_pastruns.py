"""Past runs are read back as they were, and told apart by what differs in their configs."""

import json
from dataclasses import replace

import pytest
from toys import begin, complete, stop_after, take_up, toy_config

from mlp_cli.errors import RunError
from mlp_cli.training.pastruns import RESULTS, differences, flattened, past_run, past_runs, read
from mlp_cli.training.rundir import RunFolder

SGD = {"name": "sgd", "lr": 0.5}
TWO_EPOCHS = "epoch,train_loss\n1,0.5\n"
HEAD = (
    "epoch,train_loss,train_accuracy,val_loss,val_accuracy,learning_rate,epoch_seconds,"
    "samples_per_second\n"
)


@pytest.fixture
def runs(tmp_path, monkeypatch):
    """Three finished runs in ./runs, and one that stopped."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    configs = {
        "a": toy_config(),
        "b": toy_config(layers=[5, 6], optimizer=SGD),
        "c": toy_config(data={"name": "mnist-5k", "validation": 0}),
    }
    for name, config in configs.items():
        complete(begin(tmp_path / "runs" / name, config))
    stop_after(begin(tmp_path / "runs" / "stopped", toy_config(seed=1)), 2)
    return {name: read(RunFolder(tmp_path / "runs" / name)) for name in [*configs, "stopped"]}


def with_config(run, **keys):
    return replace(run, config=toy_config(**keys))


def test_it_says_what_the_run_did(runs):
    run = runs["a"]
    assert [epoch.epoch for epoch in run.history] == [1, 2, 3]
    assert run.summary["val_accuracy"] == run.val_accuracy
    assert run.summary["test_accuracy"] == run.test_accuracy
    assert run.summary["best_epoch"] == run.best.epoch
    assert run.config == toy_config()
    assert runs["c"].val_accuracy is None
    assert runs["c"].merit == runs["c"].test_accuracy
    told = json.loads(json.dumps(run.to_json()))
    assert told["summary"] == run.summary
    assert len(told["history"]) == 3


def test_a_stopped_run_is_unfinished(runs):
    run = runs["stopped"]
    assert run.summary is run.test_accuracy is None
    assert not run.to_json()["finished"]


def test_a_resumed_run_is_unfinished_until_it_ends_again(runs):
    path = runs["a"].path
    again = take_up(path, ("epochs", "5", "--epochs"))
    training = again.train()
    while len(read(RunFolder(path)).history) < 4:
        next(training)
    assert read(RunFolder(path)).summary is None
    list(training)
    again.finish("mlp train")
    assert read(RunFolder(path)).summary["epochs"] == 5


def test_a_run_in_its_first_epoch_can_be_shown(tmp_path):
    begin(tmp_path / "new", toy_config())
    run = past_run(str(tmp_path / "new"))
    assert (run.history, run.best, run.val_accuracy, run.merit) == ([], None, None, 0)


def test_all_runs_the_best_first(runs, tmp_path):
    (tmp_path / "runs" / "notes").mkdir()
    (tmp_path / "runs" / "notes.txt").write_text("no run")
    found, faults = past_runs()
    assert not faults
    assert {run.path.name for run in found} == set(runs)
    merits = [run.merit for run in found]
    assert merits == sorted(merits, reverse=True)


def test_differences_are_only_what_differs(runs):
    apart = differences([runs["a"], runs["b"]])
    assert apart["layers"] == [[4], [5, 6]]
    assert apart["optimizer"] == ["adam", "sgd"]
    assert apart["optimizer.learning_rate"] == [0.001, 0.5]
    assert not {"optimizer.beta1", "loss", "seed"} & set(apart)
    assert differences([runs["a"], with_config(runs["a"], plots=True)]) == {}


def test_a_section_that_one_lacks_is_a_difference(runs):
    patient = with_config(runs["a"], early_stopping={"patience": 3})
    assert differences([runs["a"], patient]) == {"early_stopping.patience": [None, 3]}


def test_a_difference_between_two_is_seen_beside_a_third_that_has_no_such_key(runs):
    quick = with_config(runs["a"], optimizer={"name": "adam", "beta1": 0.8})
    sgd = with_config(runs["a"], optimizer=SGD)
    assert differences([runs["a"], quick, sgd])["optimizer.beta1"] == [0.9, 0.8, None]


def test_keys_are_dotted_as_for_set():
    nested = {"a": {"name": "x", "b": 1, "c": {"d": [2]}}, "name": 3}
    assert flattened(nested) == {"a": "x", "a.b": 1, "a.c.d": [2], "name": 3}


def test_one_that_cannot_be_read_leaves_the_others(runs):
    config = runs["b"].path / "config.yaml"
    config.write_text(config.read_text() + "unheard_of: 1\n")
    found, (fault,) = past_runs()
    assert {run.path.name for run in found} == set(runs) - {"b"}
    assert "unheard_of" in str(fault)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("metrics.csv", TWO_EPOCHS),
        ("metrics.csv", HEAD + "one,1,1,,,1,1,1\n"),
        ("metrics.csv", HEAD + "1,0.5,0.9,,,0.1,1,1\n2,0.1,0.9\n"),
        ("metrics.csv", HEAD + "1,nan,0.9,,,0.1,1,1\n"),
        ("metrics.csv", HEAD + f"{'9' * 400},0.5,0.9,,,0.1,1,1\n"),
        ("metrics.csv", HEAD + "1,1e308,0.9,,,0.1,1,1\n"),
        ("metrics.csv", HEAD + "1,0.5,0.9,,,0.1,1,1\n2,0.1,0.9,0.5,0.9,0.1,1,1\n"),
        ("metrics.csv", HEAD + "2,0.5,0.9,,,0.1,1,1\n"),
        ("summary.json", "[" * 100_000),
        ("summary.json", json.dumps(dict.fromkeys(RESULTS, 10**400))),
        ("summary.json", json.dumps(dict.fromkeys(RESULTS, float("nan")))),
        ("summary.json", "{"),
        ("summary.json", "{}"),
        ("summary.json", "[1]"),
        ("summary.json", '{"epochs": 3}'),
    ],
)
def test_damage_is_told(runs, file, text):
    path = runs["a"].path
    (path / file).write_text(text)
    with pytest.raises(RunError, match="damaged"):
        read(RunFolder(path))


@pytest.mark.parametrize(
    "spoil", [lambda path: path.unlink(), lambda path: path.write_bytes(b"\xff")]
)
def test_a_config_that_cannot_be_read_is_told(runs, spoil):
    spoil(runs["a"].path / "config.yaml")
    with pytest.raises(RunError, match=r"config\.yaml"):
        read(RunFolder(runs["a"].path))


def test_a_folder_without_a_run_is_told(tmp_path):
    with pytest.raises(RunError, match="is no run folder"):
        read(RunFolder(tmp_path))
