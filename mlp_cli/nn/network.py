"""The kernel: a multilayer perceptron, forward and backward (Rumelhart, Hinton & Williams 1986).

    z[i] = h[i] W[i] + b[i]        a[i] = f(z[i])        h[0] = x,  h[i+1] = dropout(a[i])

The last layer's f is the output activation, judged by the loss. Going back, delta[i] = ∂cost/∂z[i]:

    dW[i] = h[i]ᵀ delta[i]         db[i] = Σ_B delta[i]  delta[i−1] = (delta[i] W[i]ᵀ) ⊙ f′(z[i−1])
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import DTypeLike

from mlp_cli.nn.activations import Activation
from mlp_cli.nn.initializers import Initializer
from mlp_cli.nn.losses import Loss
from mlp_cli.nn.parameters import Parameters, count_parameters, count_weights
from mlp_cli.nn.regularizers import draw_dropout_mask
from mlp_cli.nn.types import Floats, Labels
from mlp_cli.nn.workspace import Answers, Fitting, Workspace


class Network:
    """A multilayer perceptron whose parameters are one vector, ``theta``, and slopes ``grad``.

    Args:
        sizes: neurons per layer, inputs first and outputs last.
        activations: f of each layer, the output's last.
        loss: judges the outputs.
        dropout: the fraction switched off of what enters each layer, the input's first.
        dtype: float32 to train, float64 to check gradients.
        theta: the vector to keep the parameters in, where another owner has one.
        grad: likewise for the slopes.

    Raises:
        ValueError: the loss makes no sense with the output activation.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activations: Sequence[Activation],
        loss: Loss,
        dropout: Sequence[float] | None = None,
        dtype: DTypeLike = np.float32,
        theta: Floats | None = None,
        grad: Floats | None = None,
    ) -> None:
        self.sizes, self.activations, self.loss = tuple(sizes), tuple(activations), loss
        self.output = self.activations[-1]
        if self.output.name not in loss.outputs:
            raise ValueError(
                f"loss {loss.name} makes no sense on {self.output.name} outputs, "
                f"only on {' or '.join(loss.outputs)}"
            )
        self.dropout = tuple(dropout or [0.0] * len(self.activations))
        self.dtype = np.dtype(dtype)
        self.targets = loss.targets(self.sizes[-1]).astype(self.dtype)  # (K, K)

        layers = list(zip(self.activations, self.sizes[1:], strict=True))
        learned = tuple(len(f.parameters(n)) for f, n in layers)
        self.n_weights = count_weights(self.sizes)
        n = count_parameters(self.sizes, learned)
        self.theta = np.zeros(n, self.dtype) if theta is None else theta
        self.grad = np.zeros(n, self.dtype) if grad is None else grad
        parameters = Parameters.of(self.theta, self.sizes, learned)
        gradients = Parameters.of(self.grad, self.sizes, learned)
        self.W, self.b, self.p = parameters.W, parameters.b, parameters.p
        self.dW, self.db, self.dp = gradients.W, gradients.b, gradients.p
        self._workspace: Fitting[Workspace] = Fitting(
            lambda batch: Workspace.allocate(
                batch, self.sizes, self.activations, self.dropout, self.dtype
            )
        )
        self._answers: Fitting[Answers] = Fitting(
            lambda n: Answers.allocate(n, self.sizes[-1], self.dtype)
        )

    def initialize(self, initializers: Sequence[Initializer], rng: np.random.Generator) -> None:
        """Draw each layer's weights; biases start at 0, and activations where they say."""
        for draw, W, b in zip(initializers, self.W, self.b, strict=True):
            fan_in, fan_out = W.shape
            W[:] = draw(fan_in, fan_out, rng)
            b[:] = 0
        for f, p in zip(self.activations, self.p, strict=True):
            p[:] = f.parameters(len(p))

    def predict(self, x: Floats) -> Floats:
        """The outputs (B, K) for inputs x (B, n_in), in a buffer that the next call overwrites."""
        answers = self._answers(len(x))
        self.forward(x, self._workspace(len(x)), answers.z, None)
        self.output.forward(answers.z, answers.y, self.p[-1])
        return answers.y

    def layer_outputs(self, x: Floats) -> list[Floats]:
        """Every layer's activations a[i] (B, n_i), in buffers that the next call overwrites."""
        y = self.predict(x)
        return [*self._workspace(len(x)).a, y]

    def probabilities(self, x: Floats) -> Floats:
        """How sure the network is of each class, (B, K), each row adding up to 1.

        Softmax outputs are probabilities; sigmoids are divided by their sum, and scores of
        identity outputs go through a softmax.
        """
        scores = self._answers(len(x)).z
        self.forward(x, self._workspace(len(x)), scores, None)
        if self.output.name == "sigmoid":
            scores = -np.logaddexp(0, -scores)  # ln σ(z), finite where all σ(z) are 0
        y: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
        total: Floats = y.sum(axis=1, keepdims=True)
        return y / total

    def score(self, x: Floats, labels: Labels) -> tuple[float, int]:
        """The sum of the losses and the number of right answers, with dropout off."""
        answers, w = self._answers(len(x)), self._workspace(len(x))
        self._aim(answers, labels)
        self.forward(x, w, answers.z, None)
        self.loss.slope(self.output, answers, w.delta[-1])
        return self._count(answers, labels)

    def learn(
        self,
        x: Floats,
        labels: Labels,
        rng: np.random.Generator | None = None,
        batch_size: int | None = None,
        descend: Callable[[], None] | None = None,
    ) -> tuple[float, int]:
        """Write ∂cost/∂theta of each batch to ``grad``, and after each call ``descend``.

        Args:
            x: inputs (N, n_in).
            labels: classes (N,).
            rng: draws the dropout; without it none is dropped.
            batch_size: examples per batch; without it all are one.
            descend: changes theta.

        Returns:
            The sum of the losses and the number of right answers, each batch's before its step.
        """
        answers = self._answers(len(x))
        self._aim(answers, labels)
        for rows, batch in answers.batches(batch_size or len(x)):
            w = self._workspace(len(batch.z))
            h = self.forward(x[rows], w, batch.z, rng)
            self.loss.slope(self.output, batch, w.delta[-1])
            self.backward(h, w)
            if descend is not None:
                descend()
        return self._count(answers, labels)

    def workspace_bytes(self, batch: int) -> int:
        """The memory that a step on ``batch`` examples works in, beside the parameters."""
        return (self._workspace.allocate(1).nbytes + self._answers.allocate(1).nbytes) * batch

    def forward(
        self, x: Floats, w: Workspace, out: Floats, rng: np.random.Generator | None
    ) -> list[Floats]:
        """Fill z and a, and ``out`` with the output's z; returns what entered each layer, h."""
        h = [self._drop(x, 0, w, rng)]
        for i, (z, a) in enumerate(zip(w.z, w.a, strict=True)):
            np.dot(h[i], self.W[i], out=z)  # (B, n_in) @ (n_in, n_out) -> (B, n_out)
            z += self.b[i]
            self.activations[i].forward(z, a, self.p[i])
            h.append(self._drop(a, i + 1, w, rng))
        np.dot(h[-1], self.W[-1], out=out)
        out += self.b[-1]
        return h

    def backward(self, h: list[Floats], w: Workspace) -> None:
        """From the output's delta to every slope; z, a and delta are used up.

        np.dot and np.matmul are the same product, but matmul makes the dW of a single example
        without BLAS (784 × 30: 31 µs, not 8); ones @ delta takes 0.5 µs where np.sum takes 2.3.
        """
        for i in reversed(range(len(self.W))):
            delta = w.delta[i]  # (B, n_out)
            np.dot(h[i].T, delta, out=self.dW[i])  # (n_in, B) @ (B, n_out) -> (n_in, n_out)
            np.dot(w.ones, delta, out=self.db[i])  # (B,) @ (B, n_out) -> (n_out,)
            if i == 0:
                return
            below = w.delta[i - 1]
            np.dot(delta, self.W[i].T, out=below)  # (B, n_out) @ (n_out, n_in) -> (B, n_in)
            if (mask := w.mask[i]) is not None and h[i] is w.kept[i]:
                below *= mask
            f, z, a, scratch = self.activations[i - 1], w.z[i - 1], w.a[i - 1], w.scratch[i - 1]
            f.backward(z, a, below, scratch, self.p[i - 1], self.dp[i - 1])

    def _drop(self, a: Floats, i: int, w: Workspace, rng: np.random.Generator | None) -> Floats:
        """What enters layer i: ``a`` itself, or in training what dropout leaves of it."""
        mask, kept = w.mask[i], w.kept[i]
        if mask is None or kept is None or rng is None:
            return a
        draw_dropout_mask(mask, self.dropout[i], rng)
        return np.multiply(a, mask, out=kept)

    def _aim(self, answers: Answers, labels: Labels) -> None:
        """Write the target of each label."""
        np.take(self.targets, labels, axis=0, out=answers.target, mode="clip")  # (N, K)

    def _count(self, answers: Answers, labels: Labels) -> tuple[float, int]:
        """The sum of the losses and the number of right answers, after the slopes."""
        self.loss.each(self.output, answers)
        np.argmax(answers.y, axis=1, out=answers.guess)
        np.equal(answers.guess, labels, out=answers.right)
        right = int(np.count_nonzero(answers.right))
        return float(answers.losses.sum(dtype=np.float64)), right
