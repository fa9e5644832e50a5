"""What a network answers when it is shown a picture."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.deskew import deskew
from mlp_cli.data.pictures import Picture, Unread
from mlp_cli.errors import visible
from mlp_cli.nn import Network
from mlp_cli.training.checkpoint import Checkpoint
from mlp_cli.training.evaluate import finite_probabilities

if TYPE_CHECKING:
    from mlp_cli.data.several import Found

UNSURE = 0.8  # where a calibrated network is less sure, more than one answer in five is wrong
UNKNOWN = "?"  # among the digits of a number
NO_DIGIT = 0.5  # where one that has seen what is no digit is more likely wrong, this is none


def least_sure(saved: Checkpoint) -> float:
    """How sure of its answer the network of a checkpoint is at least, if it is shown a digit.

    That is known of one that learned what is no digit, and is calibrated.
    """
    return NO_DIGIT if saved.config.data.nondigits and saved.calibrated else 0.0


def answer(saved: Checkpoint, network: Network, picture: Picture) -> dict[str, Any]:
    """The prediction, its probability and those of all classes, as plain values.

    Nothing is predicted of a picture that shows no digit.

    Args:
        saved: holds the network.
        network: as that is, or folded.
        picture: what is asked about.

    Raises:
        DivergedError: the network's outputs are not finite.
    """
    return answer_of(saved, picture, _probabilities(network, picture))


def answer_of(
    saved: Checkpoint, picture: Picture, probabilities: NDArray[np.floating]
) -> dict[str, Any]:
    """The same, where the probability of each class (K,) is known."""
    read = _read(probabilities, saved.classes)
    if picture.truth is not None:
        return {"image": picture.name, **read, "truth": picture.truth}
    if read["confidence"] < least_sure(saved):
        return _no_digit(picture.name, read)
    return {"image": picture.name, **read}


def no_answer(picture: Unread) -> dict[str, Any]:
    """The same of what cannot be read: nothing is predicted, and why."""
    return {"image": picture.name, "prediction": None, "confidence": None, "error": picture.why}


def several_answers(
    saved: Checkpoint, network: Network, name: str, found: "Sequence[Found]"
) -> dict[str, Any]:
    """The digits of one picture; together they are right if each of them is.

    Nothing is predicted of what is like no digit, which is ? among those that are, and nothing at
    all where none of them is one.

    Raises:
        DivergedError: the network's outputs are not finite.
    """
    pixels = np.array([each.pixels for each in found])
    shown = deskew(pixels, saved.shape) if saved.config.data.deskew else pixels
    digits = []
    for each, inputs in zip(found, shown, strict=True):
        probabilities = _probabilities(network, Picture(name, inputs))
        digits.append({**_read(probabilities, saved.classes), "box": list(each.box)})
    surest = max(digits, key=lambda digit: digit["confidence"])
    if surest["confidence"] < least_sure(saved):
        return _no_digit(name, surest)
    for digit in digits:
        if digit["confidence"] < least_sure(saved):
            digit["prediction"] = None
    return {
        "image": name,
        "prediction": "".join(digit["prediction"] or UNKNOWN for digit in digits),
        "confidence": math.prod(digit["confidence"] for digit in digits),
        "digits": digits,
    }


def _probabilities(network: Network, picture: Picture) -> NDArray[np.floating]:
    """How likely each class is: (K,)."""
    probabilities: NDArray[np.floating] = finite_probabilities(
        network, picture.inputs(network.dtype)
    )[0]
    return probabilities


def _read(probabilities: NDArray[np.floating], classes: tuple[str, ...]) -> dict[str, Any]:
    """What the probability of each class (K,) says."""
    best = int(probabilities.argmax())
    return {
        "prediction": classes[best],
        "confidence": float(probabilities[best]),
        "probabilities": dict(zip(classes, map(float, probabilities), strict=True)),
    }


def _no_digit(name: str, read: dict[str, Any]) -> dict[str, Any]:
    """What is said where even the likeliest class is not likely, with how likely each is."""
    best, sure = read["prediction"], 100 * read["confidence"]
    why = f"shows no digit: what stands out is like none, at best {best} ({sure:.1f} %)"
    nothing = no_answer(Unread(name, f"{visible(name)} {why}"))
    return {**nothing, "probabilities": read["probabilities"]}


def several_text(read: dict[str, Any]) -> str:
    """The digits of one picture on a line, and how sure each is."""
    each = ", ".join(
        f"{d['prediction'] or UNKNOWN} {100 * d['confidence']:.1f} %" for d in read["digits"]
    )
    least = min(digit["confidence"] for digit in read["digits"])
    doubt = "not sure, perhaps " if least < UNSURE else ""
    return f"{visible(read['image'])}: {doubt}{read['prediction']} ({each})"


COLUMNS = ("image", "truth", "prediction", "confidence", "error", "checkpoint")


def head_row(classes: tuple[str, ...]) -> list[str]:
    """The names of the columns of ``answer_row``: at the end the probability of each class."""
    return [*COLUMNS, *(f"p({name})" for name in classes)]


def answer_row(answer: dict[str, Any], classes: tuple[str, ...]) -> list[object]:
    """An answer as a row of a table; what cannot be read has its error and no prediction."""
    shares = answer.get("probabilities", {})
    return [*(answer.get(name) for name in COLUMNS), *(shares.get(name) for name in classes)]


def answer_text(answer: dict[str, Any], top: int) -> str:
    """An answer on a line, with the runners-up."""
    ranked = sorted(answer["probabilities"].items(), key=lambda pair: -pair[1])
    (first, sure), *others = ranked[:top]
    doubt = "not sure, perhaps " if sure < UNSURE else ""
    line = f"{visible(answer['image'])}: {doubt}{first} ({100 * sure:.1f} %)"
    if others:
        line += "  then " + ", ".join(f"{name} ({100 * p:.1f} %)" for name, p in others)
    if "truth" in answer:
        right = "right" if answer["truth"] == answer["prediction"] else "wrong"
        line += f"  it is {answer['truth']}: {right}"
    return line
