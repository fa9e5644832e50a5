"""An evaluation as one page of HTML that needs no other file, and the pictures in it as PNGs."""

import os
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

import numpy as np

from mlp_cli.data.split import Split
from mlp_cli.errors import RunError, UsageError
from mlp_cli.files import replacing
from mlp_cli.reports.evaluationfigures import (
    draw_classes,
    draw_refusals,
    draw_reliability,
    draw_robustness,
)
from mlp_cli.reports.figures import draw_confusion, draw_sheet, drawable
from mlp_cli.reports.tables import percent, worst_confusions
from mlp_cli.training.metrics import (
    Evaluation,
    Probabilities,
    accuracy_of_the_surest,
    reliability,
)
from mlp_cli.training.robustness import Measured
from mlp_cli.training.rundir import RunFolder

MISTAKES = 40  # shown
SHORT = 2  # letters of a class, of which two and a number have room beside each other
REFUSED = 0.02  # of the examples, as told in words


@dataclass(frozen=True, eq=False)
class Judged:
    """What a page tells of."""

    names: Sequence[str]  # of the checkpoints
    data: str
    part: str
    warning: str | None
    examples: Split  # N of them
    shape: tuple[int, int]  # of an image
    evaluation: Evaluation


def write_page(
    judged: Judged, probabilities: Probabilities, robustness: Sequence[Measured], folder: Path
) -> Path:
    """Write ``report.html`` and its PNGs into a folder, which is made.

    Args:
        judged: the examples, and what was measured on them.
        probabilities: the answers (N, K).
        robustness: the accuracies under changes, at least of one kind.
        folder: where to; files of these names are replaced.

    Returns:
        The page.

    Raises:
        UsageError: it is a run folder.
        RunError: they cannot be written.
    """
    if os.path.lexists(RunFolder(folder).last):
        raise UsageError(f"{folder}: is a run folder, with pictures of its own; name another")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mistakes.png").unlink(missing_ok=True)  # there may be none now
        parts = [
            *_measures(judged, folder),
            *_mistakes(judged, probabilities, folder),
            *_confidence(judged, probabilities, folder),
            *_changes(robustness, folder),
        ]
        page = folder / "report.html"
        with replacing(page) as file:
            file.write(_filled(judged, "\n".join(parts)).encode())
    except OSError as error:
        raise RunError(f"{folder}: the report cannot be written: {error.strerror}") from error
    return page


def _filled(judged: Judged, body: str) -> str:
    template = Template(files(__package__).joinpath("page.html").read_text("utf-8"))
    title = f"{judged.data}, {judged.part}: {percent(judged.evaluation.accuracy)} are right"
    who = "Judged" if len(judged.names) == 1 else "Judged together"
    about = f"{who}: {', '.join(judged.names)}, on {judged.evaluation.examples:,} examples."
    return template.substitute(title=escape(title), about=escape(about), body=body)


def _measures(judged: Judged, folder: Path) -> Iterable[str]:
    found = judged.evaluation
    low, high = found.accuracy_interval
    if judged.warning is not None:
        yield f'<p class="warning">{escape(judged.warning)}.</p>'
    yield f'<p class="figures">{percent(found.accuracy)}</p>'
    yield (
        f"<p>So many are right; with 95 % confidence the share lies between {percent(low)} and "
        f"{percent(high)}. The right answer is among the two likeliest in "
        f"{percent(found.top2_accuracy)}. Loss {found.loss:.4f}.</p>"
    )
    yield "<h2>What is taken for what</h2>"
    draw_confusion(found.confusion, found.classes, folder / "confusion.png")
    said = escape(worst_confusions(found.confusion, found.classes))
    yield _figure(folder / "confusion.png", f"Confusion matrix. {said}")
    yield "<h2>Class by class</h2>"
    draw_classes(found.per_class, found.classes, folder / "classes.png")
    yield _figure(folder / "classes.png", "Precision and recall of each class, as in the table.")
    yield _class_table(found)


def _confidence(judged: Judged, probabilities: Probabilities, folder: Path) -> Iterable[str]:
    labels, error = judged.examples.labels, judged.evaluation.calibration_error
    yield "<h2>Does it know when it is right?</h2>"
    draw_reliability(reliability(labels, probabilities), folder / "reliability.png")
    yield _figure(
        folder / "reliability.png",
        "How often it is right, over how sure it says it is. The two differ by "
        f"{percent(error)} (expected calibration error).",
    )
    surest = accuracy_of_the_surest(labels, probabilities)
    draw_refusals(surest, folder / "refusals.png")
    answered = max(1, round(len(surest) * (1 - REFUSED)))
    yield _figure(
        folder / "refusals.png",
        f"Accuracy where it may refuse the examples that it is least sure of. If it refuses "
        f"{percent(1 - answered / len(surest))}, {percent(float(surest[answered - 1]))} of the "
        "rest are right.",
    )


def _changes(robustness: Sequence[Measured], folder: Path) -> Iterable[str]:
    yield "<h2>How easily is it upset?</h2>"
    draw_robustness(robustness, folder / "robustness.png")
    told = "; ".join(
        f"{each.change.name} by {each.change.amounts[-1]:g} ({each.change.unit}), "
        f"{percent(each.accuracies[-1])}"
        for each in robustness
    )
    before = percent(robustness[0].accuracies[0])
    yield _figure(
        folder / "robustness.png",
        f"Accuracy when up to 2,000 of the images are changed, from {before} as they are: "
        f"{escape(told)}.",
    )


def _mistakes(judged: Judged, probabilities: Probabilities, folder: Path) -> Iterable[str]:
    guesses, sure = probabilities.argmax(axis=1), probabilities.max(axis=1)
    labels = judged.examples.labels
    wrong = np.flatnonzero(guesses != labels)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")][:MISTAKES]
    yield "<h2>The worst mistakes</h2>"
    if not len(worst):
        yield "<p>There is none.</p>"
        return
    names = drawable(judged.evaluation.classes)
    parted = " " if max(map(len, names)) <= SHORT else "\n"
    titles = [
        f"{names[labels[i]]}{parted}as {names[guesses[i]]}, {100 * sure[i]:.0f} %" for i in worst
    ]
    images = judged.examples.images[worst].reshape(-1, *judged.shape)
    draw_sheet(images, titles, folder / "mistakes.png")
    number = f"All {len(wrong)}" if len(worst) == len(wrong) else f"{len(worst)} of {len(wrong):,}"
    yield _figure(
        folder / "mistakes.png",
        f"{number} mistakes, the surest first: what each is, what the answer was, and how sure.",
    )


def _figure(path: Path, caption: str) -> str:
    """A picture inside the page, with its caption, which is HTML, as its text."""
    inside = b64encode(path.read_bytes()).decode()
    return (
        f'<figure><img alt="{caption}" src="data:image/png;base64,{inside}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _class_table(found: Evaluation) -> str:
    rows = "\n".join(
        f"<tr><td>{escape(name)}</td><td>{percent(scores.precision)}</td>"
        f"<td>{percent(scores.recall)}</td><td>{percent(scores.f1)}</td>"
        f"<td>{scores.support:,}</td></tr>"
        for name, scores in zip(found.classes, found.per_class, strict=True)
    )
    head = "".join(
        f"<th>{name}</th>" for name in ("class", "precision", "recall", "F1", "examples")
    )
    return f'<div class="scroll"><table><tr>{head}</tr>\n{rows}</table></div>'
