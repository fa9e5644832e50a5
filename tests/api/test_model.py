"""A model answers in Python what the commands answer, to the last bit."""

import copy
import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import mlp_cli
from mlp_cli.errors import CheckpointError, DivergedError
from mlp_cli.training import checkpoint


@pytest.fixture(scope="module")
def digits():
    return mlp_cli.load_data("mnist-5k").test


@pytest.fixture(params=["shipped", "trained", "deskewed"])
def named(request, mlp):
    """The name of a network: the one that comes along, a run, a run on deskewed digits."""
    if request.param == "trained":
        return str(request.getfixturevalue("trained"))
    if request.param == "deskewed":
        setting = "data={name: mnist-5k, limit: 300, deskew: true}"
        assert mlp("train", "-c", "tiny.yaml", "--set", setting, "--quiet").code == 0
        return "tiny-001"
    return "shipped"


def drawing(path: Path) -> Path:
    """A 1 drawn with a thin red pen on a large grey sheet."""
    pixels = np.full((150, 210, 3), 200, np.uint8)
    pixels[30:120, 100:104] = (180, 20, 20)
    Image.fromarray(pixels).save(path)
    return path


def test_probabilities_are_those_of_mlp_predict(named, mlp, here, digits):
    for index in (0, 17):
        Image.fromarray(digits.images[index].reshape(28, 28)).save(here / f"{index}.png")
    drawing(here / "drawn.png")
    pictures = ["0.png", "17.png", "drawn.png"]
    lines = mlp("predict", *pictures, "-c", named, "--json").out.splitlines()
    model = mlp_cli.load(named)
    for picture, answer in zip(pictures, map(json.loads, lines), strict=True):
        x = model.prepare(picture)[None]
        assert model.predict_proba(x)[0].tolist() == list(answer["probabilities"].values())
        assert model.classes[model.predict(x)[0]] == answer["prediction"]


def test_probabilities_of_a_test_digit_are_those_of_mlp_predict(named, mlp, request):
    if named == "shipped":
        request.getfixturevalue("mnist")
    model = mlp_cli.load(named)
    test = mlp_cli.load_data(model.config["data"]["name"]).test
    told = json.loads(mlp("predict", "--index", 5, "-c", named, "--json").out)
    (probabilities,) = model.predict_proba(test.images[5:6])
    assert probabilities.tolist() == list(told["probabilities"].values())


def test_an_evaluation_is_that_of_mlp_eval(named, mlp, digits):
    told = json.loads(mlp("eval", named, "--data", "mnist-5k", "--json").out)
    model = mlp_cli.load(named)
    judged = model.evaluate(digits.images, digits.labels)
    assert judged.to_json() == {key: told[key] for key in judged.to_json()}
    assert model.score(digits.images, digits.labels) == told["accuracy"]
    assert (model.predict(digits.images) == digits.labels).mean() == told["accuracy"]


def test_any_form_of_the_same_images_has_the_same_answer(named, digits):
    model, flat = mlp_cli.load(named), digits.images[:50]
    expected = model.predict_proba(flat)
    for x in (flat.reshape(-1, 28, 28), flat / 255, (flat / 255).astype(np.float16).tolist()):
        assert (model.predict_proba(x) == expected).all()
    assert expected.sum(axis=1) == pytest.approx(np.ones(50), abs=1e-5)


def test_a_saved_model_is_the_same(named, mlp, here, digits):
    model = mlp_cli.load(named)
    model.save("kept.npz")
    again = mlp_cli.load(Path("kept.npz"))
    expected = model.predict_proba(digits.images[:9])
    assert (again.predict_proba(digits.images[:9]) == expected).all()
    assert (again.config, again.classes, again.shape) == (model.config, model.classes, model.shape)
    assert mlp("eval", "kept.npz", "--data", "mnist-5k").code == 0
    again.save("kept.npz")  # over what it was read from
    assert (mlp_cli.load("kept.npz").predict_proba(digits.images[:9]) == expected).all()


def test_what_is_saved_is_not_resumed(trained, here):
    mlp_cli.load(trained).save("kept.npz")
    saved = checkpoint.load(Path("kept.npz"))
    assert (saved.resumable, saved.memory) == (False, {})
    assert replace(saved, path=trained).metrics == checkpoint.load(trained / "best.npz").metrics


def test_it_can_be_pickled_and_copied(trained, digits):
    model = mlp_cli.load(trained)
    for other in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert (other.predict(digits.images[:9]) == model.predict(digits.images[:9])).all()


def test_threads_may_share_it(trained, digits):
    model = mlp_cli.load(trained)
    pieces = [digits.images[first : first + 50] for first in range(0, 1000, 50)]
    expected = [model.predict_proba(piece) for piece in pieces]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(5):
            for told, right in zip(pool.map(model.predict_proba, pieces), expected, strict=True):
                assert (told == right).all()


def test_it_says_what_it_is(trained):
    model = mlp_cli.load(trained)
    assert repr(model) == "<Model 784-32-10, trained on mnist-5k>"
    assert model.config["dropout"] == 0.2
    assert mlp_cli.load().config["layers"] == [320, 160]


def test_what_is_not_there_is_told(here, trained):
    with pytest.raises(CheckpointError, match=r"^nope: there is no such checkpoint; "):
        mlp_cli.load("nope")
    with pytest.raises(CheckpointError, match=r"^gone/kept.npz: cannot be written: No such file"):
        mlp_cli.load(trained).save(Path("gone/kept.npz"))
    with pytest.raises(CheckpointError, match=r"^a\\x00b: cannot be written: embedded null byte$"):
        mlp_cli.load(trained).save("a\0b")
    with pytest.raises(CheckpointError, match=r"^save: the path is empty; name an \.npz file$"):
        mlp_cli.load(trained).save("")


def test_outputs_that_are_not_finite_are_told(trained, digits):
    saved = checkpoint.load(trained / "best.npz")
    model = mlp_cli.Model(replace(saved, theta=saved.theta * np.float32(1e30)))
    with pytest.raises(DivergedError):
        model.predict(digits.images[:1])
