"""Explanations are what they say: slopes, sums that add up, changes that flip, nearest examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.data.split import Split
from mlp_cli.nn import ACTIVATIONS, INITIALIZERS, LOSSES, Network
from mlp_cli.training import explain as module
from mlp_cli.training.explain import (
    attributions,
    explain,
    layers_of,
    nearest_examples,
    nearest_flip,
)

SIZES = (12, 9, 7, 4)


def network(activation="tanh", dtype=np.float64, seed=0):
    layers = [ACTIVATIONS[activation]()] * 2 + [ACTIVATIONS["softmax"]()]
    made = Network(SIZES, layers, LOSSES["cross_entropy"](), dtype=dtype)
    rng = np.random.default_rng(seed)
    made.initialize([INITIALIZERS["glorot"]()] * 3, rng)
    for b in made.b:
        b[:] = rng.normal(0, 0.3, b.shape)
    return made


def image(seed=0, dtype=np.float64):
    return np.random.default_rng(seed).uniform(0, 1, SIZES[0]).astype(dtype)


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_input_slopes_agree_with_differences(activation):
    made, x, step = network(activation), image(), 1e-6
    towards = np.array([[0.5, -1.0, 2.0, 0.0]])
    slopes = made.input_slopes(x[None], towards)[0]
    for i in range(x.size):
        there, here = x.copy(), x.copy()
        there[i] += step
        here[i] -= step
        high, low = (made.layer_sums(each[None])[-1][0] @ towards[0] for each in (there, here))
        assert slopes[i] == pytest.approx((high - low) / (2 * step), rel=1e-4, abs=1e-6)


def test_input_slopes_are_each_examples_own():
    made = network()
    x = np.array([image(1), image(2), image(3)])
    towards = np.eye(4)[:3]
    alone = [made.input_slopes(x[i : i + 1], towards[i : i + 1])[0] for i in range(3)]
    assert np.allclose(made.input_slopes(x, towards), alone, atol=1e-12)


@given(st.integers(0, 1000))
def test_integrated_gradients_add_up_to_the_answers_sum(seed):
    made, x = network(seed=seed), image(seed)
    answer = int(made.predict(x[None])[0].argmax())
    _, counted = attributions(made, x, answer)
    sums = made.layer_sums(np.array([x, np.zeros_like(x)]))[-1][:, answer]
    assert counted.sum() == pytest.approx(sums[0] - sums[1], abs=1e-3)


@given(st.integers(0, 200))
def test_a_flip_is_another_answer_to_an_image_near_by(seed):
    made, x = network("relu", np.float32, seed), image(seed, np.float32)
    flip = nearest_flip(made, x)
    if flip is None:
        return
    assert flip.answer == made.predict(flip.x[None])[0].argmax()
    assert flip.answer != made.predict(x[None])[0].argmax()
    assert 0 <= flip.x.min() <= flip.x.max() <= 1
    assert flip.distance == pytest.approx(np.linalg.norm(flip.x - x), rel=1e-5)


def test_most_answers_can_be_flipped():
    flips = [nearest_flip(network("relu", seed=seed), image(seed)) for seed in range(30)]
    assert sum(flip is not None for flip in flips) >= 20


def test_a_flip_of_two_straight_lines_is_the_shortest_there_is():
    made = Network((2, 2), [ACTIVATIONS["softmax"]()], LOSSES["cross_entropy"](), dtype=np.float64)
    made.W[0][:] = np.eye(2)  # the larger input wins, so the border is the diagonal
    flip = nearest_flip(made, np.array([0.7, 0.3]))
    assert flip.answer == 1
    assert flip.distance == pytest.approx(0.4 / np.sqrt(2), rel=0.03)


def test_what_no_input_changes_cannot_be_flipped():
    made = network()
    made.W[0][:] = 0
    assert nearest_flip(made, image()) is None


def test_layers_are_a_forward_pass():
    made, x = network("relu"), image()
    first, second, last = layers_of(made, x)
    z = x @ made.W[0] + made.b[0]
    assert np.allclose(first.z, z)
    assert np.allclose(first.a, np.maximum(z, 0))
    assert second.entered == np.count_nonzero(first.a)
    assert (first.inputs, second.inputs, last.inputs) == SIZES[:3]
    assert last.a.sum() == pytest.approx(1)


def test_the_nearest_examples_are_nearest(monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 7)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (40, 12), np.uint8)
    x = (images[23] / 255).astype(np.float32)
    split = Split(images, np.zeros(40, int))
    found = nearest_examples(x, split, np.arange(40))
    distances = np.linalg.norm(images / 255 - x, axis=1)
    assert [i for i, _ in found] == np.argsort(distances)[: module.NEAREST].tolist()
    assert found[0] == (23, pytest.approx(0, abs=1e-6))
    odd = nearest_examples(x, split, np.arange(1, 40, 2))
    assert [i for i, _ in odd] == [i for i in np.argsort(distances) if i % 2][: module.NEAREST]


def test_an_explanation_holds_it_all():
    made, x = network("relu", np.float32), image(0, np.float32)
    found = explain(made, x)
    assert found.answer == made.predict(x[None])[0].argmax()
    assert found.probabilities.sum() == pytest.approx(1, rel=1e-5)
    assert len(found.layers) == 3
    assert found.slopes.shape == found.counted.shape == (12,)
