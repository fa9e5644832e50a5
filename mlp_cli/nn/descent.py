"""Walking downhill: the gradient clipped and penalised, then the optimizer's rule, in blocks."""

import numpy as np

from mlp_cli.nn.optimizers import Optimizer
from mlp_cli.nn.regularizers import add_penalty, clip_norm
from mlp_cli.nn.types import Floats

BLOCK = 1 << 16  # floats: a block of theta and all that its rule touches stay in the cache


class Descent:
    """Walks theta downhill with an optimizer, and keeps what the optimizer remembers.

    Args:
        optimizer: the rule and its numbers.
        theta: the parameters (n,), changed in place.
        n_weights: how many of them, from the start, are weights and so may decay.
    """

    def __init__(self, optimizer: Optimizer, theta: Floats, n_weights: int) -> None:
        self.optimizer, self.theta = optimizer, theta
        self.memory = {name: np.zeros_like(theta) for name in optimizer.memory}
        weights = [(i, min(i + BLOCK, n_weights)) for i in range(0, n_weights, BLOCK)]
        others = [(i, min(i + BLOCK, theta.size)) for i in range(n_weights, theta.size, BLOCK)]
        self._blocks = [(slice(*span), True) for span in weights]
        self._blocks += [(slice(*span), False) for span in others]
        self._scratch = np.empty(min(BLOCK, theta.size), theta.dtype)

    def step(self, grad: Floats, lr: float, t: int) -> None:
        """Take step ``t`` (counted from 1) against ``grad``, which is used up."""
        rule = self.optimizer
        if rule.clip_norm is not None:
            clip_norm(grad, rule.clip_norm)
        for block, is_weights in self._blocks:
            theta, g = self.theta[block], grad[block]
            s = self._scratch[: theta.size]
            if is_weights:
                if rule.decoupled:
                    theta *= 1 - lr * rule.weight_decay
                add_penalty(g, theta, s, 0 if rule.decoupled else rule.weight_decay, rule.l1)
            rule.update(theta, g, s, lr, t, *(m[block] for m in self.memory.values()))
