"""The page's network is ours, whatever it is made of, and no text of it becomes HTML."""

from dataclasses import replace

import numpy as np
import pytest

from mlp_cli import shipped
from mlp_cli.config import build_network
from mlp_cli.data.dataset import open_dataset
from mlp_cli.nn import ACTIVATIONS, LOSSES
from mlp_cli.reports.drawingpage import write_drawing_page
from mlp_cli.training.checkpoint import load

NASTY = '</script><b onclick="x">$title\'&'


def checkpoint(activation="relu", output="softmax", loss="cross_entropy", **keys):
    """A network of random weights."""
    saved = load(shipped.MODEL)
    config = replace(
        saved.config,
        data=replace(saved.config.data, deskew=False),
        layers=(12, 9),
        activation=ACTIVATIONS[activation](),
        output=ACTIVATIONS[output](),
        loss=LOSSES[loss](),
        norm=None,
    )
    size = build_network(config, 784, 10).theta.size
    theta = np.random.default_rng(0).normal(0, 0.15, size).astype(np.float32)
    made = {"config": config, "theta": theta, "kept": np.empty(0), "temperature": 1.3}
    return replace(saved, **made, **keys)


@pytest.fixture
def page_of(opened, tmp_path):
    def open_page(saved, examples=None, **options):
        write_drawing_page(saved, examples, tmp_path / "draw.html")
        return opened(tmp_path / "draw.html", **options)

    return open_page


@pytest.fixture(scope="module")
def images():
    return open_dataset("mnist-5k", shipped.DATA).test.images[:5]


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_every_activation(page_of, images, activation):
    check(page_of, images, checkpoint(activation))


@pytest.mark.parametrize(("output", "loss"), [("sigmoid", "mse"), ("identity", "hinge")])
def test_every_output(page_of, images, output, loss):
    check(page_of, images, checkpoint(output=output, loss=loss))


def check(page_of, images, saved):
    """Layers, probabilities and slopes agree, but for weights rounded to 16 bits."""
    page, network = page_of(saved), saved.network()
    x = images / np.float32(255)
    told = page.evaluate(
        """(images) => images.map((image) => {
            const passes = forward(image);
            const { did } = shares(passes, 3)[0];
            return {
                a: passes.slice(0, -1).map(({ a }) => [...a]),
                p: [...probabilities(passes)],
                did: [...did],
            };
        })""",
        images.tolist(),
    )
    for i, a in enumerate(network.layer_outputs(x)[:-1]):
        assert np.abs([each["a"][i] for each in told] - a).max() < 5e-3
    assert np.abs([each["p"] for each in told] - network.probabilities(x)).max() < 1e-3
    towards = np.zeros((len(x), 10), np.float32)
    towards[:, 3] = 1
    slopes = network.input_slopes(x, towards)
    assert np.abs([each["did"] for each in told] - slopes * x).max() < 5e-3


def test_names_are_shown_and_never_run(page_of):
    saved = checkpoint(classes=(NASTY, *"123456789"), data_name=NASTY)
    page = page_of(saved, np.zeros((10, 784), np.uint8))
    assert page.locator("#bars th").first.inner_text() == NASTY
    assert page.locator("#examples button").first.inner_text() == NASTY
    assert page.locator("b[onclick]").count() == 0
    assert page.evaluate("model.classes[0]") == NASTY


def test_images_that_are_not_square(page_of):
    saved = checkpoint(shape=(14, 56))
    page = page_of(saved)
    pixels = page.evaluate("[...prepared([[[0.2, 0.2], [0.8, 0.7]]])]")
    image = np.array(pixels).reshape(14, 56)
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    assert np.ptp(rows) + 1 == 10
    assert np.ptp(columns) + 1 <= 40
    assert image.max() == 255


def test_no_hidden_layer(page_of, images):
    saved = checkpoint()
    config = replace(saved.config, layers=())
    theta = np.random.default_rng(1).normal(0, 0.15, 7850).astype(np.float32)
    check(page_of, images, replace(saved, config=config, theta=theta))


def test_outputs_that_are_not_finite_are_told(page_of):
    saved = checkpoint()
    page = page_of(replace(saved, theta=saved.theta * np.float32(1e15)))
    page.evaluate("show(new Uint8Array(784).fill(255))")
    assert page.locator("#said").inner_text() == "Its outputs are not finite."


def test_many_long_names_fit_on_a_phone(page_of):
    names = tuple(f"{i:02} {'abcdefgh' * 5}" for i in range(10))
    saved = checkpoint(classes=names, data_name=f"/home/somebody/{'data' * 20}.npz")
    page = page_of(saved, viewport={"width": 375, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert "/home/somebody" not in page.content()
