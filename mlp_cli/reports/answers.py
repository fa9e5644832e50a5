"""What a network answers when it is shown a picture."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mlp_cli.data.deskew import deskew
from mlp_cli.data.pictures import Picture, Unread
from mlp_cli.errors import visible
from mlp_cli.nn import Network
from mlp_cli.training.evaluate import finite_probabilities

if TYPE_CHECKING:
    from mlp_cli.data.several import Found

UNSURE = 0.8  # where a calibrated network is less sure, more than one answer in five is wrong


def answer(network: Network, picture: Picture, classes: tuple[str, ...]) -> dict[str, Any]:
    """The prediction, its probability and those of all classes, as plain values.

    Raises:
        DivergedError: the network's outputs are not finite.
    """
    (probabilities,) = finite_probabilities(network, picture.inputs(network.dtype))
    best = int(probabilities.argmax())
    known = {} if picture.truth is None else {"truth": picture.truth}
    return {
        "image": picture.name,
        "prediction": classes[best],
        "confidence": float(probabilities[best]),
        "probabilities": dict(zip(classes, map(float, probabilities), strict=True)),
        **known,
    }


def no_answer(picture: Unread) -> dict[str, Any]:
    """The same of what cannot be read: nothing is predicted, and why."""
    return {"image": picture.name, "prediction": None, "confidence": None, "error": picture.why}


def several_answers(
    network: Network,
    name: str,
    found: "Sequence[Found]",
    shape: tuple[int, int],
    classes: tuple[str, ...],
    upright: bool,
) -> dict[str, Any]:
    """The digits of one picture; together they are right if each of them is.

    Raises:
        DivergedError: the network's outputs are not finite.
    """
    pixels = np.array([each.pixels for each in found])
    shown = deskew(pixels, shape) if upright else pixels
    digits = []
    for each, inputs in zip(found, shown, strict=True):
        read = answer(network, Picture(name, inputs), classes)
        digits.append({key: read[key] for key in ("prediction", "confidence", "probabilities")})
        digits[-1]["box"] = list(each.box)
    return {
        "image": name,
        "prediction": "".join(digit["prediction"] for digit in digits),
        "confidence": math.prod(digit["confidence"] for digit in digits),
        "digits": digits,
    }


def several_text(read: dict[str, Any]) -> str:
    """The digits of one picture on a line, and how sure each is."""
    each = ", ".join(f"{d['prediction']} {100 * d['confidence']:.1f} %" for d in read["digits"])
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
