"""The pictures of a network's inside show its weights, activations and gradients."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from toys import SHAPE, toy_config, toy_dataset

from mlp_cli.errors import RunError
from mlp_cli.reports import inspectionfigures
from mlp_cli.reports.inspectionfigures import draw_histograms, draw_inside, draw_weights
from mlp_cli.training.checkpoint import load, save
from mlp_cli.training.loop import Trainer

DATA = toy_dataset()


@pytest.fixture
def saved(tmp_path):
    trainer = Trainer(toy_config(layers=[6, 5], norm="batch", batch_size=10), DATA)
    list(trainer.fit())
    save(trainer, tmp_path / "best.npz")
    return load(tmp_path / "best.npz")


@pytest.fixture
def drawn(monkeypatch):
    """The figures that were saved, in place of their files."""
    figures = []
    monkeypatch.setattr(inspectionfigures, "save", lambda figure, path: figures.append(figure))
    return figures


def test_there_are_three_pictures_and_without_examples_one(saved, tmp_path):
    for examples, names in (
        (DATA.train, ["weights.png", "activations.png", "gradients.png"]),
        (None, ["weights.png"]),
    ):
        folder = tmp_path / "new" / str(len(names))
        assert [path.name for path in draw_inside(saved, examples, folder)] == names
        assert sorted(path.name for path in folder.iterdir()) == sorted(names)
        for name in names:
            with Image.open(folder / name) as picture:
                picture.load()


def test_the_strongest_neurons_come_first_on_one_scale(drawn, tmp_path):
    W = np.random.default_rng(0).normal(size=(20, 120)) * np.arange(120)
    draw_weights(W, SHAPE, tmp_path)
    shown = [axes.images[0] for axes in drawn[0].axes if axes.images]
    assert len(shown) == 100
    strongest = np.argsort(-np.linalg.norm(W, axis=0))
    for picture, i in zip(shown, strongest, strict=False):
        assert np.array_equal(picture.get_array(), W[:, i].reshape(SHAPE))
        assert picture.get_clim() == (-np.abs(W).max(), np.abs(W).max())


def test_every_value_is_counted_but_what_is_no_number(drawn, tmp_path):
    values = [np.array([[0.0, 1.0], [np.nan, 2.0]]), np.full((3, 3), 5.0)]
    draw_histograms(values, "activation", tmp_path)
    counts = [sum(bar.get_height() for bar in axes.patches) for axes in drawn[0].axes]
    assert counts == [3, 9]


def test_a_folder_that_cannot_be_made_is_told(saved, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"file/inside: cannot be made: "):
        draw_inside(saved, None, tmp_path / "file" / "inside")


@pytest.mark.parametrize("value", [1e38, np.nan, np.inf])
def test_a_network_that_has_diverged_is_drawn(saved, tmp_path, value):
    diverged = replace(saved, theta=np.full_like(saved.theta, value))
    assert len(draw_inside(diverged, DATA.train, tmp_path / "inside")) == 3


def test_values_next_to_each_other_are_drawn(tmp_path):
    draw_histograms([np.float32([1, np.nextafter(np.float32(1), 0)])], "activation", tmp_path / "a")
