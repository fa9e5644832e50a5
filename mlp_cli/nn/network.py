"""The kernel: a multilayer perceptron, forward and backward (Rumelhart, Hinton & Williams 1986).

    z[i] = h[i] W[i] + b[i]        a[i] = f(z[i])        h[0] = x,  h[i+1] = dropout(a[i])

A hidden layer's h W may be normalised and disturbed by noise before b is added.

The last layer's f is the output activation, judged by the loss. Going back, delta[i] = ∂cost/∂z[i]:

    dW[i] = h[i]ᵀ delta[i]         db[i] = Σ_B delta[i]  delta[i−1] = (delta[i] W[i]ᵀ) ⊙ f′(z[i−1])
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import DTypeLike

from mlp_cli.nn.activations import Activation
from mlp_cli.nn.initializers import Initializer
from mlp_cli.nn.losses import Loss
from mlp_cli.nn.normalizers import Normalizer, kept_of_layers
from mlp_cli.nn.parameters import Parameters, count_parameters, count_weights
from mlp_cli.nn.regularizers import draw_dropout_mask, draw_noise
from mlp_cli.nn.types import Floats, Labels, Random
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
        noise: standard deviation of what is added to the input, and to each hidden layer's sums.
        norm: brings the hidden layers' sums to mean 0 and variance 1.

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
        noise: Sequence[float] | None = None,
        norm: Normalizer | None = None,
    ) -> None:
        self.sizes, self.activations, self.loss = tuple(sizes), tuple(activations), loss
        self.output = self.activations[-1]
        if self.output.name not in loss.outputs:
            raise ValueError(
                f"loss {loss.name} makes no sense on {self.output.name} outputs, "
                f"only on {' or '.join(loss.outputs)}"
            )
        self.dropout = tuple(dropout or [0.0] * len(self.activations))
        self.noise = tuple(noise or [0.0] * len(self.activations))
        self.norm = norm
        self.temperature = 1.0  # divides what probabilities are the softmax of
        self.dtype = np.dtype(dtype)
        self.targets = loss.targets(self.sizes[-1]).astype(self.dtype)  # (K + 1, K)

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
        self.kept, self.kept_of_layer = kept_of_layers(norm, self.sizes[1:-1], self.dtype)
        self._workspace: Fitting[Workspace] = Fitting(
            lambda batch: Workspace.allocate(
                batch, self.sizes, self.activations, self.dropout, self.noise, norm, self.dtype
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

    def input_slopes(self, x: Floats, towards: Floats) -> Floats:
        """∂(Σₖ towardsₖ zₖ)/∂x (B, n_in), for the output's sums z (B, K); ``grad`` is used up.

        Args:
            x: inputs (B, n_in).
            towards: how much of each output's slope is wanted (B, K).
        """
        answers, w = self._answers(len(x)), self._workspace(len(x))
        h = self.forward(x, w, answers.z, None)
        w.delta[-1][:] = towards
        self.backward(h, w)
        slopes: Floats = np.dot(w.delta[0], self.W[0].T)  # (B, n_out) @ (n_out, n_in)
        return slopes

    def layer_sums(self, x: Floats) -> list[Floats]:
        """Every layer's sums z[i] (B, n_i), in arrays of their own."""
        sums = []
        h = x
        for W, b, a in zip(self.W, self.b, self.layer_outputs(x), strict=True):
            sums.append(np.dot(h, W) + b)
            h = a
        return sums

    def probabilities(self, x: Floats) -> Floats:
        """How sure the network is of each class, (B, K), each row adding up to 1.

        Softmax outputs are probabilities; sigmoids are divided by their sum, and scores of
        identity outputs go through a softmax. All are then raised to 1 / temperature.
        """
        scores = self._answers(len(x)).z
        self.forward(x, self._workspace(len(x)), scores, None)
        if self.output.name == "sigmoid":
            scores = -np.logaddexp(0, -scores)  # ln σ(z), finite where all σ(z) are 0
        over: Floats = scores - scores.max(axis=1, keepdims=True)
        y: Floats = np.exp(over / self.temperature)
        total: Floats = y.sum(axis=1, keepdims=True)
        return y / total

    def score(self, x: Floats, labels: Labels) -> tuple[float, int]:
        """The sum of the losses and the number of right answers, as in prediction."""
        answers, w = self._answers(len(x)), self._workspace(len(x))
        self._aim(answers, labels)
        self.forward(x, w, answers.z, None)
        self.loss.slope(self.output, answers, w.delta[-1])
        return self._count(answers, labels)

    def learn(
        self,
        x: Floats,
        labels: Labels,
        rng: Random | None = None,
        batch_size: int | None = None,
        descend: Callable[[], None] | None = None,
    ) -> tuple[float, int]:
        """Write ∂cost/∂theta of each batch to ``grad``, and after each call ``descend``.

        Args:
            x: inputs (N, n_in).
            labels: classes (N,), or K of what is none.
            rng: draws dropout and noise; without it there is neither.
            batch_size: examples per batch; without it all are one.
            descend: changes theta.

        Returns:
            The sum of the losses and the number of right answers, each batch's before its step.
        """
        answers = self._answers(len(x))
        self._aim(answers, labels)
        for rows, batch in answers.batches(batch_size or len(x)):
            w = self._workspace(len(batch.z))
            h = self.forward(x[rows], w, batch.z, rng, learning=True)
            self.loss.slope(self.output, batch, w.delta[-1])
            self.backward(h, w)
            if descend is not None:
                descend()
        return self._count(answers, labels)

    def folded(self) -> "Network":
        """A network that predicts the same with one product a layer: the norm is in W and b."""
        if self.norm is None:
            return self
        plain = Network(self.sizes, self.activations, self.loss, dtype=self.dtype)
        plain.theta[:] = self.theta
        plain.temperature = self.temperature
        with np.errstate(over="ignore", invalid="ignore"):  # of a network that has diverged
            for W, b, kept in zip(plain.W, plain.b, self.kept_of_layer, strict=False):
                self.norm.fold(W, b, kept)
        return plain

    def workspace_bytes(self, batch: int) -> int:
        """The memory that a step on ``batch`` examples works in, beside the parameters."""
        return (self._workspace.allocate(1).nbytes + self._answers.allocate(1).nbytes) * batch

    def forward(
        self,
        x: Floats,
        w: Workspace,
        out: Floats,
        rng: Random | None,
        learning: bool = False,
    ) -> list[Floats]:
        """Fill z and a, and ``out`` with the output's z; returns what entered each layer, h."""
        h = [self._enter(x, 0, w, rng)]
        for i, (z, a) in enumerate(zip(w.z, w.a, strict=True)):
            np.dot(h[i], self.W[i], out=z)  # (B, n_in) @ (n_in, n_out) -> (B, n_out)
            if self.norm is not None and learning:
                w.scale[i] = self.norm.forward(z, w.scratch[i], w.ones, self.kept_of_layer[i])
                np.copyto(w.normed[i], z)
            elif self.norm is not None:
                self.norm.predict(z, self.kept_of_layer[i])
            if self.noise[i + 1] and rng is not None:
                z += draw_noise(w.scratch[i], self.noise[i + 1], rng)
            z += self.b[i]
            self.activations[i].forward(z, a, self.p[i])
            h.append(self._enter(a, i + 1, w, rng))
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
            np.dot(w.ones, delta, out=self.db[i])  # (B,) @ (B, n_out) -> (n_out,)
            if self.norm is not None and i < len(w.z):
                self.norm.backward(delta, w.normed[i], w.scratch[i], w.ones, w.scale[i])
            np.dot(h[i].T, delta, out=self.dW[i])  # (n_in, B) @ (B, n_out) -> (n_in, n_out)
            if i == 0:
                return
            below = w.delta[i - 1]
            np.dot(delta, self.W[i].T, out=below)  # (B, n_out) @ (n_out, n_in) -> (B, n_in)
            if (mask := w.mask[i]) is not None and h[i] is w.entered[i]:
                below *= mask
            f, z, a, scratch = self.activations[i - 1], w.z[i - 1], w.a[i - 1], w.scratch[i - 1]
            f.backward(z, a, below, scratch, self.p[i - 1], self.dp[i - 1])

    def _enter(self, a: Floats, i: int, w: Workspace, rng: Random | None) -> Floats:
        """What enters layer i: ``a`` itself, or in training what noise and dropout make of it."""
        entered, mask = w.entered[i], w.mask[i]
        if entered is None or rng is None:
            return a
        if i == 0 and self.noise[0]:
            a = np.add(a, draw_noise(entered, self.noise[0], rng), out=entered)
        if mask is not None:
            draw_dropout_mask(mask, self.dropout[i], rng)
            np.multiply(a, mask, out=entered)
        return entered

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
