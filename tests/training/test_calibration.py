"""The temperature is the one that explains new labels best, and for a few no extreme one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.data.split import Split
from mlp_cli.nn import ACTIVATIONS, LOSSES, Network
from mlp_cli.training.calibration import FURTHEST, fit_temperature

K = 5


def network(scale):
    """Its sums are its inputs, each times ``scale``."""
    net = Network([K, K], [ACTIVATIONS["softmax"]()], LOSSES["cross_entropy"]())
    net.W[0][:] = scale * np.eye(K)
    return net


def probabilities(net, split):
    return net.probabilities((split.images / 255).astype(np.float32)).astype(float)


def drawn(scale, n, seed=0):
    """Images, and labels as likely as the softmax of ``scale`` times the pixels says."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (n, K), np.uint8)
    shares = np.exp(scale * images / 255)
    shares /= shares.sum(axis=1, keepdims=True)
    labels = (rng.random((n, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    return Split(images, np.minimum(labels, K - 1))


@pytest.mark.parametrize("too_sure", [0.25, 0.8, 1.0, 3.0])
def test_a_network_so_many_times_too_sure_has_that_temperature(too_sure):
    split = drawn(8.0, 40_000)
    found = fit_temperature(network(8.0 * too_sure), split, np.arange(len(split)))
    assert found == pytest.approx(too_sure, rel=0.03)


@given(st.floats(0.3, 30), st.integers(1, 40), st.integers(0, 1000))
def test_none_near_it_is_better(scale, n, seed):
    split, net = drawn(4.0, n, seed), network(scale)
    rows = np.arange(n)

    def badness(temperature):
        net.temperature = temperature
        right = probabilities(net, split)[rows, split.labels]
        return -np.log(np.maximum(right, 1e-300)).sum() + np.log(temperature) ** 2 / 2

    found = fit_temperature(net, split, rows)
    best = badness(found)
    assert all(best <= badness(found * factor) + 1e-3 for factor in (0.9, 1.1))


def test_a_few_examples_all_right_do_not_make_it_certain_of_everything():
    images = np.eye(K, dtype=np.uint8) * 255
    found = fit_temperature(network(3.0), Split(images, np.arange(K)), np.arange(K))
    assert 0.2 < found < 1


def test_certainty_in_what_is_wrong_has_a_limit():
    images = np.eye(K, dtype=np.uint8) * 255
    wrong = Split(np.tile(images, (50, 1)), np.tile(np.roll(np.arange(K), 1), 50))
    found = fit_temperature(network(1000.0), wrong, np.arange(len(wrong)))
    assert found == pytest.approx(np.exp(FURTHEST), rel=1e-6)


def test_only_the_rows_asked_for_count():
    sure, rest = drawn(8.0, 300), drawn(0.0, 300, 1)
    both = Split(
        np.concatenate([sure.images, rest.images]), np.concatenate([sure.labels, rest.labels])
    )
    net = network(8.0)
    assert fit_temperature(net, both, np.arange(300)) == pytest.approx(
        fit_temperature(net, sure, np.arange(300))
    )
