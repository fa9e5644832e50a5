"""``mlp explain`` says why, of a picture or a test digit."""

import json

import numpy as np
import pytest
from PIL import Image

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset


@pytest.fixture
def explain(mlp, trained):
    def run(*words):
        return mlp("explain", *words, "--checkpoint", trained)

    return run


def test_a_test_digit(explain, mlp, trained):
    done = explain("--index", 17, "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    said = json.loads(mlp("predict", "--index", 17, "-c", trained, "--json").out)
    assert found["prediction"] == said["prediction"]
    assert found["probabilities"] == pytest.approx(said["probabilities"], abs=1e-6)
    assert [layer["neurons"] for layer in found["layers"]] == [32, 10]
    assert found["flip"]["prediction"] != found["prediction"]
    assert len(found["integrated_gradients"]) == len(found["gradient"]) == 784
    assert len(found["nearest"]) == 5
    sums = {neuron["neuron"]: neuron["z"] for neuron in found["layers"][-1]["strongest"]}
    first, second = sorted(sums, key=sums.get)[-2:]
    apart = (sums[second] - sums[first]) / found["temperature"]
    shares = found["probabilities"]
    assert np.log(shares[str(second)] / shares[str(first)]) == pytest.approx(apart, rel=1e-4)


def test_the_text_tells_the_same(explain):
    out = explain("--index", 17).out
    found = json.loads(explain("--index", 17, "--json").out)
    assert out.startswith(f"{found['checkpoint']} reads:\n")
    assert "layer 1  784 → 32 relu" in out
    assert f"#{found['layers'][0]['strongest'][0]['neuron']} " in out
    assert f"of z / {found['temperature']:.2f}, as calibrated" in out
    assert "spoke against it" in out
    assert f"makes it {found['flip']['prediction']}" in out
    assert f"a {found['nearest'][0]['label']} (" in out


def test_a_picture_and_a_figure(explain, here):
    digit = open_dataset("mnist-5k", shipped.DATA).test.images[3].reshape(28, 28)
    Image.fromarray(np.pad(255 - digit, 20, constant_values=255)).save("digit.png")
    done = explain("digit.png", "--figure", "why.png")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[1].startswith("digit.png: ")
    with Image.open("why.png") as figure:
        assert figure.width > 900


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "name either"),
        (["a.png", "--index", "3"], 2, "name either"),
        (["."], 2, ".: is a folder; name one of its pictures"),
        (["a.png"], 1, "a.png cannot be read"),
        (["--index", "5000"], 1, "--index 5000"),
        (["--index", "1", "--figure", "no/where.png"], 1, "where.png"),
    ],
)
def test_mistakes_are_one_line(explain, words, code, said):
    done = explain(*words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err
