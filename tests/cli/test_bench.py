"""``mlp bench`` tells how fast a config trains here, and leaves nothing behind."""

import json

import pytest

from mlp_cli import blas
from mlp_cli.training import speed


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Measurements that are over at once."""
    monkeypatch.setattr(speed, "SECONDS", 0.001)
    monkeypatch.setattr(speed, "PEAK_SIZE", 64)


def test_json_has_all_that_was_measured(mlp):
    done = mlp("bench", "--config", "tiny.yaml", "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert found["sizes"] == [784, 8, 10]
    assert (found["examples"], found["batch_size"], found["steps"]) == (240, 50, 5)
    assert found["config"]["data"]["name"] == "mnist-5k"
    assert found["blas"]["threads"] == blas.describe().threads
    assert found["epoch_seconds"] == pytest.approx(240 / found["samples_per_second"])
    assert found["share_of_peak"] == pytest.approx(found["gflops"] / found["peak_gflops"])
    assert list(found["parts"]) == ["gather", "forward", "loss", "backward", "optimizer", "rest"]
    assert sum(found["parts"].values()) == pytest.approx(1)
    assert isinstance(found["hints"], list)


def test_the_text_has_the_banner_of_a_training_and_the_measurements(mlp):
    done = mlp("bench", "--config", "tiny.yaml", "--set", "batch_size=40")
    assert (done.code, done.err) == (0, "")
    assert "mnist-5k: 240 to train, 60 to validate, 1,000 to test" in done.out
    assert "6 an epoch, batches of 40" in done.out
    assert f"\nmatrices     {blas.describe()}\n\npeak  " in done.out
    assert " % of the peak\n" in done.out


def test_nothing_is_written(mlp, here):
    before = [(path, path.read_bytes()) for path in here.iterdir()]
    mlp("bench", "--config", "tiny.yaml")
    assert [(path, path.read_bytes()) for path in here.iterdir()] == before


def test_without_a_config_it_is_the_quickstart(mlp):
    found = json.loads(mlp("bench", "--json").out)
    assert found["sizes"] == [784, 256, 128, 10]
    assert found["blas"]["library"] == blas.describe().library


def test_the_hints_know_the_kernel(mlp, monkeypatch):
    monkeypatch.setattr(blas, "unused_kernel", lambda machine: f"beside {machine.kernel}")
    found = json.loads(mlp("bench", "--config", "tiny.yaml", "--json").out)
    assert f"faster matrix kernel, beside {found['blas']['kernel']}," in found["hints"][0]


@pytest.mark.parametrize("words", ["--config nonsense", "--config tiny.yaml --set epochs=0"])
def test_a_bad_config_exits_with_2(mlp, words):
    done = mlp("bench", *words.split())
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
