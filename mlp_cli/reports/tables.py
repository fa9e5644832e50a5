"""What was measured, as text for a terminal: aligned columns, no colour."""

import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlp_cli.training.metrics import Evaluation, Scores

Confusion = NDArray[np.int64]

WIDTH = 80
NAME_WIDTH = 12  # of the class names down the left side
MOST_COLUMNS = 16  # classes; a wider confusion table is no longer read
WORST = 3  # confusions told in words


def evaluation_text(evaluation: Evaluation, loss: str) -> str:
    """All of an evaluation: its measures, its tables and what is confused most often.

    Args:
        evaluation: is told.
        loss: what its loss is, in words.
    """
    table = per_class_table(evaluation.per_class, evaluation.macro, evaluation.classes)
    parts = [measures_text(evaluation, loss), table]
    if len(evaluation.classes) <= MOST_COLUMNS:
        parts.append(confusion_table(evaluation.confusion, evaluation.classes))
    parts.append(worst_confusions(evaluation.confusion, evaluation.classes))
    return "\n\n".join(parts)


def measures_text(evaluation: Evaluation, loss: str) -> str:
    """The measures over all classes, a line each; arguments as for ``evaluation_text``."""
    low, high = evaluation.accuracy_interval
    return (
        f"accuracy           {percent(evaluation.accuracy):>10}"
        f"   (95 % interval {100 * low:.2f} to {100 * high:.2f} %)\n"
        f"top-2 accuracy     {percent(evaluation.top2_accuracy):>10}\n"
        f"calibration error  {percent(evaluation.calibration_error):>10}\n"
        f"loss               {evaluation.loss:8.4f}     {loss}\n"
        f"examples           {evaluation.examples:8,}"
    )


def per_class_table(per_class: Sequence[Scores], macro: Scores, classes: Sequence[str]) -> str:
    """One line for each class and one for their mean, in per cent."""
    rows = [["class", "precision", "recall", "F1", "examples"]]
    for name, scores in [*zip(classes, per_class, strict=True), ("mean", macro)]:
        shares = (scores.precision, scores.recall, scores.f1)
        rows.append([name, *map(percent, shares), f"{scores.support:,}"])
    return "\n".join(
        pad(name, NAME_WIDTH) + "".join(f"{cell:>11}" for cell in cells) for name, *cells in rows
    )


def confusion_table(confusion: Confusion, classes: Sequence[str]) -> str:
    """The (K, K) counts with a row for each true class; a dot is 0."""
    room = (WIDTH - NAME_WIDTH) // len(classes)
    column = max(min(room, 8), len(str(confusion.max())) + 1)
    head = "".join(" " + pad(name, column - 1, right=True) for name in classes)
    lines = ["confusion: a row for each true class, a column for each predicted one"]
    lines.append(" " * NAME_WIDTH + head)
    for name, row in zip(classes, confusion.tolist(), strict=True):
        counts = "".join(f"{count or '·':>{column}}" for count in row)
        lines.append(pad(name, NAME_WIDTH) + counts)
    return "\n".join(lines)


def worst_confusions(confusion: Confusion, classes: Sequence[str]) -> str:
    """The most frequent mistakes as a sentence."""
    mistakes = confusion - np.diag(np.diag(confusion))
    order = np.argsort(-mistakes, axis=None, kind="stable")[:WORST]
    told = [
        f"{classes[true]} taken for {classes[guessed]} ({_times(int(mistakes[true, guessed]))})"
        for true, guessed in zip(*np.unravel_index(order, mistakes.shape), strict=True)
        if mistakes[true, guessed]
    ]
    return f"Most often confused: {', '.join(told)}." if told else "Nothing is confused."


def pad(text: str, width: int, right: bool = False) -> str:
    """Fit text into so many columns of a terminal, shortened with … where it is too long.

    Chinese, Japanese and Korean characters take two columns each.
    """
    if _columns(text) > width:
        while _columns(text) > width - 1:
            text = text[:-1]
        text += "…"
    space = " " * (width - _columns(text))
    return space + text if right else text + space


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def percent(fraction: float) -> str:
    """A fraction in per cent."""
    return f"{100 * fraction:.2f} %"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
