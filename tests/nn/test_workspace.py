"""Buffers are made once: any batch fits the largest, and a step allocates nothing that grows."""

import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import batch, network

from mlp_cli.nn import ACTIVATIONS, NORMALIZERS, OPTIMIZERS, Descent, Network, Normalizer
from mlp_cli.nn.workspace import Answers, Workspace
from mlp_cli.randomness import stream

LARGE = (16_384, 32_768)  # batches that NumPy's own small buffers do not hold
NORMS = [None, *(NORMALIZERS[name]() for name in NORMALIZERS)]

norms = pytest.mark.parametrize("norm", NORMS, ids=lambda norm: norm.name if norm else "no norm")


@norms
@given(sizes=st.lists(st.integers(1, 40), min_size=2, max_size=6))
@settings(max_examples=50)
def test_any_order_of_batch_sizes_is_as_good_as_a_fresh_network(
    norm: Normalizer | None, sizes: list[int]
) -> None:
    """The short last batch of an epoch works in the first rows of the buffers."""

    def build() -> Network:
        return network(6, 5, 3, hidden="swish", dropout=(0.2, 0.5), noise=(0.1, 0.3), norm=norm)

    net = build()
    for size in sizes:
        fresh = build()
        fresh.kept[:] = net.kept
        results = [n.learn(*batch(size), stream(0, "dropout")) for n in (net, fresh)]
        assert results[0] == results[1]
        np.testing.assert_array_equal(net.grad, fresh.grad)
        np.testing.assert_array_equal(net.predict(batch(size)[0]), fresh.predict(batch(size)[0]))


@norms
@pytest.mark.parametrize("noise", [None, (0.1, 0.3, 0.3)], ids=["still", "noise"])
@pytest.mark.parametrize("dropout", [None, (0.2, 0.5, 0.5)], ids=["plain", "dropout"])
def test_learning_allocates_nothing_that_grows_with_the_batch(
    dropout: Sequence[float] | None, noise: Sequence[float] | None, norm: Normalizer | None
) -> None:
    peaks = []
    for size in LARGE:
        net = network(6, 5, 4, 3, dtype=np.float32, dropout=dropout, noise=noise, norm=norm)
        x, labels = batch(size, dtype=np.float32)
        for t in (1, 2):
            tracemalloc.start()
            net.learn(x, labels, stream(0, "dropout", step=t))
            net.learn(x, labels, stream(0, "dropout", step=t), size // 4)
            net.score(x, labels)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        peaks.append(peak)  # of the second step: the first makes the buffers
    assert peaks[1] - peaks[0] < LARGE[1] - LARGE[0]  # under a byte for each further example


@pytest.mark.parametrize("dropout", [None, (0.2, 0.5, 0.5)], ids=["plain", "dropout"])
@pytest.mark.parametrize("optimizer", list(OPTIMIZERS))
def test_a_step_allocates_nothing_that_grows_with_the_batch(
    optimizer: str, dropout: Sequence[float] | None
) -> None:
    peaks = []
    for size in LARGE:
        net = network(6, 5, 4, 3, dtype=np.float32, dropout=dropout)
        descent = Descent(OPTIMIZERS[optimizer](), net.theta, net.n_weights)
        x, labels = batch(size, dtype=np.float32)
        for t in (1, 2):
            tracemalloc.start()
            net.learn(x, labels, stream(0, "dropout", step=t))
            net.learn(x, labels, stream(0, "dropout", step=t), size // 4)
            descent.step(net.grad, 0.01, t)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        peaks.append(peak)  # of the second step: the first makes the buffers
    assert peaks[1] - peaks[0] < LARGE[1] - LARGE[0]  # under a byte for each further example


@norms
@pytest.mark.parametrize("noise", [(0, 0), (0.1, 0.3)], ids=["still", "noise"])
@pytest.mark.parametrize("hidden", ["relu", "elu"], ids=["in place", "apart"])
@pytest.mark.parametrize("dropout", [(0, 0), (0.2, 0.5)], ids=["plain", "dropout"])
def test_states_the_memory_that_it_takes(
    hidden: str, dropout: tuple[float, float], noise: tuple[float, float], norm: Normalizer | None
) -> None:
    buffers = (ACTIVATIONS[hidden](), ACTIVATIONS["softmax"]()), dropout, noise, norm, np.float32
    tracemalloc.start()
    workspace = Workspace.allocate(1000, (60, 50, 10), *buffers)
    answers = Answers.allocate(1000, 10, np.float32)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    stated = workspace.nbytes + answers.nbytes
    assert stated == pytest.approx(taken, abs=10_000)  # lists and array headers
