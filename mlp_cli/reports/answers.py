"""What a network answers when it is shown a picture."""

from typing import Any

from mlp_cli.data.pictures import Picture, Unread
from mlp_cli.nn import Network
from mlp_cli.training.evaluate import finite_probabilities

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


def answer_text(answer: dict[str, Any], top: int) -> str:
    """An answer on a line, with the runners-up."""
    ranked = sorted(answer["probabilities"].items(), key=lambda pair: -pair[1])
    (first, sure), *others = ranked[:top]
    doubt = "not sure, perhaps " if sure < UNSURE else ""
    line = f"{answer['image']}: {doubt}{first} ({100 * sure:.1f} %)"
    if others:
        line += "  then " + ", ".join(f"{name} ({100 * p:.1f} %)" for name, p in others)
    if "truth" in answer:
        right = "right" if answer["truth"] == answer["prediction"] else "wrong"
        line += f"  it is {answer['truth']}: {right}"
    return line
