"""Walking downhill: the gradient clipped and penalised, then the optimizer's rule, in blocks."""

from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass

import numpy as np

from mlp_cli.nn.optimizers import Optimizer
from mlp_cli.nn.regularizers import add_penalty, clip_norm, drop_faint
from mlp_cli.nn.types import Floats

# Measured with Adam and 1.9 million parameters on two cores with 1 MB of cache each: blocks of 2^18
# floats take 0.88 of the time of 2^16, and two threads 0.75 of the time of one. A step on 100,000
# parameters is slower with two: waking the second takes longer than it saves.
BLOCK = 1 << 18
SHARED_FROM = 1 << 20

# What an optimizer remembers of a weight whose slope stays 0, as at pixels that are never inked,
# fades until it is subnormal, and there rounding keeps it from ever reaching 0. Processors are slow
# on such numbers: after 30 epochs of 784-1024-768-512-10 with Adam one in 13 entries of m was one,
# and an epoch took 5.0 s. With what is faint forgotten at times it takes 4.0 s, as the first does.
FORGOTTEN_EVERY = 100  # steps
FAINT = 1e-30


@dataclass(frozen=True)
class _Block:
    """A part of theta, and of the optimizer's memory, as views."""

    rows: slice
    theta: Floats
    memory: tuple[Floats, ...]
    penalised: bool  # weights are, biases never


class Descent:
    """Walks theta downhill with an optimizer, and keeps what the optimizer remembers.

    Args:
        optimizer: the rule and its numbers.
        theta: the parameters (n,), changed in place.
        n_weights: how many of them, from the start, are weights and so may decay.
        threads: share the blocks of a large theta; how many there are changes no bit of it.
    """

    def __init__(
        self, optimizer: Optimizer, theta: Floats, n_weights: int, threads: int = 1
    ) -> None:
        self.optimizer, self.theta = optimizer, theta
        self.memory = {name: np.zeros_like(theta) for name in optimizer.memory}
        if optimizer.weight_decay or optimizer.l1:
            blocks = [*self._cut(0, n_weights, True), *self._cut(n_weights, theta.size, False)]
        else:
            blocks = self._cut(0, theta.size, False)
        threads = min(threads, len(blocks)) if theta.size >= SHARED_FROM else 1
        self._shares = [blocks[i::threads] for i in range(threads)]
        self._scratch = np.empty((threads, min(BLOCK, theta.size)), theta.dtype)
        self._others = ThreadPoolExecutor(threads - 1) if threads > 1 else None

    def step(self, grad: Floats, lr: float, t: int) -> None:
        """Take step ``t`` (counted from 1) against ``grad``, which is used up."""
        if self.optimizer.clip_norm is not None:
            clip_norm(grad, self.optimizer.clip_norm)
        if self._others is None:
            self._walk(0, grad, lr, t)
        else:
            self._walk_together(self._others, grad, lr, t)

    def _walk_together(self, others: ThreadPoolExecutor, grad: Floats, lr: float, t: int) -> None:
        """One share of the blocks a thread; an error is told when all have come to rest."""
        walks = [  # in a copy of this thread's context, for NumPy's error state is in it
            others.submit(copy_context().run, self._walk, i, grad, lr, t)
            for i in range(1, len(self._shares))
        ]
        try:
            self._walk(0, grad, lr, t)
        finally:
            wait(walks)
        for walk in walks:
            walk.result()

    def _walk(self, share: int, grad: Floats, lr: float, t: int) -> None:
        rule = self.optimizer
        for block in self._shares[share]:
            theta, g = block.theta, grad[block.rows]
            s = self._scratch[share, : theta.size]
            if block.penalised:
                if rule.decoupled:
                    theta *= 1 - lr * rule.weight_decay
                add_penalty(g, theta, s, 0 if rule.decoupled else rule.weight_decay, rule.l1)
            rule.update(theta, g, s, lr, t, *block.memory)
            if t % FORGOTTEN_EVERY == 0:
                for memory in block.memory:
                    drop_faint(memory, s, FAINT)

    def _cut(self, start: int, stop: int, penalised: bool) -> list[_Block]:
        spans = [slice(i, min(i + BLOCK, stop)) for i in range(start, stop, BLOCK)]
        memory = self.memory.values()
        return [
            _Block(rows, self.theta[rows], tuple(m[rows] for m in memory), penalised)
            for rows in spans
        ]
