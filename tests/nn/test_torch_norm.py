"""Normalised layers learn, keep statistics and predict as PyTorch's do, on real digits."""

from typing import Any

import numpy as np
import pytest

from mlp_cli.nn import ACTIVATIONS, INITIALIZERS, LOSSES, NORMALIZERS, Network
from mlp_cli.randomness import stream

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install '.[torch]'")

Digits = tuple[np.ndarray, np.ndarray]

SIZES = (784, 32, 16, 10)
BATCH = 64
RATE = 0.1
THEIRS = {
    "batch": lambda n, o: torch.nn.BatchNorm1d(n, o.eps, o.momentum, affine=False),
}


class Theirs(torch.nn.Module):
    """The same network in PyTorch, the biases after the norm as here."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.W = torch.nn.ParameterList(torch.tensor(W) for W in net.W)
        self.b = torch.nn.ParameterList(torch.tensor(b) for b in net.b)
        norms = [THEIRS[net.norm.name](n, net.norm).double() for n in SIZES[1:-1]]
        self.norms = torch.nn.ModuleList(norms)

    def forward(self, x: Any) -> Any:
        for W, b, norm in zip(self.W, self.b, self.norms, strict=False):
            x = torch.relu(norm(x @ W) + b)
        return x @ self.W[-1] + self.b[-1]


def flat(arrays: Any) -> np.ndarray:
    return np.concatenate([np.empty(0), *(a.detach().numpy().ravel() for a in arrays)])


def kept(theirs: Theirs) -> np.ndarray:
    return flat(a for a in theirs.buffers() if a.is_floating_point())


@pytest.mark.parametrize("name", list(NORMALIZERS))
def test_a_few_steps_and_what_is_predicted_after_them(name: str, digits: Digits) -> None:
    activations = [ACTIVATIONS[f]() for f in ("relu", "relu", "softmax")]
    norm, loss = NORMALIZERS[name](), LOSSES["cross_entropy"]()
    ours = Network(SIZES, activations, loss, dtype=np.float64, norm=norm)
    ours.initialize([INITIALIZERS["he"]()] * 3, stream(0, "init"))
    theirs = Theirs(ours)
    descent = torch.optim.SGD(theirs.parameters(), lr=RATE)
    for step in range(5):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        x, labels = digits[0][rows], digits[1][rows]
        total, _ = ours.learn(x, labels)
        mean = torch.nn.functional.cross_entropy(theirs(torch.tensor(x)), torch.tensor(labels))
        descent.zero_grad()
        mean.backward()
        assert total / BATCH == pytest.approx(mean.item(), rel=1e-10)
        slopes = flat(p.grad for p in theirs.parameters())
        np.testing.assert_allclose(ours.grad, slopes, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(ours.kept, kept(theirs), rtol=1e-10, atol=1e-12)
        ours.theta -= RATE * ours.grad
        descent.step()
    x = digits[0][-BATCH:]
    with torch.no_grad():
        expected = torch.softmax(theirs.eval()(torch.tensor(x)), dim=1).numpy()
    np.testing.assert_allclose(ours.predict(x), expected, rtol=1e-9)
    np.testing.assert_allclose(ours.folded().predict(x), expected, rtol=1e-9)
