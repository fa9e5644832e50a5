"""The kernel: one vector of parameters, buffers made once, and the textbook's answers from both."""

import numpy as np
import pytest
import references
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from networks import batch, network

from mlp_cli.nn import ACTIVATIONS, INITIALIZERS, LOSSES, NORMALIZERS, OPTIMIZERS, Descent, Network
from mlp_cli.nn.parameters import count_parameters
from mlp_cli.randomness import stream

Digits = tuple[np.ndarray, np.ndarray]


def test_theta_is_all_weights_then_all_biases_then_what_activations_learn() -> None:
    net = network(6, 5, 4, 3, hidden="prelu")
    net.theta[:] = np.arange(net.theta.size)
    views = [*net.W, *net.b, *net.p]
    np.testing.assert_array_equal(np.concatenate([v.ravel() for v in views]), net.theta)
    assert [W.shape for W in net.W] == [(6, 5), (5, 4), (4, 3)]
    assert [b.shape for b in net.b] == [(5,), (4,), (3,)]
    assert [p.shape for p in net.p] == [(5,), (4,), (0,)]
    assert net.n_weights == 30 + 20 + 12
    assert net.theta.size == count_parameters((6, 5, 4, 3), (5, 4, 0)) == 62 + 12 + 9


def test_views_stay_tied_to_theta_while_it_learns() -> None:
    net = network(6, 5, 3, hidden="prelu")
    descent = Descent(OPTIMIZERS["adam"](), net.theta, net.n_weights)
    for t in range(1, 4):
        net.learn(*batch(8))
        slopes = [*net.dW, *net.db, *net.dp]
        np.testing.assert_array_equal(np.concatenate([v.ravel() for v in slopes]), net.grad)
        descent.step(net.grad, 0.1, t)
    views = [*net.W, *net.b, *net.p]
    np.testing.assert_array_equal(np.concatenate([v.ravel() for v in views]), net.theta)


def test_lives_in_buffers_from_outside() -> None:
    own = network(6, 5, 3)
    own.learn(*batch(8))
    theta, grad = np.full((2, own.theta.size), np.nan)
    net = network(6, 5, 3, theta=theta, grad=grad)
    net.learn(*batch(8))
    np.testing.assert_array_equal(theta, own.theta)
    np.testing.assert_array_equal(grad, own.grad)


def test_initialize_leaves_biases_at_zero() -> None:
    net = network(6, 5, 3)
    net.theta[:] = 1
    net.initialize([INITIALIZERS["glorot"]()] * 2, stream(0, "init"))
    assert not any(b.any() for b in net.b)
    assert all((W != 1).all() for W in net.W)


def test_what_activations_learn_starts_where_they_say() -> None:
    net = network(6, 5, 4, 3, hidden="prelu")
    assert [p.tolist() for p in net.p] == [[0.25] * 5, [0.25] * 4, []]
    net.theta[:] = 7
    net.initialize([INITIALIZERS["he"]()] * 3, stream(0, "init"))
    assert [p.tolist() for p in net.p] == [[0.25] * 5, [0.25] * 4, []]


def test_a_theta_from_outside_is_left_as_it_is() -> None:
    net = network(6, 5, 3, hidden="prelu")
    net.theta[:] = 7
    assert (Network(net.sizes, net.activations, net.loss, theta=net.theta).theta == 7).all()


def test_predicts_by_the_textbook() -> None:
    net = network(6, 5, 4, 3, hidden="tanh")
    net.theta += 0.1  # biases are no longer 0
    x, labels = batch(8)
    y = references.softmax(
        np.tanh(np.tanh(x @ net.W[0] + net.b[0]) @ net.W[1] + net.b[1]) @ net.W[2] + net.b[2]
    )
    np.testing.assert_allclose(net.predict(x), y, rtol=1e-13)
    expected = -np.log(y[np.arange(8), labels]).sum(), np.count_nonzero(y.argmax(1) == labels)
    assert net.score(x, labels) == pytest.approx(expected, rel=1e-13)
    assert net.learn(x, labels) == net.score(x, labels)


def test_layer_outputs_are_the_textbooks_activations() -> None:
    net, (x, _) = network(6, 5, 4, 3, hidden="tanh"), batch(8)
    first, second, last = net.layer_outputs(x)
    np.testing.assert_allclose(first, np.tanh(x @ net.W[0]), rtol=1e-12)
    np.testing.assert_allclose(second, np.tanh(first @ net.W[1]), rtol=1e-12)
    np.testing.assert_allclose(last, references.softmax(second @ net.W[2]), rtol=1e-12)


@pytest.mark.parametrize("output", LOSSES["mse"].outputs)
def test_probabilities_add_up_to_one_and_rank_as_the_outputs_do(output: str) -> None:
    net, (x, _) = network(6, 5, 3, output=output, loss="mse"), batch(32)
    outputs, shares = net.predict(x).copy(), net.probabilities(x)
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    np.testing.assert_array_equal(shares.argsort(axis=1), outputs.argsort(axis=1))


def test_probabilities_of_softmax_sigmoid_and_identity_outputs() -> None:
    x, _ = batch(8)
    z = network(6, 3, output="identity", loss="mse").predict(x)
    yes = references.sigmoid(z)
    for output, shares in [
        ("identity", references.softmax(z)),
        ("softmax", references.softmax(z)),
        ("sigmoid", yes / yes.sum(axis=1, keepdims=True)),
    ]:
        net = network(6, 3, output=output, loss="mse")
        np.testing.assert_allclose(net.probabilities(x), shares, rtol=1e-12)


@pytest.mark.parametrize("temperature", [0.4, 1.0, 2.5])
@pytest.mark.parametrize("output", LOSSES["mse"].outputs)
def test_a_temperature_is_a_root_of_the_probabilities_and_of_nothing_else(
    output: str, temperature: float
) -> None:
    norm = NORMALIZERS["batch"]()
    net, (x, _) = network(6, 5, 3, output=output, loss="mse", norm=norm), batch(32)
    outputs, shares = net.predict(x).copy(), net.probabilities(x)
    net.temperature = temperature
    roots = shares ** (1 / temperature)
    expected = roots / roots.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(net.probabilities(x), expected, rtol=1e-9)
    np.testing.assert_allclose(net.folded().probabilities(x), expected, rtol=1e-9)
    np.testing.assert_array_equal(net.predict(x), outputs)


@pytest.mark.parametrize("z", [-1e4, -50, 50, 1e4])
@pytest.mark.parametrize("output", LOSSES["mse"].outputs)
def test_equal_outputs_are_equal_probabilities_however_extreme(output: str, z: float) -> None:
    net = network(6, 4, output=output, loss="mse", dtype=np.float32)
    net.W[0][:], net.b[0][:] = 0, z
    shares = net.probabilities(batch(5, dtype=np.float32)[0])
    assert shares.dtype == np.float32
    np.testing.assert_array_equal(shares, np.full((5, 4), 0.25))


@pytest.mark.parametrize("output", LOSSES["mse"].outputs)
@given(z=arrays(np.float32, 4, elements=st.floats(-(2**14), 2**14, width=32)))
def test_probabilities_of_any_outputs_are_shares_that_rise_with_them(
    output: str, z: np.ndarray
) -> None:
    net = network(6, 4, output=output, loss="mse", dtype=np.float32)
    net.W[0][:], net.b[0][:] = 0, z
    (shares,) = net.probabilities(batch(1, dtype=np.float32)[0])
    assert shares.sum() == pytest.approx(1, rel=1e-6)
    assert (np.diff(shares[z.argsort()]) >= 0).all()


def test_permuting_a_batch_changes_nothing() -> None:
    net, (x, labels) = network(6, 5, 4, 3), batch(64)
    total, right = net.learn(x, labels)
    slopes = net.grad.copy()
    order = np.random.default_rng(2).permutation(64)
    assert net.learn(x[order], labels[order]) == (pytest.approx(total, rel=1e-14), right)
    np.testing.assert_allclose(net.grad, slopes, rtol=0, atol=1e-15)


def test_dropout_is_off_unless_numbers_are_given() -> None:
    plain, dropped = network(6, 5, 3), network(6, 5, 3, dropout=(0.2, 0.5))
    x, labels = batch(16)
    np.testing.assert_array_equal(dropped.predict(x), plain.predict(x))
    assert dropped.score(x, labels) == plain.score(x, labels)
    assert dropped.learn(x, labels) == plain.learn(x, labels)
    np.testing.assert_array_equal(dropped.grad, plain.grad)
    assert dropped.learn(x, labels, stream(0, "dropout")) != plain.learn(x, labels)


def test_a_dropped_input_teaches_its_weights_nothing() -> None:
    net = network(6, 5, 3, hidden="tanh", dropout=(0.5, 0))
    x, labels = batch(1)
    net.learn(x, labels, stream(0, "dropout"))
    taught = net.dW[0].any(axis=1)
    assert 0 < np.count_nonzero(taught) < 6


@pytest.mark.parametrize("hidden", list(ACTIVATIONS))
def test_float32_stays_float32_and_close_to_float64(hidden: str) -> None:
    x, labels = batch(16)
    wide = network(6, 5, 4, 3, hidden=hidden)
    narrow = network(6, 5, 4, 3, hidden=hidden, dtype=np.float32)
    wide.learn(x, labels)
    narrow.learn(x.astype(np.float32), labels)
    outputs = narrow.predict(x.astype(np.float32))
    assert {a.dtype for a in (narrow.theta, narrow.grad, outputs)} == {np.dtype(np.float32)}
    np.testing.assert_allclose(narrow.grad, wide.grad, rtol=1e-4, atol=1e-6)


def test_the_first_loss_is_near_ln_10(digits: Digits) -> None:
    images, labels = digits
    total, _ = network(784, 128, 64, 10).score(images, labels)
    assert total / len(labels) == pytest.approx(np.log(10), abs=0.2)


def test_32_digits_are_learned_by_heart(digits: Digits) -> None:
    images, labels = digits[0][:32].astype(np.float32), digits[1][:32]
    net = network(784, 32, 16, 10, dtype=np.float32)
    descent = Descent(OPTIMIZERS["adam"](), net.theta, net.n_weights)
    for t in range(1, 201):
        net.learn(images, labels)
        descent.step(net.grad, 0.005, t)
    total, right = net.score(images, labels)
    assert right == 32
    assert total / 32 < 0.01


def test_batches_learned_from_in_one_call_are_those_of_many() -> None:
    one, many = network(6, 5, 3), network(6, 5, 3)
    x, labels = batch(8)

    def step(net: Network) -> None:
        net.theta -= 0.1 * net.grad

    together = one.learn(x, labels, batch_size=3, descend=lambda: step(one))
    each = []
    for rows in (slice(0, 3), slice(3, 6), slice(6, 8)):
        each.append(many.learn(x[rows], labels[rows]))
        step(many)
    np.testing.assert_allclose(together, np.sum(each, axis=0), rtol=1e-12)
    np.testing.assert_allclose(one.theta, many.theta, rtol=1e-12)


def test_what_is_not_asked_for_draws_nothing() -> None:
    plain, drawn = network(6, 5, 3), network(6, 5, 3)
    assert plain.learn(*batch(8)) == drawn.learn(*batch(8), rng=stream(0, "dropout"))
    np.testing.assert_array_equal(plain.grad, drawn.grad)


def test_probabilities_of_one_input_do_not_depend_on_how_large_others_are() -> None:
    net = network(6, 3)
    x, _ = batch(2)
    x[1] *= 1e6
    alone = net.probabilities(x[:1]).copy()
    np.testing.assert_allclose(net.probabilities(x)[:1], alone, rtol=1e-12)
