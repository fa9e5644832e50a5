"""Why a network answered as it did, for a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.pictures import Picture
from mlp_cli.errors import visible
from mlp_cli.reports.terminal import picture_text, sheet_text
from mlp_cli.training.explain import Explanation, Layer

STRONGEST = 5  # neurons told of a layer
GAP = "   "

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Neighbour:
    """A training example near the picture."""

    image: Pixels  # (H, W)
    label: str
    distance: float


def explanation_text(
    picture: Picture,
    found: Explanation,
    near: Sequence[Neighbour],
    classes: Sequence[str],
    shape: tuple[int, int],
) -> str:
    """All of an explanation, part by part."""
    parts = [
        _answer(picture, found, classes),
        "\n".join(_layer(i, layer) for i, layer in enumerate(found.layers, 1)) + _calibrated(found),
        f"What the pixels did for the answer {classes[found.answer]}, by integrated gradients:\n"
        + _beside(
            {
                "the picture": picture.pixels.reshape(shape),
                "spoke for it": drawn(np.maximum(found.counted, 0), shape),
                "spoke against it": drawn(np.maximum(-found.counted, 0), shape),
            }
        ),
    ]
    if near:
        images = np.array([each.image for each in near])
        labels = [f"a {each.label} ({each.distance:.1f})" for each in near]
        parts.append(f"The nearest training examples, and how far:\n{sheet_text(images, labels)}")
    parts.append(_flip(found, classes, shape))
    return "\n\n".join(parts)


def explanation_json(
    picture: Picture, found: Explanation, near: Sequence[Neighbour], classes: Sequence[str]
) -> dict[str, Any]:
    """The same as plain values."""
    flip = found.flip
    return {
        "image": picture.name,
        "prediction": classes[found.answer],
        "probabilities": dict(zip(classes, found.probabilities.tolist(), strict=True)),
        "layers": [
            {
                "activation": layer.activation,
                "inputs": layer.inputs,
                "inputs_not_0": layer.entered,
                "neurons": layer.a.size,
                "fired": _fired(layer),
                "strongest": [_neuron(layer, i) for i in _strongest(layer)],
            }
            for layer in found.layers
        ],
        "temperature": found.temperature,
        "gradient": found.slopes.tolist(),
        "integrated_gradients": found.counted.tolist(),
        "nearest": [{"label": each.label, "distance": each.distance} for each in near],
        "flip": None
        if flip is None
        else {
            "prediction": classes[flip.answer],
            "distance": flip.distance,
            "pixels": flip.x.tolist(),
        },
    }


def drawn(values: NDArray[np.floating], shape: tuple[int, int]) -> Pixels:
    """Values (n_in,) from 0 as an image, the greatest white, the faint brought out by a root."""
    shares = np.sqrt(values / max(float(values.max()), 1e-12))
    image: Pixels = np.round(255 * shares).astype(np.uint8).reshape(shape)
    return image


def _answer(picture: Picture, found: Explanation, classes: Sequence[str]) -> str:
    order = np.argsort(-found.probabilities)[:3]
    told = ", ".join(f"{classes[i]} {100 * found.probabilities[i]:.1f} %" for i in order)
    truth = "" if picture.truth is None else f"; it is {picture.truth}"
    return f"{visible(picture.name)}: {told}{truth}"


def _layer(number: int, layer: Layer) -> str:
    strongest = "  ".join(f"#{i} z {layer.z[i]:.2f} a {layer.a[i]:.2f}" for i in _strongest(layer))
    fired = _fired(layer)
    return (
        f"layer {number}  {layer.inputs} → {layer.a.size} {layer.activation}: {layer.entered} "
        f"inputs are not 0, {fired} neuron{'s' * (fired != 1)} fired\n"
        f"         strongest  {strongest}"
    )


def _calibrated(found: Explanation) -> str:
    """Why the last layer's a are not the probabilities of the answer."""
    if found.temperature == 1:
        return ""
    return f"\nThe answer's probabilities are those of z / {found.temperature:.2f}, as calibrated."


def _fired(layer: Layer) -> int:
    """Neurons whose sum is above 0."""
    return int(np.count_nonzero(layer.z > 0))


def _strongest(layer: Layer) -> list[int]:
    order: list[int] = np.argsort(-layer.a, kind="stable")[:STRONGEST].tolist()
    return order


def _neuron(layer: Layer, i: int) -> dict[str, float]:
    return {"neuron": i, "z": float(layer.z[i]), "a": float(layer.a[i])}


def _flip(found: Explanation, classes: Sequence[str], shape: tuple[int, int]) -> str:
    flip = found.flip
    if flip is None:
        return "No small change was found that makes it another answer."
    return (
        f"The smallest change found that makes it {classes[flip.answer]} has a length of "
        f"{flip.distance:.2f} (a white pixel is 1, this picture {np.linalg.norm(found.x):.2f}):\n"
        + _beside(
            {
                "changed": np.round(255 * flip.x).astype(np.uint8).reshape(shape),
                "added": drawn(np.maximum(flip.x - found.x, 0), shape),
                "taken away": drawn(np.maximum(found.x - flip.x, 0), shape),
            }
        )
    )


def _beside(images: dict[str, Pixels]) -> str:
    """Images of one shape beside each other under their titles."""
    width = next(iter(images.values())).shape[1]
    rows = zip(*(picture_text(image).splitlines() for image in images.values()), strict=True)
    head = GAP.join(f"{title:<{width}}" for title in images)
    return "\n".join(line.rstrip() for line in (head, *(GAP.join(row) for row in rows)))
