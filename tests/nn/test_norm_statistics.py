"""A network learns by the statistics of a batch, keeps running ones, and predicts by these."""

import numpy as np
import pytest
import references
import strategies
from hypothesis import given
from hypothesis import strategies as st
from networks import batch, network

from mlp_cli.nn import NORMALIZERS, Network, Normalizer

NAMES = list(NORMALIZERS)
KEEPING = [name for name in NAMES if NORMALIZERS[name]().statistics(1).size]


def trained(name: str, **kwargs: object) -> Network:
    """A network whose biases are not 0, and which keeps statistics of some batches."""
    net = network(6, 5, 4, 3, norm=NORMALIZERS[name](), **kwargs)
    net.theta += 0.1
    for size in (8, 5, 12):
        net.learn(*batch(size))
    return net


def hidden_sums(net: Network, x: np.ndarray, kept: list[tuple[np.ndarray, ...]]) -> np.ndarray:
    """The second layer's sums by the textbook, where the first is tanh."""
    z = references.normalised(net.norm, x @ net.W[0], kept[0])
    return np.tanh(z + net.b[0]) @ net.W[1]


def outputs(net: Network, x: np.ndarray, kept: list[tuple[np.ndarray, ...]]) -> np.ndarray:
    """The answers by the textbook: tanh of two normalised layers, and a softmax of plain sums."""
    z = references.normalised(net.norm, hidden_sums(net, x, kept), kept[1])
    return references.softmax(np.tanh(z + net.b[1]) @ net.W[2] + net.b[2])


@pytest.mark.parametrize("name", NAMES)
def test_learns_from_hidden_sums_normalised_before_their_biases(name: str) -> None:
    net, (x, labels) = trained(name, hidden="tanh"), batch(8)
    y = outputs(net, x, [(), ()])
    loss = -np.log(y[np.arange(8), labels]).sum()
    right = np.count_nonzero(y.argmax(axis=1) == labels)
    assert net.learn(x, labels) == (pytest.approx(loss, rel=1e-12), right)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data(), sizes=st.lists(st.integers(2, 9), min_size=1, max_size=5))
def test_keeps_running_statistics_and_predicts_by_them(
    name: str, data: st.DataObject, sizes: list[int]
) -> None:
    norm = data.draw(strategies.options(NORMALIZERS[name]))
    net = network(6, 5, 4, 3, hidden="tanh", norm=norm)
    seen = [batch(size) for size in sizes]
    for x, labels in seen:
        net.learn(x, labels)
    first = references.running(norm, [x @ net.W[0] for x, _ in seen])
    second = references.running(norm, [hidden_sums(net, x, [()]) for x, _ in seen])
    expected = np.concatenate([np.empty(0), *first, *second])
    np.testing.assert_allclose(net.kept, expected, rtol=1e-9, atol=1e-12)
    x, _ = batch(7)
    np.testing.assert_allclose(net.predict(x), outputs(net, x, [first, second]), rtol=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_prediction_changes_no_statistics_and_knows_no_batch(name: str) -> None:
    net, (x, labels) = trained(name), batch(8)
    kept = net.kept.tobytes()
    together = net.predict(x).copy()
    net.score(x, labels), net.layer_outputs(x), net.probabilities(x)
    apart = [net.predict(x[i : i + 1])[0].copy() for i in range(len(x))]
    np.testing.assert_allclose(apart, together, rtol=1e-12)
    assert net.kept.tobytes() == kept


@pytest.mark.parametrize("name", NAMES)
def test_one_example_has_no_statistics_to_keep(name: str) -> None:
    net = trained(name)
    kept = net.kept.copy()
    assert np.isfinite(net.learn(*batch(1))[0])
    assert np.isfinite(net.grad).all()
    np.testing.assert_array_equal(net.kept, kept)


@pytest.mark.parametrize("hidden", ["relu", "prelu"])
@pytest.mark.parametrize("name", KEEPING)
def test_folded_predicts_the_same_without_a_norm(name: str, hidden: str) -> None:
    net, (x, labels) = trained(name, hidden=hidden, dropout=(0.2, 0.5, 0.5)), batch(8)
    theta = net.theta.copy()
    folded = net.folded()
    assert folded.norm is None
    np.testing.assert_allclose(folded.predict(x), net.predict(x), rtol=1e-12)
    assert folded.score(x, labels) == pytest.approx(net.score(x, labels), rel=1e-12)
    folded.theta[:] = 0
    np.testing.assert_array_equal(net.theta, theta)


@pytest.mark.parametrize("norm", [None, *(NORMALIZERS[n]() for n in NAMES if n not in KEEPING)])
def test_what_cannot_be_folded_stays_as_it_is(norm: Normalizer | None) -> None:
    net = network(6, 5, 3, norm=norm)
    assert net.folded() is net


@pytest.mark.parametrize("name", NAMES)
def test_theta_and_the_vector_of_statistics_are_all_that_prediction_needs(name: str) -> None:
    net, other, (x, _) = trained(name), network(6, 5, 4, 3, norm=NORMALIZERS[name]()), batch(8)
    other.theta[:], other.kept[:] = net.theta, net.kept
    np.testing.assert_array_equal(other.predict(x), net.predict(x))
