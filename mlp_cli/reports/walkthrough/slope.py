"""Downhill: the loss over one weight, its slope, and steps of several lengths against it."""

import numpy as np

from mlp_cli.data.split import Dataset
from mlp_cli.nn import OPTIMIZERS, Descent, Network
from mlp_cli.reports.canvas import MARKS, Canvas, limits
from mlp_cli.reports.walkthrough.neuron import TARGET, X, single
from mlp_cli.reports.walkthrough.page import Page

REACH = 2.5  # how far left and right of the lowest loss is looked
ASIDE = (-1.0, 1.0)  # where slopes are told, from there
STEP = 1e-5  # of the finite difference
RATES = (0.01, 0.3, 0.7)  # too small, good, too large
STEPS = 12
LEAST = 1e-5  # a loss that is drawn


def loss_of(network: Network, weight: float) -> float:
    """The loss with another first weight."""
    network.W[0][0, 0] = weight
    return network.score(X, TARGET)[0]


def slope_of(network: Network, weight: float) -> float:
    """Its slope there, by backpropagation."""
    network.W[0][0, 0] = weight
    network.learn(X, TARGET)
    return float(network.dW[0][0, 0])


def loss_and_weight(_: Dataset) -> Page:
    """A parabola, and its slopes beside finite differences."""
    network = single("identity")
    start = float(network.W[0][0, 0])
    lowest = start + (1 - float(network.predict(X)[0, 0])) / float(X[0, 0])
    weights = np.linspace(lowest - REACH, lowest + REACH, 64)
    heights = np.array([loss_of(network, w) for w in weights])
    canvas = Canvas((weights[0], weights[-1]), limits(heights))
    canvas.points(weights, heights)
    told = []
    for away in (*ASIDE, 0.0):
        w = lowest + away
        difference = (loss_of(network, w + STEP) - loss_of(network, w - STEP)) / (2 * STEP)
        told.append(f"  {w:8.4f} {slope_of(network, w):18.6f} {difference:20.6f}")
    names = {float(w): f"{w:.1f}" for w in (weights[0], lowest, weights[-1])}
    text = "\n".join(
        [
            "The squared loss of a neuron whose f(z) = z, over its first weight. Left of its",
            "lowest point the slope is negative, right of it positive: against it is downhill.",
            "",
            *canvas.lines(),
            f"{canvas.axis(names)}  W[0]",
            "",
            "      W[0]    backpropagation    finite difference",
            *told,
        ]
    )
    return Page("The loss over one weight", text, (Network.backward, Network.learn))


def one_step(_: Dataset) -> Page:
    """W ← W − η ∂L/∂W."""
    network, rate = single("identity"), RATES[1]
    descent = Descent(OPTIMIZERS["sgd"](), network.theta, network.n_weights)
    lines = ["   step      loss    ∂L/∂W[0]   W[0] old − η · slope =  W[0] new"]
    for t in range(1, 6):
        loss = network.learn(X, TARGET)[0]
        old, slope = float(network.W[0][0, 0]), float(network.dW[0][0, 0])
        descent.step(network.grad, rate, t)
        new = float(network.W[0][0, 0])
        lines.append(
            f"  {t:5} {loss:9.5f} {slope:11.5f}   {old:.4f} − {rate} · {slope:8.5f} = {new:.4f}"
        )
    text = "\n".join(
        [
            "Gradient descent takes from each weight its slope times the learning rate η:",
            "W ← W − η ∂L/∂W. The bias has a slope too, and moves with them.",
            "",
            *lines,
        ]
    )
    return Page("A step downhill", text, (type(OPTIMIZERS["sgd"]()).update, Descent.step))


def learning_rates(_: Dataset) -> Page:
    """The loss step by step with three rates."""
    courses = [_course(rate) for rate in RATES]
    drawn = [np.log10(np.maximum(course, LEAST)) for course in courses]
    canvas = Canvas((0, STEPS), limits(np.concatenate(drawn)))
    for mark, course in zip(MARKS, drawn, strict=False):
        canvas.points(range(STEPS + 1), course, mark)
    words = ("too small: it hardly moves", "good", "too large: it leaps over, ever higher")
    text = "\n".join(
        [
            "The same neuron with three learning rates, twelve steps each. Drawn is the number of",
            "digits of the loss, its logarithm to base 10:",
            "",
            *canvas.lines(),
            f"{canvas.axis({0: '0', STEPS: str(STEPS)})}  step",
            "",
            *(
                f"  {mark}  η = {rate:<5} {word}; loss {course[0]:.3f} → {course[-1]:.3f}"
                for mark, rate, word, course in zip(MARKS, RATES, words, courses, strict=False)
            ),
        ]
    )
    return Page("The learning rate", text, (Descent.step,))


def _course(rate: float) -> list[float]:
    """The loss before the first step and after each."""
    network = single("identity")
    descent = Descent(OPTIMIZERS["sgd"](), network.theta, network.n_weights)
    losses = []
    for t in range(1, STEPS + 1):
        losses.append(network.learn(X, TARGET)[0])
        descent.step(network.grad, rate, t)
    return [*losses, network.score(X, TARGET)[0]]
