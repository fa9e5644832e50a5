"""``mlp runs`` lists, shows and compares what was trained."""

import json

import pytest


@pytest.fixture
def two_runs(mlp):
    for name, settings in (("a", []), ("b", ["--set", "layers=[9,7]", "--lr", "0.01"])):
        assert mlp("train", "--config", "tiny.yaml", "--out", f"runs/{name}", *settings).code == 0


def test_nothing_trained_yet(mlp):
    done = mlp("runs", "list")
    assert done.code == 0
    assert "mlp train --config quickstart" in done.out
    assert mlp("runs", "list", "--json").out == ""


def test_list(mlp, two_runs):
    head, *lines = mlp("runs", "list").out.splitlines()
    assert head.split() == ["run", "data", "validation", "test", "epochs", "time"]
    assert {line.split()[0] for line in lines} == {"runs/a", "runs/b"}
    told = [json.loads(line) for line in mlp("runs", "list", "--json").out.splitlines()]
    assert [run["run"] for run in told] == [line.split()[0] for line in lines]
    assert told[0]["val_accuracy"] >= told[1]["val_accuracy"]


@pytest.mark.parametrize("summary", ["{", "[" * 100_000], ids=["cut", "deep"])
def test_a_run_that_cannot_be_read_is_told_and_the_others_listed(mlp, two_runs, here, summary):
    (here / "runs" / "a" / "summary.json").write_text(summary)
    done = mlp("runs", "list")
    assert done.code == 1
    assert "runs/b" in done.out
    assert done.err.startswith("Error: runs/a: ")
    assert len(done.err.splitlines()) == 1


def test_show(mlp, two_runs):
    out = mlp("runs", "show", "runs/b").out
    assert "validation loss" in out
    assert "training loss" in out
    assert "  batch_size: 50" in out
    for name in ("latest", "b"):
        assert json.loads(mlp("runs", "show", name, "--json").out)["run"] == "runs/b"


def test_compare(mlp, two_runs):
    out = mlp("runs", "compare", "runs/a", "runs/b").out
    lines = {line.split()[0]: line.split()[1:] for line in out.splitlines() if line.split()}
    assert lines["optimizer.learning_rate"] == ["0.001", "0.01"]
    assert lines["layers"] == ["[8]", "[9,", "7]"]
    assert "batch_size" not in lines
    drawn = [line for line in out.splitlines() if "│" in line]
    assert any("•" in line for line in drawn)
    assert any("×" in line for line in drawn)
    told = json.loads(mlp("runs", "compare", "runs/a", "runs/b", "--json").out)
    assert told["differences"]["layers"] == [[8], [9, 7]]


def test_the_same_config_twice(mlp, two_runs):
    assert mlp("train", "--config", "tiny.yaml", "--out", "runs/again").code == 0
    assert "the same" in mlp("runs", "compare", "runs/a", "runs/again").out


@pytest.mark.parametrize("other", ["runs/b", "./runs/b", "latest", "b"])
def test_the_same_run_twice_is_refused(mlp, two_runs, other):
    done = mlp("runs", "compare", "runs/b", "runs/a", other)
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: runs/b: is named twice; name different runs\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["compare", "runs/a"], 2, "at least two"),
        (["show", "nothing"], 1, "nothing: there is no such run; name a run folder or `latest`"),
        (["show", "runs/c"], 1, "runs/c: there is no such run; did you mean runs/"),
        (["compare", "runs/a", "nothing"], 1, "nothing"),
    ],
)
def test_mistakes_are_one_line(mlp, two_runs, words, code, said):
    done = mlp("runs", *words)
    assert done.code == code
    assert len(done.err.splitlines()) == 1
    assert said in done.err
