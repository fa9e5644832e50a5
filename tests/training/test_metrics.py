import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.training.metrics import (
    accuracy_of_the_surest,
    among_the_best,
    calibration_error,
    class_scores,
    confusion_matrix,
    evaluate,
    macro_average,
    reliability,
    wilson_interval,
)


@st.composite
def judged(draw):
    """Labels (N,), probabilities (N, K) that sum to 1, and K."""
    seed, examples, classes = draw(
        st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(2, 12))
    )
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.full(classes, 0.3), examples).astype(np.float32)
    return rng.integers(0, classes, examples), probabilities, classes


@pytest.mark.parametrize(
    ("correct", "examples", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval_is_that_of_newcombe_1998(correct, examples, low, high):
    assert wilson_interval(correct, examples) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_holds_the_accuracy(counts):
    correct, examples = counts
    low, high = wilson_interval(correct, examples)
    assert 0 <= low <= high <= 1
    assert low - 1e-12 <= correct / examples <= high + 1e-12
    assert (1 - high, 1 - low) == pytest.approx(wilson_interval(examples - correct, examples))


def test_confusion_has_a_row_for_each_true_class():
    labels, predictions = np.array([0, 0, 0, 2], np.uint8), np.array([0, 1, 1, 0])
    assert confusion_matrix(labels, predictions, 3).tolist() == [[1, 2, 0], [0, 0, 0], [1, 0, 0]]


def test_labels_of_one_byte_do_not_overflow():
    labels = np.full(5, 199, np.uint8)
    assert confusion_matrix(labels, labels.astype(int), 200)[199, 199] == 5


def test_class_scores():
    scores = class_scores(np.array([[3, 1], [2, 4]]))
    assert scores[0] == pytest.approx((3 / 5, 3 / 4, 6 / 9, 4))
    assert scores[1] == pytest.approx((4 / 5, 4 / 6, 8 / 11, 6))


def test_ratios_over_nothing_are_0_and_absent_classes_are_left_out_of_the_mean():
    scores = class_scores(np.array([[2, 0, 1], [2, 0, 0], [0, 0, 0]]))
    assert scores[1] == (0, 0, 0, 2)
    assert scores[2] == (0, 0, 0, 0)
    assert macro_average(scores) == pytest.approx((1 / 4, 1 / 3, 2 / 7, 5))


def test_the_k_most_probable_are_looked_at():
    probabilities = np.array([[0.5, 0.3, 0.2], [0.2, 0.5, 0.3], [0.1, 0.2, 0.7], [0.6, 0.4, 0.0]])
    labels = np.array([0, 2, 0, 2])
    assert [among_the_best(labels, probabilities, k) for k in (1, 2, 3)] == [1, 2, 4]


def test_calibration_error_by_hand():
    probabilities = np.array([[0.9, 0.1], [0.92, 0.08], [0.3, 0.7], [0.62, 0.38]])
    labels = np.array([0, 1, 1, 0])
    # 0.9 (right) and 0.92 (wrong) share the bin (13/15, 14/15]; 0.7 and 0.62 are right and alone.
    together = abs(1 - 0.9 - 0.92) / 4
    assert calibration_error(reliability(labels, probabilities)) == pytest.approx(
        together + abs(1 - 0.7) / 4 + abs(1 - 0.62) / 4
    )


def test_certainty_shares_the_last_bin():
    probabilities = np.array([[0.95, 0.05], [1.0, 0.0]])
    assert calibration_error(reliability(np.array([0, 1]), probabilities)) == pytest.approx(
        0.95 / 2
    )


def test_certain_and_right_is_perfectly_calibrated():
    labels = np.arange(10)
    assert calibration_error(reliability(labels, np.eye(10, dtype=np.float32))) == 0
    assert calibration_error(reliability((labels + 1) % 10, np.eye(10))) == 1


@given(judged())
def test_evaluation_agrees_with_counting_one_by_one(case):
    labels, probabilities, K = case
    evaluation = evaluate([(labels, probabilities)], [f"class {k}" for k in range(K)], 0.5)

    confusion, hits, second, bins = np.zeros((K, K), int), 0, 0, {}
    for label, row in zip(labels, probabilities, strict=True):
        ranked = sorted(range(K), key=lambda k: -row[k])
        confusion[label, ranked[0]] += 1
        hits += ranked[0] == label
        second += label in ranked[:2]
        bins.setdefault(int(np.ceil(np.float64(row[ranked[0]]) * 15)), []).append(
            (ranked[0] == label) - float(row[ranked[0]])
        )
    error = sum(abs(sum(gaps)) for gaps in bins.values()) / len(labels)

    assert evaluation.confusion.tolist() == confusion.tolist()
    assert evaluation.examples == len(labels)
    assert evaluation.accuracy == hits / len(labels)
    assert evaluation.top2_accuracy == pytest.approx(second / len(labels))
    assert evaluation.calibration_error == pytest.approx(error, abs=1e-9)
    assert sum(scores.support for scores in evaluation.per_class) == len(labels)
    weighted = sum(scores.recall * scores.support for scores in evaluation.per_class)
    assert weighted / len(labels) == pytest.approx(evaluation.accuracy)


@given(judged())
def test_bins_hold_every_example_once_between_their_limits(case):
    labels, probabilities, _ = case
    bins = reliability(labels, probabilities)
    assert sum(each.examples for each in bins) == len(labels)
    hits = sum(each.accuracy * each.examples for each in bins)
    assert hits == pytest.approx(np.sum(probabilities.argmax(axis=1) == labels))
    sure = sum(each.confidence * each.examples for each in bins)
    assert sure == pytest.approx(probabilities.max(axis=1).sum(dtype=float))
    assert [each.confidence for each in bins] == sorted(each.confidence for each in bins)


@given(judged())
def test_the_surest_are_counted_one_after_the_other(case):
    labels, probabilities, _ = case
    found = accuracy_of_the_surest(labels, probabilities)
    order = sorted(range(len(labels)), key=lambda i: -probabilities[i].max())
    right = [probabilities[i].argmax() == labels[i] for i in order]
    expected = [np.mean(right[: n + 1]) for n in range(len(labels))]
    assert found == pytest.approx(expected)


@given(judged())
def test_permuting_the_examples_changes_nothing(case):
    labels, probabilities, K = case
    order = np.random.default_rng(0).permutation(len(labels))
    names = [str(k) for k in range(K)]
    before = evaluate([(labels, probabilities)], names, 1.0).to_json()
    after = evaluate([(labels[order], probabilities[order])], names, 1.0).to_json()
    assert after.pop("calibration_error") == pytest.approx(before.pop("calibration_error"))
    assert after == before


@given(judged(), st.integers(1, 60))
def test_some_after_others_are_measured_as_all_at_once(case, at_once):
    labels, probabilities, K = case
    names = [str(k) for k in range(K)]
    whole = evaluate([(labels, probabilities)], names, 1.0).to_json()
    starts = range(0, len(labels), at_once)
    pieces = ((labels[i : i + at_once], probabilities[i : i + at_once]) for i in starts)
    found = evaluate(pieces, names, 1.0).to_json()
    assert found.pop("calibration_error") == pytest.approx(whole.pop("calibration_error"))
    assert found == whole


@given(judged())
def test_json_is_strict_and_whole(case):
    labels, probabilities, K = case
    evaluation = evaluate([(labels, probabilities)], [str(k) for k in range(K)], 0.25)
    told = json.loads(json.dumps(evaluation.to_json(), allow_nan=False))
    assert told["loss"] == 0.25
    assert told["accuracy_interval"] == list(evaluation.accuracy_interval)
    assert [entry["class"] for entry in told["per_class"]] == [str(k) for k in range(K)]
    assert set(told["per_class"][0]) == {"class", "precision", "recall", "f1", "support"}
    assert told["macro"]["support"] == told["examples"] == len(labels)
    assert np.array(told["confusion"]).sum() == len(labels)
