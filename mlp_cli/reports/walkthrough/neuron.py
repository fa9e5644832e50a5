"""One neuron: its weighted sum, what it makes of it, and how wrong that is."""

import numpy as np

from mlp_cli.data.split import Dataset
from mlp_cli.nn import ACTIVATIONS, LOSSES, Network
from mlp_cli.nn.losses import Loss
from mlp_cli.reports.walkthrough.page import Page

X = np.array([[0.6, 0.4, 0.2]])
WEIGHTS, BIAS = (0.5, -0.3, 0.8), 0.1
TARGET = np.array([0])  # the label of the only class: its target is 1
SUMS = (-2.0, -1.0, 0.0, 1.0, 2.0)
SCORES = ((2.0, 1.5, -1.0),)  # of three classes, where the first is right


def single(activation: str, loss: str = "mse") -> Network:
    """A network of one neuron with three inputs, in float64."""
    network = Network((3, 1), (ACTIVATIONS[activation](),), LOSSES[loss](), dtype=np.float64)
    network.W[0][:, 0], network.b[0][:] = WEIGHTS, BIAS
    return network


def forward_pass(_: Dataset) -> Page:
    """x, W and b to z and a."""
    z, a = (float(single(f).predict(X)[0, 0]) for f in ("identity", "sigmoid"))
    rows = [
        f"  x[{i}] · W[{i}]  = {x:4.1f} · {w:4.1f} = {x * w:6.3f}"
        for i, (x, w) in enumerate(zip(X[0], WEIGHTS, strict=True))
    ]
    text = "\n".join(
        [
            "A neuron multiplies each input by a weight, adds the products and a bias, and",
            "gives the sum z to its activation f. Three inputs, and 1 is what should come out:",
            "",
            *rows,
            f"  b                        = {BIAS:6.3f}",
            f"  z = Σ x · W + b          = {z:6.3f}",
            f"  a = f(z), f the sigmoid  = {a:6.3f}    target 1",
        ]
    )
    return Page("A neuron: inputs, weights, bias", text, (Network.forward, Network.predict))


def activations(_: Dataset) -> Page:
    """Every activation at some sums."""
    own = float(single("identity").predict(X)[0, 0])
    sums = np.array([[*SUMS, own]])
    head = "".join(f"{z:9.2f}" for z in sums[0])
    lines = [f"  {'z':<12}{head}"]
    for name in ACTIVATIONS:
        f = ACTIVATIONS[name]()
        z, a = sums.copy(), np.empty_like(sums)
        f.forward(z, a, f.parameters(z.size))
        lines.append(f"  {name:<12}" + "".join(f"{value:9.3f}" for value in a[0]))
    text = "\n".join(
        [
            "What each activation makes of a sum; the last column is our neuron's. Softmax looks",
            "at all sums of a layer: its row adds up to 1.",
            "",
            *lines,
        ]
    )
    return Page("Activations", text, tuple(type(ACTIVATIONS[n]()) for n in ACTIVATIONS))


def losses(_: Dataset) -> Page:
    """Every loss of one answer."""
    lines = []
    for name in LOSSES:
        loss = LOSSES[name]()
        output = "sigmoid" if "sigmoid" in loss.outputs and name != "hinge" else "identity"
        if name == "hinge":
            value, about = _of_scores(loss), f"scores {', '.join(map(str, SCORES[0]))}"
        else:
            network = single(output, name)
            about = f"a = {float(network.predict(X)[0, 0]):.3f}"
            value = network.score(X, TARGET)[0]
        lines.append(f"  {name:<22}{value:8.4f}   {about}")
    text = "\n".join(
        [
            "A loss says how wrong one answer is: here our neuron's, which should be 1, and for",
            "the hinge the scores of three classes, of which the first is right.",
            "",
            *lines,
        ]
    )
    return Page("Losses", text, (Network.score, *(type(LOSSES[n]()).each for n in LOSSES)))


def _of_scores(loss: Loss) -> float:
    """A loss of three classes' scores: a network that gives its inputs as they are."""
    network = Network((3, 3), (ACTIVATIONS["identity"](),), loss, dtype=np.float64)
    network.W[0][:] = np.eye(3)
    return network.score(np.array(SCORES), TARGET)[0]
