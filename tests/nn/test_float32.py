"""Training in float32 goes where exact numbers, and PyTorch in float32, go."""

from collections.abc import Iterator

import numpy as np
import pytest
from networks import network

from mlp_cli.nn import OPTIMIZERS, Descent, Network

Digits = tuple[np.ndarray, np.ndarray]

SIZES = (784, 32, 16, 10)
STEPS = 100
BATCH = 40


def batches(digits: Digits, dtype: type) -> Iterator[Digits]:
    """Each digit once."""
    for rows in np.arange(STEPS * BATCH).reshape(STEPS, BATCH):
        yield digits[0][rows].astype(dtype), digits[1][rows]


def started(dtype: type) -> Network:
    """The start is drawn in float64, and rounded, so that all have the same."""
    net = network(*SIZES, dtype=dtype)
    net.theta[:] = network(*SIZES).theta.astype(np.float32)
    return net


def losses(name: str, digits: Digits, dtype: type) -> np.ndarray:
    """The mean loss of each batch, before the step on it."""
    net, optimizer = started(dtype), OPTIMIZERS[name]()
    descent = Descent(optimizer, net.theta, net.n_weights)
    told = []
    for t, (x, labels) in enumerate(batches(digits, dtype), 1):
        told.append(net.learn(x, labels)[0] / BATCH)
        descent.step(net.grad, optimizer.learning_rate, t)
    return np.array(told)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_float32_goes_where_float64_goes(name: str, digits: Digits) -> None:
    """The losses differ by 1.2e-6 of themselves at most (adamw), and by 2e-7 with plain sgd."""
    exact = losses(name, digits, np.float64)
    np.testing.assert_allclose(losses(name, digits, np.float32), exact, rtol=1e-5)
    assert exact[-1] < 0.7 * exact[0]  # it was a training


@pytest.mark.parametrize("name", ["sgd", "adam"])
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float32, 3e-6), (np.float64, 1e-13)])
def test_it_goes_where_pytorch_goes(name: str, dtype: type, rtol: float, digits: Digits) -> None:
    """The losses differ by 2.6e-7 of themselves at most in float32, and by 6e-16 in float64."""
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install '.[torch]'")
    net = started(dtype)
    parameters = [torch.tensor(p, requires_grad=True) for p in (*net.W, *net.b)]
    W, b = parameters[:3], parameters[3:]
    optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[name](
        parameters, lr=OPTIMIZERS[name]().learning_rate
    )
    theirs = []
    for x, labels in batches(digits, dtype):
        a = torch.tensor(x)
        for i in (0, 1):
            a = torch.relu(a @ W[i] + b[i])
        loss = torch.nn.functional.cross_entropy(a @ W[2] + b[2], torch.tensor(labels))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        theirs.append(loss.item())
    np.testing.assert_allclose(losses(name, digits, dtype), theirs, rtol)
