"""``fit`` trains as ``mlp train`` does, on the config's data set or on arrays."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toys import CLASSES, SHAPE, toy_dataset

import mlp_cli
from mlp_cli.api import fitting
from mlp_cli.errors import ConfigError, DataError, UsageError
from mlp_cli.training import checkpoint
from mlp_cli.training.events import best_epoch

TOY = {"layers": [4], "epochs": 3, "data": {"name": "mnist-5k", "validation": 6}}


@pytest.fixture(scope="module")
def toy():
    """Images (N, 4, 5) and labels."""
    train = toy_dataset(train=60).train
    return train.images.reshape(-1, *SHAPE), train.labels


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"data.deskew": True, "augment": "digits", "norm": "batch"},
        {"data.validation": 0, "layers": [5, 4]},
        {"optimizer.lr": 0.2, "epochs": 6},
    ],
)
def test_the_bits_are_those_of_mlp_train(mlp, settings):
    model = mlp_cli.fit("tiny.yaml", **settings)
    words = [f"--set={key}={json.dumps(value)}" for key, value in settings.items()]
    assert mlp("train", "-c", "tiny.yaml", "--quiet", *words).code == 0
    model.save("fitted.npz")
    ours, theirs = (checkpoint.load(Path(p)) for p in ("fitted.npz", "runs/tiny-001/best.npz"))
    assert ours.theta.tobytes() == theirs.theta.tobytes()
    assert ours.kept.tobytes() == theirs.kept.tobytes()
    assert ours.temperature == theirs.temperature
    assert (ours.config, ours.data_checksum) == (theirs.config, theirs.data_checksum)
    assert (ours.position, ours.prepared) == (theirs.position, theirs.prepared)


def test_the_best_epoch_is_kept(here):
    told = []
    model = mlp_cli.fit("tiny.yaml", callback=told.append, **{"optimizer.lr": 0.2, "epochs": 6})
    epochs = [event for event in told if isinstance(event, mlp_cli.EpochDone)]
    assert epochs[-1].val_accuracy < max(event.val_accuracy for event in epochs)
    model.save("fitted.npz")
    assert checkpoint.load(Path("fitted.npz")).metrics == best_epoch(epochs)


def test_a_config_is_a_recipe_a_file_or_its_keys(here):
    by_file = mlp_cli.fit(Path("tiny.yaml"), epochs=1)
    assert mlp_cli.fit(by_file.config).config == by_file.config
    assert mlp_cli.fit("quickstart", epochs=1, layers=[8]).config["schedule"]["name"] == "one_cycle"


def test_a_callback_is_told_what_happens(toy):
    told = []
    mlp_cli.fit(TOY, *toy, callback=told.append)
    epochs = [event for event in told if isinstance(event, mlp_cli.EpochDone)]
    assert [event.epoch for event in epochs] == [1, 2, 3]
    assert any(isinstance(event, mlp_cli.StepsDone) for event in told)


def test_what_a_callback_raises_ends_the_training(toy):
    def stop(event):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mlp_cli.fit(TOY, *toy, callback=stop)


def test_all_arrays_are_learned_from_but_for_validation(toy):
    told = []
    config = {**TOY, "batch_size": 1, "epochs": 1}
    mlp_cli.fit(config, *toy, callback=told.append)
    assert told[0].steps == 54


def test_floats_and_bytes_give_the_same_network(toy):
    x, y = toy
    models = [mlp_cli.fit(TOY, each, y, classes=CLASSES) for each in (x, x / 255)]
    assert models[0].classes == CLASSES
    assert models[0].shape == SHAPE
    told = [model.predict_proba(x) for model in models]
    assert (told[0] == told[1]).all()


def test_a_network_of_arrays_is_of_no_known_data_set(toy):
    model = mlp_cli.fit({"layers": [4], "epochs": 1}, *toy)
    assert model.config["data"]["name"] == "arrays.npz"
    assert model.classes == ("0", "1", "2")
    assert (model.prepare(toy[0][0]) == toy[0][0]).all()  # a picture of their size, as it is


def test_minutes_plan_the_epochs_unless_epochs_are_said(toy, monkeypatch):
    def two(trainer, threads, started):
        planned = trainer.config.minutes is not None
        return replace(trainer.config, epochs=2, minutes=None) if planned else trainer.config

    monkeypatch.setattr(fitting, "within_minutes", two)
    config = {**TOY, "minutes": 5}
    assert mlp_cli.fit(config, *toy).config["epochs"] == 2
    assert mlp_cli.fit(config, *toy, epochs=1).config["epochs"] == 1


def test_classes_may_be_anything_that_has_a_name(toy):
    for classes in (np.array(["a", "b", "c"]), [1, 2, 3], (c for c in "abc")):
        model = mlp_cli.fit({"layers": [4], "epochs": 1}, *toy, classes=classes)
        assert model.classes in (("a", "b", "c"), ("1", "2", "3"))
        assert {type(name) for name in model.classes} == {str}


def test_settings_may_hold_any_text(toy, here):
    name = "\U0001f600\x7f\n.npz"
    x, y = toy
    np.savez(name, images=x, labels=y)
    model = mlp_cli.fit({"layers": [4], "epochs": 1, "data": "mnist-5k"}, data=name)
    assert mlp_cli.load_data(Path(name)).name == mlp_cli.load_data(name).name == name
    model.save("saved.npz")
    assert mlp_cli.load("saved.npz").config["data"]["name"] == name


def test_mistakes_are_told_by_their_keys(toy, here):
    with pytest.raises(ConfigError) as caught:
        mlp_cli.fit({**TOY, "epochs": 0}, *toy, lr=0.1)
    assert caught.value.problems == (
        "config: epochs must be a whole number >= 1, got 0",
        "lr=0.1: lr is no key here; did you mean optimizer.lr?",
    )
    with pytest.raises(ConfigError, match=r"^epochs: no config has a value like "):
        mlp_cli.fit(TOY, *toy, epochs=np.arange(3))
    with pytest.raises(ConfigError, match=r"^config: no config has a value like "):
        mlp_cli.fit({"epochs": np.arange(3)}, *toy)
    with pytest.raises(ConfigError, match=r"^config: data is missing$"):
        mlp_cli.fit({"epochs": 1})
    with pytest.raises(UsageError, match=r"^quikstart: .*did you mean quickstart"):
        mlp_cli.fit("quikstart")


@pytest.mark.parametrize("classes", [[5, 3, 8], np.array(["5", "3", "8"])], ids=["list", "array"])
def test_what_classes_are_called_becomes_strings(toy, classes, tmp_path):
    model = mlp_cli.fit(TOY, *toy, classes=classes)
    model.save(tmp_path / "a.npz")
    assert mlp_cli.load(tmp_path / "a.npz").classes == ("5", "3", "8")


def test_numbers_of_numpy_are_numbers(toy):
    settings = {"epochs": np.int64(1), "optimizer.lr": np.float64(0.25), "layers": [np.int32(4)]}
    model = mlp_cli.fit(TOY, *toy, **settings)
    assert repr(model) == "<Model 20-4-3, trained on arrays.npz>"


@pytest.mark.parametrize("settings", [{"data.name": "mnist"}, {"data": "mnist"}])
def test_data_beside_arrays_are_refused(toy, settings):
    with pytest.raises(UsageError, match=r"^fit: x and y are the data; leave data\.name out"):
        mlp_cli.fit(TOY, *toy, **settings)


def test_arrays_that_do_not_fit_are_told(toy):
    x, y = toy
    with pytest.raises(UsageError, match=r"^fit: give both x and y, or neither"):
        mlp_cli.fit(TOY, x)
    with pytest.raises(UsageError, match=r"^fit: classes are for x and y"):
        mlp_cli.fit(TOY, classes=["a", "b"])
    with pytest.raises(DataError, match=r"^x and y: training: 60 images but 59 labels$"):
        mlp_cli.fit(TOY, x, y[1:])
    with pytest.raises(DataError, match=r"^x is int64 from 2 to 252; "):
        mlp_cli.fit(TOY, x.astype(int), y)


def test_missing_data_are_told_and_not_fetched(here):
    with pytest.raises(DataError, match=r"^mnist: .* missing in .*; run: mlp data download mnist"):
        mlp_cli.fit("mnist", data_dir="nowhere")
    assert not (here / "nowhere").exists()
    assert not (here / "runs").exists()
