"""``mlp sweep`` searches settings by validation examples alone, and ends with the best of them."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sweeps import FOLDER, SPACE, WORDS, told, trials

pytest.importorskip("optuna")

from mlp_cli.cli import sweep as command
from mlp_cli.config import load
from mlp_cli.training import importance
from mlp_cli.training import sweep as engine
from mlp_cli.training.pastruns import past_run

pytestmark = pytest.mark.usefixtures("space")


def test_it_ends_with_a_config_that_trains_to_the_same_accuracy(mlp):
    done = mlp(*WORDS, "--trials", 7)
    assert (done.code, done.err) == (0, "")
    rows = trials()
    assert [row["trial"] for row in rows] == list("1234567")
    complete = [row for row in rows if row["state"] == "complete"]
    best = max(float(row["val_accuracy"]) for row in complete)
    assert f"validation   accuracy {100 * best:.2f} %" in done.out
    assert done.out.endswith(f"next         mlp train --config {FOLDER}/best.yaml\n")
    assert mlp("train", "--config", FOLDER / "best.yaml").code == 0
    assert past_run("latest").val_accuracy == best
    assert not list(FOLDER.glob("*.png"))  # plots: false


def test_a_line_for_each_trial_with_its_values(mlp):
    lines = mlp(*WORDS, "--trials", 3, "--no-prune").out.splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("trial  "))
    assert lines[head].split()[-3:] == ["optimizer.learning_rate", "layers", "dropout"]
    assert [line.split()[0] for line in lines[head + 1 : head + 4]] == ["1", "2", "3"]
    assert lines[head + 1].endswith("* best")
    assert lines[head + 4] == ""


def test_each_trial_has_its_config_and_its_epochs(mlp):
    assert mlp(*WORDS, "--trials", 2).code == 0
    for row in trials():
        run = past_run(f"{FOLDER}/trial-00{row['trial']}")
        assert len(run.history) == int(row["epochs"])
        assert run.val_accuracy == float(row["val_accuracy"])
        assert run.config.optimizer.learning_rate == float(row["optimizer.learning_rate"])
    out = mlp("runs", "compare", f"{FOLDER}/trial-001", f"{FOLDER}/trial-002").out
    assert "optimizer.learning_rate" in out


@pytest.mark.parametrize("sampler", ["tpe", "random"])
def test_the_same_seed_makes_the_same_trials(mlp, sampler):
    for out, seed in (("a", 5), ("b", 5), ("c", 6)):
        words = ["--sampler", sampler, "--trials", 12, "--set", "epochs=1"]
        assert mlp(*WORDS, *words, "--seed", seed, "--out", out).code == 0
    assert told(Path("a")) == told(Path("b")) != told(Path("c"))
    assert load("a/best.yaml").seed == 5


def test_a_grid_covers_the_grid(mlp):
    Path("space.yaml").write_text(SPACE.partition("\n")[2])
    done = mlp(*WORDS, "--sampler", "grid", "--no-prune")
    assert (done.code, done.err) == (0, "")
    points = {(row["layers"], row["dropout"]) for row in trials()}
    assert points == {(a, b) for a in ("[8]", "[16, 8]") for b in ("0.0", "0.2", "0.4")}
    assert len(trials()) == 6
    assert mlp("sweep", "--resume", FOLDER, "--trials", 9).code == 0
    assert len(trials()) == 6


def test_a_trial_below_the_median_is_pruned_unless_that_is_not_wanted(mlp):
    """With this seed the rate that learns nothing comes last."""
    rates = [0.02, 0.02001, 0.02002, 0.02003, 0.02004, 1e-9]
    Path("space.yaml").write_text(f"optimizer.lr: {{choices: {rates}}}")
    words = ["--sampler", "grid", "--seed", 3]
    for flags in ([], ["--no-prune"]):
        assert mlp(*WORDS, *words, *flags, "--out", f"out{len(flags)}").code == 0
    last = ("6", "1e-09", "pruned", "2")
    keys = ("trial", "optimizer.learning_rate", "state", "epochs")
    assert last in [tuple(row[key] for key in keys) for row in trials(Path("out0"))]
    assert {(row["state"], row["epochs"]) for row in trials(Path("out1"))} == {("complete", "3")}


def test_a_trial_that_diverges_has_failed_and_the_sweep_goes_on(mlp):
    Path("space.yaml").write_text("optimizer.lr: {choices: [1e30, 0.01]}")
    done = mlp(*WORDS, "--sampler", "grid", "--set", "optimizer=sgd")
    assert (done.code, done.err) == (0, "")
    states = {row["optimizer.learning_rate"]: row for row in trials()}
    assert states["0.01"]["state"] == "complete"
    assert states["1e+30"]["state"] == "failed"
    assert "diverged" in states["1e+30"]["why"]
    assert "1 failed" in done.out


def test_a_trial_without_memory_has_failed_whether_or_not_python_says_why(mlp, monkeypatch):
    def full(*arguments):
        raise MemoryError

    monkeypatch.setattr(engine, "Trainer", full)
    done = mlp(*WORDS, "--trials", 2)
    assert done.code == 1
    assert {row["why"] for row in trials()} == {"memory is short"}


def test_trials_that_read_nothing_right_are_drawn(mlp):
    Path("space.yaml").write_text("layers: {choices: [[8], [9]]}")
    little = ["--set", "data={name: mnist-5k, limit: 40, validation: 1}", "--set", "plots=true"]
    slow = ["--set", "optimizer.lr=1e-9", "--seed", 1]
    done = mlp(*WORDS, *little, *slow, "--trials", 2, "--no-prune")
    assert (done.code, done.err) == (0, "")
    assert [float(row["val_accuracy"]) for row in trials()] == [0, 0]
    assert (FOLDER / "history.png").is_file()


def test_where_all_diverge_it_says_so(mlp):
    Path("space.yaml").write_text("optimizer.lr: {choices: [1e30, 1e31]}")
    done = mlp(*WORDS, "--sampler", "grid", "--set", "optimizer=sgd")
    assert done.code == 1
    assert done.err == f"Error: {FOLDER}: no trial came to its end; trials.csv says why\n"
    assert len(trials()) == 2
    assert not (FOLDER / "best.yaml").exists()


def test_nothing_is_read_of_the_test_set(mlp, monkeypatch):
    class Forbidden:
        def __getattr__(self, name):
            raise AssertionError(f"test.{name} was read")

    opened = command.open_data
    for out, trap in (("a", False), ("b", True)):
        with monkeypatch.context() as patch:
            if trap:
                patch.setattr(
                    command, "open_data", lambda *given: replace(opened(*given), test=Forbidden())
                )
            assert mlp(*WORDS, "--trials", 3, "--set", "data.deskew=true", "--out", out).code == 0
    assert told(Path("a")) == told(Path("b"))


def test_its_figures(mlp, monkeypatch):
    monkeypatch.setattr(importance, "FEWEST", 12)
    Path("space.yaml").write_text(
        "optimizer.lr: {low: 1e-3, high: 1e-1}\nepochs: {low: 1, high: 2}"
    )
    words = ["--trials", 12, "--set", "plots=true"]
    done = mlp(*WORDS, *words)
    assert (done.code, done.err) == (0, "")
    drawn = {path.name for path in FOLDER.glob("*.png")}
    assert drawn == {"history.png", "importances.png", "parallel.png"}
    assert "mattered     " in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give --config FILE and --space FILE, or --resume RUN"),
        (["--config", "tiny.yaml"], "give --config FILE and --space FILE"),
        ([*WORDS[1:], "--resume", "x"], "--resume: a sweep keeps its settings"),
        (["--resume", "x", "--seed", "3"], "--resume: a sweep keeps its settings"),
        ([*WORDS[1:], "--set", "data.validation=0"], "data.validation: is what trials are judged"),
        ([*WORDS[1:], "--set", "minutes=1"], "minutes: trials are compared at the same epochs"),
        ([*WORDS[1:], "--set", "hidden=[4]"], "--set hidden=[4]: space.yaml searches hidden"),
        ([*WORDS[1:], "--out", "."], "--out .: is not empty"),
        (["-c", "tiny.yaml", "--space", "none.yaml"], "--space none.yaml: cannot be read"),
        ([*WORDS[1:], "--storage", "nonsense"], "--storage: is no URL"),
        ([*WORDS[1:], "--storage", "none://x"], "--storage: is no URL"),
    ],
)
def test_mistakes_are_one_line(mlp, words, said):
    done = mlp("sweep", *words)
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith(f"Error: {said}")
    assert not list(Path().glob("runs/*"))


def test_a_sweep_that_is_taken_for_a_run_is_told(mlp):
    assert mlp(*WORDS, "--trials", 1).code == 0
    done = mlp("train", "--resume", FOLDER)
    assert (done.code, done.out) == (1, "")
    assert done.err.endswith(f"; it is a sweep's, whose best is: --config {FOLDER}/best.yaml\n")


def test_a_setting_within_what_is_searched_is_refused(mlp):
    Path("space.yaml").write_text("optimizer: {choices: [sgd, adam]}")
    done = mlp(*WORDS, "--set", "optimizer.lr=0.7")
    assert (done.code, done.out) == (2, "")
    said = "--set optimizer.lr=0.7: space.yaml searches optimizer.lr; leave it out here or there"
    assert done.err == f"Error: {said}\n"


def test_where_all_trials_are_alike_nothing_mattered(mlp, monkeypatch):
    monkeypatch.setattr(importance, "FEWEST", 12)
    Path("space.yaml").write_text(
        "optimizer.lr: {low: 1.0e-12, high: 1.0e-11}\nbatch_size: {choices: [32]}"
    )
    done = mlp(*WORDS, "--trials", 12, "--sampler", "random", "--no-prune", "--json")
    assert done.code == 0
    assert json.loads(done.out.splitlines()[-1])["importances"] == {}


def test_each_fault_of_a_space_has_a_line(mlp):
    Path("space.yaml").write_text("epochs: {low: 0, high: 3}\nlayer: {choices: [[3]]}\n")
    done = mlp(*WORDS)
    assert (done.code, done.out) == (2, "")
    assert sorted(line.partition(": ")[0] for line in done.err.splitlines()) == [
        "space.yaml:1",
        "space.yaml:2",
    ]
    Path("space.yaml").write_text(SPACE)
    done = mlp(*WORDS, "--sampler", "grid")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("space.yaml:1: optimizer.learning_rate has no end of values")
    assert not Path("runs").exists()


def test_without_optuna_it_says_what_to_install(mlp, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    done = mlp(*WORDS)
    assert (done.code, done.out) == (1, "")
    assert done.err == "Error: mlp sweep needs Optuna: pip install 'mlp-cli[sweep]'\n"


def test_json_tells_each_trial_and_the_best_last(mlp):
    done = mlp(*WORDS, "--trials", 3, "--json")
    assert (done.code, done.err) == (0, "")
    *each, summary = map(json.loads, done.out.splitlines())
    rows = trials()
    assert [str(told["trial"]) for told in each] == [row["trial"] for row in rows]
    assert [str(told["val_accuracy"]) for told in each] == [row["val_accuracy"] for row in rows]
    best = each[summary["best"] - 1]
    assert best["values"] == summary["values"]
    assert load(summary["config"]).layers == tuple(best["values"]["layers"])
