"""The network's formulas as a textbook prints them: float64, slow, and nothing done in place."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlp_cli.nn import Moment, Normalizer, Optimizer, Schedule

Vector = NDArray[np.float64]


def gradient(cost: Callable[[], float], theta: Vector, h: float = 1e-5) -> Vector:
    """(cost(θ + h) − cost(θ − h)) / 2h, one parameter after the other."""
    slopes = np.empty_like(theta)
    for i, here in enumerate(theta.tolist()):
        theta[i] = here + h
        above = cost()
        theta[i] = here - h
        below = cost()
        theta[i] = here
        slopes[i] = (above - below) / (2 * h)
    return slopes


def sigmoid(z: Vector) -> Vector:
    return np.where(z < 0, np.exp(np.minimum(z, 0)), 1) / (1 + np.exp(-np.abs(z)))


def sqnl(z: Vector) -> Vector:
    curve = np.where(z < 0, z + z**2 / 4, z - z**2 / 4)
    return np.where(np.abs(z) > 2, np.sign(z), curve)


def softmax(z: Vector) -> Vector:
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


ACTIVATIONS: dict[str, Callable[..., Vector]] = {
    "identity": lambda z: z,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "arctan": np.arctan,
    "sqnl": sqnl,
    "softmax": softmax,
    "relu": lambda z: np.where(z > 0, z, 0),
    "leaky_relu": lambda z, slope: np.where(z > 0, z, slope * z),
    "prelu": lambda z, slope: np.where(z > 0, z, slope * z),
    "elu": lambda z, alpha: np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1)),
    "swish": lambda z: z * sigmoid(z),
    "gelu": lambda z: z / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))),
}


def hinge(y: Vector, t: Vector) -> Vector:
    losses = []
    for outputs, target in zip(y, t, strict=True):
        right = target @ outputs  # of what is no class, their mean
        wrong = outputs[target < 1]
        margin = 1 - target[target < 1]
        losses.append(np.maximum(0, margin + wrong - right).sum())
    return np.array(losses)


def squared(y: Vector, t: Vector) -> Vector:
    return np.sum((y - t) ** 2, axis=1)


def binary_cross_entropy(y: Vector, t: Vector) -> Vector:
    return -np.sum(t * np.log(y) + (1 - t) * np.log(1 - y), axis=1)


LOSSES: dict[tuple[str, str], Callable[[Vector, Vector], Vector]] = {
    ("cross_entropy", "softmax"): lambda y, t: -np.sum(t * np.log(y), axis=1),
    ("cross_entropy", "sigmoid"): binary_cross_entropy,
    ("binary_cross_entropy", "sigmoid"): binary_cross_entropy,
}
for _output in ("softmax", "sigmoid", "identity"):
    LOSSES["mse", _output] = squared
    LOSSES["sse", _output] = squared
    LOSSES["mae", _output] = lambda y, t: np.sum(np.abs(y - t), axis=1)
    LOSSES["hinge", _output] = hinge


def penalty(W: Vector, weight_decay: float, l1: float) -> float:
    """½·weight_decay·‖W‖² + l1·‖W‖₁."""
    return float(weight_decay / 2 * np.sum(W**2) + l1 * np.sum(np.abs(W)))


def normalised(norm: Normalizer, z: Vector, kept: tuple[Vector, ...] = ()) -> Vector:
    """(z − mean) / √(variance + ε) of each neuron, by what was kept where something is."""
    mean, variance = kept or (z.mean(axis=0), z.var(axis=0))
    return (z - mean) / np.sqrt(variance + norm.eps)


def running(norm: Any, batches: list[Vector]) -> tuple[Vector, ...]:
    """The running mean and variance after these sums z (B, n), by the unbiased variance of each."""
    mean, variance = np.zeros_like(batches[0][0]), np.ones_like(batches[0][0])
    for z in batches:
        mean = (1 - norm.momentum) * mean + norm.momentum * z.mean(axis=0)
        variance = (1 - norm.momentum) * variance + norm.momentum * z.var(axis=0, ddof=1)
    return mean, variance


# A rule takes the options o, the slope g, the step t from 1 and the vectors that it remembers, and
# gives the direction to walk, for θ ← θ − η · direction, and the vectors to remember.
Rule = Callable[..., tuple[Vector, tuple[Vector, ...]]]


def sgd(o: Any, g: Vector, t: int) -> tuple[Vector, tuple[Vector, ...]]:
    return g, ()


def momentum(o: Any, g: Vector, t: int, v: Vector) -> tuple[Vector, tuple[Vector, ...]]:
    v = o.momentum * v + g
    return v, (v,)


def nesterov(o: Any, g: Vector, t: int, v: Vector) -> tuple[Vector, tuple[Vector, ...]]:
    v = o.momentum * v + g
    return g + o.momentum * v, (v,)


def adagrad(o: Any, g: Vector, t: int, r: Vector) -> tuple[Vector, tuple[Vector, ...]]:
    r = r + g**2
    return g / (np.sqrt(r) + o.eps), (r,)


def rmsprop(o: Any, g: Vector, t: int, r: Vector) -> tuple[Vector, tuple[Vector, ...]]:
    r = o.rho * r + (1 - o.rho) * g**2
    return g / (np.sqrt(r) + o.eps), (r,)


def adam(o: Any, g: Vector, t: int, m: Vector, v: Vector) -> tuple[Vector, tuple[Vector, ...]]:
    m = o.beta1 * m + (1 - o.beta1) * g
    v = o.beta2 * v + (1 - o.beta2) * g**2
    m_hat, v_hat = m / (1 - o.beta1**t), v / (1 - o.beta2**t)
    return m_hat / (np.sqrt(v_hat) + o.eps), (m, v)


RULES: dict[str, Rule] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adam,
}


def descend(
    optimizer: Optimizer, theta: Vector, grads: list[Vector], lr: float, n_weights: int
) -> Vector:
    """Where theta (n,) is after a step against each of ``grads``; the first n_weights may decay."""
    rule = RULES[optimizer.name]
    memory = tuple(np.zeros_like(theta) for _ in optimizer.memory)
    is_weight = np.arange(len(theta)) < n_weights
    decay = optimizer.weight_decay * is_weight
    for t, g in enumerate(grads, start=1):
        if optimizer.clip_norm is not None:
            g = g * min(1, optimizer.clip_norm / max(np.linalg.norm(g), 1e-300))
        if optimizer.name == "adamw":
            theta = theta - lr * decay * theta
        else:
            g = g + decay * theta
        g = g + optimizer.l1 * is_weight * np.sign(theta)
        direction, memory = rule(optimizer, g, t, *memory)
        theta = theta - lr * direction
    return theta


def half_wave(start: float, end: float, done: float) -> float:
    """From start to end along half a cosine wave."""
    return start + (end - start) * (1 - math.cos(math.pi * done)) / 2


def plateau(o: Any, m: Moment, done: float) -> float:
    """Cut the history where ``patience`` epochs in a row were no better than the best before."""
    factor, waiting = 1.0, 0
    for epoch, loss in enumerate(m.watched):
        better = all(loss < before for before in m.watched[:epoch])
        waiting = 0 if better else waiting + 1
        if waiting == o.patience:
            factor, waiting = factor * o.gamma, 0
    return factor


FALLING: dict[str, Callable[[Any, Moment, float], float]] = {
    "constant": lambda o, m, done: 1.0,
    "step": lambda o, m, done: o.gamma ** math.floor(m.step / m.epoch_steps / o.every),
    "exponential": lambda o, m, done: o.gamma ** (m.step / m.epoch_steps),
    "linear": lambda o, m, done: (1 - done) + o.final * done,
    "cosine": lambda o, m, done: half_wave(1, o.final, done),
    "one_cycle": lambda o, m, done: half_wave(1, o.final, done),
    "plateau": plateau,
}


def factor(schedule: Schedule, m: Moment) -> float:
    """The learning rate's factor: a rise over the first share ``warmup`` of the steps, then a fall.

    The step before the training counts as 0 of the rise, and its end as the first step of the fall.
    """
    rise = round(schedule.warmup * m.steps)
    if m.step >= rise:
        rest = replace(m, step=m.step - rise, steps=m.steps - rise)
        return FALLING[schedule.name](schedule, rest, rest.step / rest.steps)
    done = (m.step + 1) / (rise + 1)
    return half_wave(schedule.start, 1, done) if schedule.name == "one_cycle" else done


def bilinear(image, source):
    """The image (H, W) read at source · (x, y, 1), counted from its centre; outside it is 0."""
    height, width = image.shape
    out = np.zeros(image.shape)
    for row in range(height):
        for column in range(width):
            x, y = np.array(source) @ [column - (width - 1) / 2, row - (height - 1) / 2, 1]
            x, y = x + (width - 1) / 2, y + (height - 1) / 2
            for i in range(height):
                for j in range(width):
                    out[row, column] += (
                        image[i, j] * max(0, 1 - abs(x - j)) * max(0, 1 - abs(y - i))
                    )
    return out
