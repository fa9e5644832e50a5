"""A training with little to go by: a validation set of one class, a batch larger than the set."""

import json
from pathlib import Path

import numpy as np
import pytest
from toys import bits


@pytest.mark.parametrize("held_out", [1, 10])
def test_a_validation_set_of_one_class_is_judged_like_any_other(mlp, held_out):
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [100, 2, 2])  # the others' share of ten rounds to none
    np.savez("own.npz", images=rng.integers(0, 256, (104, 8, 8), np.uint8), labels=labels)
    Path("own.yaml").write_text("{data: own.npz, layers: [8], epochs: 3, batch_size: 10}")
    validation = ["--set", f"data.validation={held_out}"]
    done = mlp("train", "--config", "own.yaml", *validation, "--out", "run")
    assert (done.code, done.err) == (0, "")
    assert Path("run/curves.png").is_file()
    summary = json.loads(Path("run/summary.json").read_text())
    judged = json.loads(mlp("eval", "run", "--split", "validation", "--json").out)
    assert [each["support"] for each in judged["per_class"]] == [held_out, 0, 0]
    assert judged["accuracy"] == judged["macro"]["recall"] == summary["val_accuracy"]
    assert np.isfinite(summary["temperature"])
    assert mlp("eval", "run", "--split", "validation", "--report", "report").code == 0


def test_a_batch_larger_than_the_set_is_the_whole_set(mlp):
    settings = ["--set", "dropout=0.2", "--set", "augment=digits", "--config", "tiny.yaml"]
    for batch_size in ("all", 10**12):
        done = mlp("train", *settings, "--batch-size", batch_size, "--out", f"of {batch_size}")
        assert (done.code, done.err) == (0, "")
        assert "1 an epoch, batches of the whole set" in done.out
    for checkpoint in ("best.npz", "last.npz"):
        assert bits(Path("of all", checkpoint)) == bits(Path(f"of {10**12}", checkpoint))
