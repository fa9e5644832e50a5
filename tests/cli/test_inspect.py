"""``mlp inspect`` shows what is in a checkpoint, for a person and for a script."""

import json

import numpy as np

from mlp_cli.config import from_plain
from mlp_cli.training.checkpoint import load


def test_json_has_layers_config_and_metrics(mlp, trained):
    done = mlp("inspect", trained, "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    saved = load(trained / "best.npz")
    assert found["parameters"] == saved.theta.size == 784 * 32 + 32 + 32 * 10 + 10
    assert [layer["neurons"] for layer in found["layers"]] == [32, 10]
    assert [layer["activation"] for layer in found["layers"]] == ["relu", "softmax"]
    assert found["layers"][0]["dead_units"] is not None
    assert from_plain(found["config"], "inspect") == saved.config
    assert found["metrics"] == saved.metrics.row()
    assert found["data"] == "mnist-5k"
    assert found["versions"] == saved.versions


def test_the_text_shows_the_same(mlp, trained):
    out = mlp("inspect", trained / "last.npz").out
    assert str(trained / "last.npz") in out
    assert "784 → 32 → 10, 25,450 parameters" in out
    assert "val_accuracy" in out
    assert "batch_size: 50" in out


def test_without_its_data_a_checkpoint_can_still_be_inspected(mlp, here):
    rng = np.random.default_rng(0)
    np.savez("own.npz", images=rng.integers(0, 256, (30, 8, 8), np.uint8), labels=np.arange(30) % 2)
    (here / "own.yaml").write_text("{data: ./own.npz, layers: [3], epochs: 1, plots: false}")
    mlp("train", "--config", "own.yaml", "--out", "run", "-q")
    assert json.loads(mlp("inspect", "run", "--json").out)["layers"][0]["dead_units"] is not None
    (here / "own.npz").unlink()
    assert json.loads(mlp("inspect", "run", "--json").out)["layers"][0]["dead_units"] is None
    assert "not known" in mlp("inspect", "run").out


def test_data_that_no_longer_fit_are_left_aside(mlp, here):
    (here / "own.yaml").write_text("{data: own.npz, layers: [3], epochs: 1, plots: false}")
    labels = np.arange(30) % 2
    np.savez("own.npz", images=np.zeros((30, 8, 8), np.uint8), labels=labels)
    mlp("train", "--config", "own.yaml", "--out", "run", "-q")
    np.savez("own.npz", images=np.zeros((30, 9, 9), np.uint8), labels=labels)
    assert json.loads(mlp("inspect", "run", "--json").out)["layers"][0]["dead_units"] is None


def test_its_inside_is_drawn(mlp, trained, here):
    done = mlp("inspect", trained, "--figures", "inside")
    assert done.code == 0
    names = ["weights.png", "activations.png", "gradients.png"]
    assert done.out.endswith(f"Drawn: {', '.join(f'inside/{name}' for name in names)}\n")
    assert sorted(path.name for path in (here / "inside").iterdir()) == sorted(names)
    found = mlp("inspect", trained, "--figures", "again", "--json")
    assert json.loads(found.out)["layers"][0]["saturated_units"] is not None
    assert "Drawn: " in found.err
