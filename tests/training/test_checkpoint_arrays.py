"""The norm's running statistics may not be missing; older files have none."""

import json

import numpy as np
import pytest
from test_checkpoint_damage import contents, refused
from toys import begin, stop_after, take_up, toy_config, toy_dataset

from mlp_cli.training.checkpoint import load, save
from mlp_cli.training.loop import Trainer

NEW_KEYS = ["norm", "noise", "input_noise", "minutes"]


@pytest.fixture
def whole(tmp_path):
    trainer = Trainer(toy_config(norm="batch"), toy_dataset())
    list(trainer.fit())
    save(trainer, tmp_path / "last.npz")
    load(tmp_path / "last.npz").network()
    return tmp_path / "last.npz"


def test_they_must_be_there(whole):
    arrays = contents(whole)
    del arrays["kept"]
    np.savez(whole, **arrays)
    refused(whole)


@pytest.mark.parametrize("change", [lambda a: a[:-1], lambda a: np.append(a, a[0]), np.atleast_2d])
def test_they_must_be_as_long_as_the_network_wants_them(whole, change):
    arrays = contents(whole)
    np.savez(whole, **{**arrays, "kept": change(arrays["kept"])})
    assert "damaged" in refused(whole)


def test_statistics_where_none_are_wanted_are_refused(tmp_path):
    save(Trainer(toy_config(), toy_dataset()), tmp_path / "last.npz")
    assert load(tmp_path / "last.npz").kept.size == 0
    np.savez(tmp_path / "last.npz", **{**contents(tmp_path / "last.npz"), "kept": np.ones(8)})
    assert "damaged" in refused(tmp_path / "last.npz")


def as_before(path):
    """Make of a checkpoint one that was written before there were norms."""
    arrays = contents(path)
    assert arrays.pop("kept").size == 0
    page = json.loads(arrays.pop("page").tobytes())
    for key in NEW_KEYS:
        assert page["config"].pop(key) in (None, 0)
    np.savez(path, page=np.frombuffer(json.dumps(page).encode(), np.uint8), **arrays)


def test_an_older_checkpoint_still_loads(tmp_path):
    run = begin(tmp_path, toy_config())
    stop_after(run, 2)
    network, config = load(run.folder.last).network(), run.trainer.config
    as_before(run.folder.last)
    found = load(run.folder.last)
    assert found.config == config
    assert found.network().theta.tobytes() == network.theta.tobytes()


def test_an_older_run_can_be_gone_on_with(tmp_path):
    run = begin(tmp_path, toy_config(dropout=0.2))
    stop_after(run, 2)
    as_before(run.folder.last)
    resumed = take_up(tmp_path)
    list(resumed.train())
    undisturbed = Trainer(toy_config(dropout=0.2), toy_dataset())
    list(undisturbed.fit())
    assert resumed.trainer.network.theta.tobytes() == undisturbed.network.theta.tobytes()
