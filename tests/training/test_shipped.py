"""The model that comes along is found, checked, small, and for prediction alone."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.errors import CheckpointError
from mlp_cli.training.checkpoint import load
from mlp_cli.training.evaluate import judge
from mlp_cli.training.loop import Trainer
from mlp_cli.training.names import find_checkpoint


def test_it_is_found_by_its_name_whatever_lies_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("shipped").write_text("")
    assert find_checkpoint("shipped") == shipped.MODEL
    assert find_checkpoint("./shipped") == Path("shipped")


def test_it_is_small_and_reads_digits(tmp_path):
    saved = load(find_checkpoint("shipped"))
    assert shipped.MODEL.stat().st_size < 700_000
    assert saved.name == "shipped"
    assert saved.title == "the model that comes along"
    assert saved.memory == {}
    assert saved.temperature != 1
    sample = open_dataset("mnist-5k", shipped.DATA).shown(saved.config.data.deskew)
    network = saved.network().folded()
    rows = np.arange(len(sample.test))
    assert judge(network, sample.test, rows, sample.classes).accuracy > 0.99


@pytest.mark.parametrize("change", ["damaged", "gone"])
def test_another_file_in_its_place_is_told(tmp_path, monkeypatch, change):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(shipped, "MODEL", tmp_path / "model.npz")
    if change == "damaged":
        shipped.MODEL.write_bytes(b"something else")
    with pytest.raises(CheckpointError, match=r"model\.npz: .*; install mlp again$"):
        find_checkpoint("shipped")


def test_it_cannot_be_resumed():
    saved = load(shipped.MODEL)
    trainer = Trainer(
        replace(saved.config, data=replace(saved.config.data, validation=0)),
        open_dataset("mnist-5k", shipped.DATA),
    )
    with pytest.raises(CheckpointError, match="is for prediction, and cannot be resumed"):
        saved.restore(trainer)


def test_it_is_judged_and_looked_into_by_its_name(mlp):
    found = json.loads(mlp("eval", "shipped", "--data", "mnist-5k", "--json").out)
    assert found["checkpoint"] == "shipped"
    assert found["accuracy"] > 0.99
    assert "part of mnist's training set" in found["warning"]
    assert mlp("inspect", "shipped").code == 0
