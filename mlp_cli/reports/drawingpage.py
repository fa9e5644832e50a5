"""A network as one page of HTML that reads what is drawn on it, from disk and without a server."""

import hashlib
import json
from base64 import b64encode
from dataclasses import asdict
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.catalogue import is_mnist
from mlp_cli.data.prepare import ink_box
from mlp_cli.data.strokes import NEAR, NO_THICKER, NO_THINNER, SHORTEST, THICK, THIN, WIDTH
from mlp_cli.errors import CheckpointError
from mlp_cli.nn import Network
from mlp_cli.reports.answers import UNSURE, least_sure
from mlp_cli.reports.exported import finite_network, write_export
from mlp_cli.training.checkpoint import Checkpoint

SCRIPTS = (
    "network.js",
    "prepare.js",
    "deskew.js",
    "show.js",
    "diagram.js",
    "pad.js",
)  # in the order they run

Pixels = NDArray[np.uint8]


def write_drawing_page(saved: Checkpoint, examples: Pixels | None, path: Path) -> int:
    """Write a checkpoint's network as a page to draw on.

    Args:
        saved: its pictures have to be prepared as MNIST's were.
        examples: an image (K, height * width) of each class, to be shown beside the pad.
        path: where to.

    Returns:
        The size of the page in bytes.

    Raises:
        CheckpointError: its network takes no drawings, or is not finite.
        RunError: the page cannot be written.
    """
    if not saved.prepared:
        raise CheckpointError(
            f"{saved.title}: was trained on arrays, and how a drawing has to look for it "
            "is not known"
        )
    network = finite_network(saved).folded()
    return write_export(_filled(saved, network, examples).encode(), path)


def _filled(saved: Checkpoint, network: Network, examples: Pixels | None) -> str:
    height, width = saved.shape
    layers = [
        f"{n:,} {f.name}" for n, f in zip(network.sizes[1:], network.activations, strict=True)
    ]
    about = (
        f"This page holds a network of {network.theta.size:,} parameters, "
        f"{' → '.join([f'{network.sizes[0]:,}', *layers])}, trained with mlp on "
        f"{Path(saved.data_name).name}. It reads what you draw, in the page; nothing leaves it."
    )
    names = min(0.7 * max(map(len, saved.classes)), 8) + 1  # em
    style = _template("style.css").substitute(across=width, down=height, names=f"{names:.1f}em")
    script = '"use strict";\n' + "\n".join(_text(name) for name in SCRIPTS)
    return _template("page.html").substitute(
        title="Draw, and watch a network read",
        about=escape(about),
        pixels=f"{width} × {height}",
        upright=", set upright" if saved.config.data.deskew else "",
        style=style,
        style_hash=_hash(style),
        examples=_buttons(saved.classes) if examples is not None else "",
        bars="\n".join(
            f"<tr><th scope=row>{escape(name)}</th><td><i></i></td><td></td></tr>"
            for name in saved.classes
        ),
        layers="\n".join(
            f"<tr><th scope=row>Layer {i}</th><td>{n:,} neurons</td><td>{f.name}</td><td></td></tr>"
            for i, (n, f) in enumerate(
                zip(network.sizes[1:-1], network.activations, strict=False), start=1
            )
        ),
        # No text of a checkpoint may close the script that it is in.
        model=json.dumps(_model(saved, network, examples)).replace("<", "\\u003c"),
        script=script,
        script_hash=_hash(script),
    )


def _model(saved: Checkpoint, network: Network, examples: Pixels | None) -> dict[str, Any]:
    """What the page's scripts know of the network."""
    return {
        "classes": saved.classes,
        "shape": saved.shape,
        "box": ink_box(saved.shape),
        "stroke": _stroke(is_mnist(saved.data_name)),
        "near": NEAR,
        "shortest": SHORTEST,
        "deskew": saved.config.data.deskew,
        "output": network.output.name,
        "temperature": network.temperature,
        "unsure": UNSURE,
        "least": least_sure(saved),
        "layers": [
            {
                "activation": {"name": f.name, **asdict(f)},
                **_halves(W),
                "biases": _base64(b.astype("<f4")),
                "learned": _base64(p.astype("<f4")),
            }
            for f, W, b, p in zip(network.activations, network.W, network.b, network.p, strict=True)
        ],
        "examples": None if examples is None else _base64(examples),
    }


def _stroke(evened: bool) -> dict[str, float]:
    """How thick strokes may stay, and what others become, in parts of the longer side."""
    if not evened:
        return {"thin": 0, "thick": 1, "thinnest": 0, "thickest": 1}
    shares = {"thin": THIN, "thick": THICK, "thinnest": NO_THINNER, "thickest": NO_THICKER}
    return {name: share * WIDTH for name, share in shares.items()}


def _halves(W: NDArray[np.floating]) -> dict[str, Any]:
    """Weights as 16-bit floats, the greatest 1.

    Each is off by at most 2⁻¹¹ of itself, or by 2⁻²⁵ of the greatest where that is more.
    """
    scale = float(np.abs(W).max()) or 1.0
    return {"scale": scale, "weights": _base64((W / scale).astype("<f2"))}


def _buttons(classes: tuple[str, ...]) -> str:
    buttons = "".join(f"<button>{escape(name)}</button>" for name in classes)
    return (
        '<p id="examples" role="group" aria-label="Digits to show it">Or show it a digit of '
        f"MNIST:<br>{buttons}<br>"
        '<span class="small">By Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0. It may have '
        "learned from them.</span></p>"
    )


def _hash(text: str) -> str:
    """What the page allows to run: a text of this SHA-256 and no other."""
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _base64(values: NDArray[Any]) -> str:
    return b64encode(np.ascontiguousarray(values).tobytes()).decode()


def _template(name: str) -> Template:
    return Template(_text(name))


def _text(name: str) -> str:
    return files(__package__).joinpath("drawing", name).read_text("utf-8")
