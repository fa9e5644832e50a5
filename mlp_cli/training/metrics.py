"""How good a network is: everything that is measured from its probabilities and the true labels."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.integer]
Probabilities = NDArray[np.floating]
Confusion = NDArray[np.int64]

BINS = 15
Z95 = 1.959963984540054  # 95 % of a normal distribution lie within this many deviations


class Scores(NamedTuple):
    """Precision, recall and F1 as fractions, and the number of examples they speak of."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All measures of one set of examples; accuracies and errors are fractions."""

    classes: tuple[str, ...]
    examples: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    loss: float
    top2_accuracy: float
    calibration_error: float
    per_class: tuple[Scores, ...]
    macro: Scores
    confusion: Confusion

    def to_json(self) -> dict[str, object]:
        """The measures as plain lists, dictionaries and numbers."""
        named = zip(self.classes, self.per_class, strict=True)
        return {
            "examples": self.examples,
            "accuracy": self.accuracy,
            "accuracy_interval": list(self.accuracy_interval),
            "loss": self.loss,
            "top2_accuracy": self.top2_accuracy,
            "calibration_error": self.calibration_error,
            "macro": self.macro._asdict(),
            "per_class": [{"class": name, **scores._asdict()} for name, scores in named],
            "confusion": self.confusion.tolist(),
        }


def evaluate(
    judged: Iterable[tuple[Labels, Probabilities]], classes: Sequence[str], loss: float
) -> Evaluation:
    """Measure predictions against the truth; the prediction is the most probable class.

    Args:
        judged: some examples after others, at least one in all: their true classes (N,), counted
            from 0, and probabilities (N, K), each in [0, 1].
        classes: the K names.
        loss: the mean loss of these examples.
    """
    confusion = np.zeros((len(classes), len(classes)), np.int64)
    second, bins = 0, np.zeros((3, BINS))
    for labels, probabilities in judged:
        confusion += confusion_matrix(labels, probabilities.argmax(axis=1), len(classes))
        second += among_the_best(labels, probabilities, 2)
        bins += _binned(labels, probabilities)
    examples, correct = int(confusion.sum()), int(confusion.trace())
    per_class = class_scores(confusion)
    return Evaluation(
        classes=tuple(classes),
        examples=examples,
        accuracy=correct / examples,
        accuracy_interval=wilson_interval(correct, examples),
        loss=loss,
        top2_accuracy=second / examples,
        calibration_error=calibration_error(_bins(bins)),
        per_class=per_class,
        macro=macro_average(per_class),
        confusion=confusion,
    )


def wilson_interval(correct: int, examples: int) -> tuple[float, float]:
    """The 95 % interval of an accuracy p over N examples (Wilson 1927).

    (p + z²/2N ± z √(p(1 − p)/N + z²/4N²)) / (1 + z²/N), with z = 1.96; it stays inside [0, 1].
    """
    p, spread = correct / examples, Z95**2 / examples
    middle = p + spread / 2
    half = math.sqrt(p * (1 - p) * spread + spread**2 / 4)
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


def confusion_matrix(labels: Labels, predictions: Labels, classes: int) -> Confusion:
    """Count (truth, prediction) pairs: (K, K), a row for each true class."""
    pairs = labels.astype(np.int64) * classes + predictions
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def class_scores(confusion: Confusion) -> tuple[Scores, ...]:
    """Precision, recall and F1 = 2 · hits / (predicted + true) of each class.

    A ratio over nothing counts as 0: the precision of a class that is never predicted, the
    recall of one that has no examples.
    """
    hits, predicted, true = np.diag(confusion), confusion.sum(axis=0), confusion.sum(axis=1)
    return tuple(
        Scores(
            precision=hit / max(guessed, 1),
            recall=hit / max(support, 1),
            f1=2 * hit / max(guessed + support, 1),
            support=support,
        )
        for hit, guessed, support in zip(
            hits.tolist(), predicted.tolist(), true.tolist(), strict=True
        )
    )


def macro_average(per_class: Sequence[Scores]) -> Scores:
    """The plain mean over the classes that have examples, each with the same weight."""
    present = [scores for scores in per_class if scores.support]
    return Scores(
        precision=math.fsum(scores.precision for scores in present) / len(present),
        recall=math.fsum(scores.recall for scores in present) / len(present),
        f1=math.fsum(scores.f1 for scores in present) / len(present),
        support=sum(scores.support for scores in present),
    )


def among_the_best(labels: Labels, probabilities: Probabilities, k: int) -> int:
    """How many examples have their true class among the k most probable."""
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :k]  # (N, k)
    return int((best == labels[:, None]).any(axis=1).sum())


class Bin(NamedTuple):
    """Examples answered with about the same confidence."""

    confidence: float  # their mean
    accuracy: float
    examples: int


def reliability(labels: Labels, probabilities: Probabilities) -> list[Bin]:
    """The examples in 15 bins of equal width by confidence, the empty ones left out.

    Confidence is the probability of the predicted class; a bin is open below: (i/15, (i + 1)/15].
    """
    return _bins(_binned(labels, probabilities))


def _binned(labels: Labels, probabilities: Probabilities) -> NDArray[np.float64]:
    """For each bin the sum of confidence, the right answers and the examples: (3, BINS)."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    correct = probabilities.argmax(axis=1) == labels
    bins = np.maximum(np.ceil(confidence * BINS).astype(np.intp) - 1, 0)
    return np.array([np.bincount(bins, values, BINS) for values in (confidence, correct, None)])


def _bins(sums: NDArray[np.float64]) -> list[Bin]:
    return [Bin(sure / n, right / n, int(n)) for sure, right, n in sums.T.tolist() if n]


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error (Guo et al. 2017).

    Σ over bins of (examples in it / N) · |its accuracy − its mean confidence|.
    """
    examples = sum(each.examples for each in bins)
    return sum(n * abs(accuracy - sure) for sure, accuracy, n in bins) / examples


def accuracy_of_the_surest(labels: Labels, probabilities: Probabilities) -> NDArray[np.float64]:
    """The accuracy on the 1, 2, … N examples answered with the most confidence: (N,)."""
    surest = np.argsort(-probabilities.max(axis=1), kind="stable")
    correct = probabilities.argmax(axis=1)[surest] == labels[surest]
    return np.cumsum(correct) / np.arange(1, len(labels) + 1)
