"""Training goes step by step where PyTorch goes, on real digits, in float64."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mlp_cli.nn import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    Descent,
    Network,
    Optimizer,
)
from mlp_cli.randomness import stream

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install '.[torch]'")

Digits = tuple[np.ndarray, np.ndarray]

SIZES = (784, 32, 16, 10)
STEPS = 20
BATCH = 64

# name, our options, theirs
PAIRS = [
    ("sgd", {}, torch.optim.SGD, {}),
    ("sgd", {"weight_decay": 0.01}, torch.optim.SGD, {}),
    ("momentum", {"weight_decay": 0.01}, torch.optim.SGD, {"momentum": 0.9}),
    ("nesterov", {"weight_decay": 0.01}, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    ("adagrad", {"weight_decay": 0.01}, torch.optim.Adagrad, {}),
    ("rmsprop", {"weight_decay": 0.01}, torch.optim.RMSprop, {}),
    ("adam", {}, torch.optim.Adam, {}),
    ("adam", {"weight_decay": 0.01}, torch.optim.Adam, {}),
    ("adamw", {"weight_decay": 0.1}, torch.optim.AdamW, {}),
]
HIDDEN = {
    "relu": torch.relu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "elu": torch.nn.functional.elu,
    "gelu": lambda z: torch.nn.functional.gelu(z, approximate="tanh"),
    "swish": torch.nn.functional.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "arctan": torch.arctan,
    "softmax": lambda z: torch.softmax(z, dim=1),
}


class Theirs:
    """The same network in PyTorch: the same weights, its own autograd and its own loss."""

    def __init__(self, net: Network, hidden: Callable[[Any], Any], label_smoothing: float) -> None:
        self.W = [torch.tensor(W, requires_grad=True) for W in net.W]
        self.b = [torch.tensor(b, requires_grad=True) for b in net.b]
        self.hidden = hidden
        self.loss = torch.nn.CrossEntropyLoss(label_smoothing=label_smoothing)

    def learn(self, x: np.ndarray, labels: np.ndarray) -> float:
        """Compute the slopes and give the mean loss."""
        a = torch.tensor(x)
        for W, b in zip(self.W[:-1], self.b[:-1], strict=True):
            a = self.hidden(a @ W + b)
        loss = self.loss(a @ self.W[-1] + self.b[-1], torch.tensor(labels))
        for p in (*self.W, *self.b):
            p.grad = None
        loss.backward()
        return loss.item()

    def groups(self, weight_decay: float) -> list[dict[str, Any]]:
        """The parameters as an optimizer takes them: only weights decay."""
        return [
            {"params": self.W, "weight_decay": weight_decay},
            {"params": self.b, "weight_decay": 0},
        ]


def flat(arrays: list[Any]) -> np.ndarray:
    return np.concatenate([a.detach().numpy().ravel() for a in arrays])


def both(hidden: str = "relu", label_smoothing: float = 0.0) -> tuple[Network, Theirs]:
    activations = [ACTIVATIONS[name]() for name in (hidden, hidden, "softmax")]
    loss = LOSSES["cross_entropy"](label_smoothing=label_smoothing)
    ours = Network(SIZES, activations, loss, dtype=np.float64)
    ours.initialize([INITIALIZERS["he"]()] * 3, stream(0, "init"))
    return ours, Theirs(ours, HIDDEN[hidden], label_smoothing)


def compare(
    ours: Network, theirs: Theirs, optimizer: Optimizer, other: Any, digits: Digits, rtol: float
) -> None:
    """Take the same steps with both; the losses and the parameters agree after each."""
    descent = Descent(optimizer, ours.theta, ours.n_weights)
    for t in range(1, STEPS + 1):
        rows = slice((t - 1) * BATCH, t * BATCH)
        x, labels = digits[0][rows], digits[1][rows]
        total, _ = ours.learn(x, labels)
        assert total / BATCH == pytest.approx(theirs.learn(x, labels), rel=rtol)
        if optimizer.clip_norm is not None:
            torch.nn.utils.clip_grad_norm_([*theirs.W, *theirs.b], optimizer.clip_norm)
        descent.step(ours.grad, optimizer.learning_rate, t)
        other.step()
        np.testing.assert_allclose(ours.theta, flat([*theirs.W, *theirs.b]), rtol, atol=rtol)


@pytest.mark.parametrize(("name", "options", "cls", "others"), PAIRS)
def test_optimizers(
    name: str, options: dict[str, Any], cls: Any, others: dict[str, Any], digits: Digits
) -> None:
    ours, theirs = both()
    optimizer = OPTIMIZERS[name](**options)
    groups = theirs.groups(optimizer.weight_decay)
    other = cls(groups, lr=optimizer.learning_rate, **others)
    compare(ours, theirs, optimizer, other, digits, rtol=1e-10)


def test_label_smoothing(digits: Digits) -> None:
    ours, theirs = both(label_smoothing=0.1)
    other = torch.optim.SGD(theirs.groups(0), lr=0.1)
    compare(ours, theirs, OPTIMIZERS["sgd"](), other, digits, rtol=1e-10)


def test_clipping(digits: Digits) -> None:
    ours, theirs = both()
    other = torch.optim.SGD(theirs.groups(0), lr=0.1)
    optimizer = OPTIMIZERS["sgd"](clip_norm=0.5)
    # PyTorch divides by the length + 1e-6, the paper and we by the length.
    compare(ours, theirs, optimizer, other, digits, rtol=1e-5)


@pytest.mark.parametrize("hidden", list(HIDDEN))
def test_slopes(hidden: str, digits: Digits) -> None:
    ours, theirs = both(hidden)
    x, labels = digits[0][:BATCH], digits[1][:BATCH]
    ours.learn(x, labels)
    theirs.learn(x, labels)
    slopes = flat([p.grad for p in (*theirs.W, *theirs.b)])
    np.testing.assert_allclose(ours.grad, slopes, rtol=1e-10, atol=1e-15)


def test_every_optimizer_is_compared() -> None:
    assert {name for name, *_ in PAIRS} == set(OPTIMIZERS)
