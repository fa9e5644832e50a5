"""Checkpoint format 1 is frozen: what was saved by it is read by every later version."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from toys import complete, take_up, toy_config

from mlp_cli.training.checkpoint import load

STORED = Path(__file__).with_name("stored") / "format-1.npz"


def test_all_of_it_is_read():
    saved = load(STORED)
    assert saved.config == toy_config(
        batch_size=7,
        dropout=0.3,
        norm="batch",
        activation="prelu",
        early_stopping={"patience": 2},
    )
    assert (saved.data_name, saved.classes) == ("mnist-5k", ("circle", "cross", "square"))
    assert (saved.shape, saved.prepared, saved.resumable) == ((4, 5), False, True)
    assert (saved.position.epoch, saved.position.step, saved.position.seen) == (1, 2, 14)
    assert [row.epoch for row in saved.history] == [1]
    assert saved.temperature == 1.25
    assert saved.versions["blas"] == "OpenBLAS 0.3.31, kernel Haswell, 1 thread"
    assert set(saved.memory) == {"m", "v"}
    assert saved.theta.sum() == pytest.approx(8.456544, rel=1e-6)
    assert saved.kept.sum() == pytest.approx(4.052744, rel=1e-6)
    assert saved.network().folded().predict(np.zeros((1, 20), np.float32)).sum() == pytest.approx(1)


def test_a_run_goes_on_from_it(tmp_path):
    shutil.copy(STORED, tmp_path / "last.npz")
    run = take_up(tmp_path)
    complete(run)
    assert [epoch.epoch for epoch in run.trainer.history] == [1, 2, 3]
