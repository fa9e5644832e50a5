"""Each loss is its textbook formula on every output it allows, and stays finite on any logits."""

import math

import numpy as np
import pytest
import references
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import DTypeLike

from mlp_cli.nn import ACTIVATIONS, LOSSES, Loss, Network
from mlp_cli.nn.workspace import Answers

PAIRS = [(name, output) for name in LOSSES for output in LOSSES[name].outputs]
LOGITS = np.random.default_rng(0).normal(scale=2, size=(7, 4))
LABELS = np.array([0, 1, 2, 3, 0, 1, 4])  # the last is none of the four


def judge(
    loss: Loss, output: str, logits: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The outputs (B, K), their losses (B,) and ∂cost/∂z (B, K)."""
    answers, delta = Answers.allocate(*logits.shape, logits.dtype), np.full_like(logits, np.nan)
    answers.z[:], answers.target[:] = logits, loss.targets(logits.shape[1])[labels]
    loss.slope(ACTIVATIONS[output](), answers, delta)
    loss.each(ACTIVATIONS[output](), answers)
    return answers.y, answers.losses, delta


@pytest.mark.parametrize(("name", "output"), PAIRS)
@given(data=st.data())
@settings(max_examples=20)
def test_is_its_formula(name: str, output: str, data: st.DataObject) -> None:
    loss = data.draw(strategies.options(LOSSES[name]))
    y, losses, _ = judge(loss, output, LOGITS, LABELS)
    np.testing.assert_allclose(y, references.ACTIVATIONS[output](LOGITS), rtol=1e-12)
    expected = references.LOSSES[name, output](y, loss.targets(4)[LABELS])
    np.testing.assert_allclose(losses, expected, rtol=1e-10)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(("name", "output"), PAIRS)
def test_extreme_logits_stay_finite(name: str, output: str, dtype: DTypeLike) -> None:
    logits = np.array([[1e3, -1e3, 0], [-1e3, -1e3, -1e3], [1e3, 1e3, 1e3]], dtype)
    for labels in ([0, 0, 0], [1, 1, 1], [2, 2, 2]):
        for array in judge(LOSSES[name](), output, logits, np.array(labels)):
            assert array.dtype == dtype
            assert np.isfinite(array).all()


def test_a_sure_and_wrong_answer_costs_its_distance() -> None:
    logits = np.array([[1e3, -1e3, 0]], np.float32)
    _, (loss,), (delta,) = judge(LOSSES["cross_entropy"](), "softmax", logits, np.array([1]))
    assert loss == 2000
    assert delta.tolist() == [1, -1, 0]


def test_a_sure_and_right_answer_costs_nothing() -> None:
    logits = np.array([[1e3, -1e3, -1e3]], np.float32)
    for name, output in [("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid")]:
        _, losses, delta = judge(LOSSES[name](), output, logits, np.array([0]))
        assert losses.tolist() == [0]
        assert not delta.any()


@pytest.mark.parametrize("output", LOSSES["sse"].outputs)
def test_sse_is_mse_not_divided_by_the_batch(output: str) -> None:
    _, mse, mean_slope = judge(LOSSES["mse"](), output, LOGITS, LABELS)
    _, sse, slope = judge(LOSSES["sse"](), output, LOGITS, LABELS)
    np.testing.assert_array_equal(sse, mse)
    np.testing.assert_allclose(slope, len(LOGITS) * mean_slope, rtol=1e-14)


@given(smoothing=st.floats(0, 0.99))
def test_smoothed_targets_are_shares_of_one(smoothing: float) -> None:
    targets = LOSSES["cross_entropy"](label_smoothing=smoothing).targets(10)
    np.testing.assert_allclose(targets.sum(axis=1), 1)
    np.testing.assert_allclose(targets[:10][~np.eye(10, dtype=bool)], smoothing / 10, atol=1e-15)
    np.testing.assert_allclose(targets[10], 1 / 10)


def test_smoothing_draws_a_sure_answer_back() -> None:
    """With ε spread over K classes the best probability of the label is 1 − ε + ε/K."""
    best = 1 - 0.1 + 0.1 / 4
    logits = np.log([[best, *[(1 - best) / 3] * 3]])
    _, _, delta = judge(
        LOSSES["cross_entropy"](label_smoothing=0.1), "softmax", logits, np.array([0])
    )
    np.testing.assert_allclose(delta, 0, atol=1e-15)


@pytest.mark.parametrize(("name", "output"), PAIRS)
def test_a_network_takes_every_pair_that_makes_sense(name: str, output: str) -> None:
    net = Network([5, 3], [ACTIVATIONS[output]()], LOSSES[name]())
    assert net.output.name == output


@pytest.mark.parametrize(
    ("name", "output"), [(n, f) for n in LOSSES for f in ACTIVATIONS if (n, f) not in PAIRS]
)
def test_a_network_refuses_the_others_and_names_those(name: str, output: str) -> None:
    sense = " or ".join(LOSSES[name].outputs)
    with pytest.raises(ValueError, match=rf"^loss {name} .* {output} outputs, only on {sense}$"):
        Network([5, 3], [ACTIVATIONS[output]()], LOSSES[name]())


@pytest.mark.parametrize("smoothing", [0, 0.1])
def test_of_no_class_nothing_is_better_than_to_be_undecided(smoothing: float) -> None:
    loss = LOSSES["cross_entropy"](label_smoothing=smoothing)
    _, _, slopes = judge(loss, "softmax", np.array([[3.0] * 4, LOGITS[0]]), np.array([4, 4]))
    np.testing.assert_allclose(slopes[0], 0, atol=1e-15)
    assert np.abs(slopes[1]).max() > 0.01


@pytest.mark.parametrize(("name", "output"), PAIRS)
def test_of_no_class_a_small_step_towards_undecided_costs_less(name: str, output: str) -> None:
    z = np.array([[0.6, 0.0, 0.0, 0.0]])
    _, before, slopes = judge(LOSSES[name](), output, z, np.array([4]))
    _, after, _ = judge(LOSSES[name](), output, z - 1e-3 * slopes, np.array([4]))
    assert (after[0] < before[0]) == LOSSES[name].knows_none


def test_an_undecided_network_costs_ln_k() -> None:
    _, losses, _ = judge(LOSSES["cross_entropy"](), "softmax", np.zeros((1, 10)), np.array([3]))
    assert losses[0] == pytest.approx(math.log(10))
