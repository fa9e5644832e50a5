"""JAX: an epoch is one jitted scan over its batches, compiled in the first, its buffers donated."""

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import common
import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8  # Adam's, as everywhere

Params: TypeAlias = list[tuple[Array, Array]]  # W (n_in, n_out) and b (n_out,) of each layer
Memory: TypeAlias = tuple[Params, ...]  # what the optimizer remembers
State: TypeAlias = tuple[Params, Memory, Array]  # with the number of steps done
Rule: TypeAlias = Callable[[Params, Params, Memory, Array], tuple[Params, Memory]]


def initial(sizes: tuple[int, ...], key: Array) -> Params:
    """W ~ N(0, 2/n_in) and b = 0 for each layer (He et al. 2015)."""
    keys = jax.random.split(key, len(sizes) - 1)
    return [
        (jax.random.normal(k, (n_in, n_out)) * (2 / n_in) ** 0.5, jnp.zeros(n_out))
        for k, n_in, n_out in zip(keys, sizes[:-1], sizes[1:], strict=True)
    ]


def logits(params: Params, x: Array) -> Array:
    """The outputs (B, 10) before softmax."""
    *hidden, (W, b) = params
    for W_hidden, b_hidden in hidden:
        x = jax.nn.relu(x @ W_hidden + b_hidden)
    return x @ W + b


def cost(params: Params, x: Array, labels: Array) -> Array:
    """The mean cross-entropy of a batch."""
    log_p = jax.nn.log_softmax(logits(params, x))
    return -jnp.take_along_axis(log_p, labels[:, None], axis=1).mean()


def rule(task: common.Task) -> tuple[int, Rule]:
    """How many vectors the optimizer remembers, and its step."""
    lr, momentum = task.learning_rate, task.momentum

    def sgd(p: Params, g: Params, memory: Memory, t: Array) -> tuple[Params, Memory]:
        return jax.tree.map(lambda p, g: p - lr * g, p, g), ()

    def heavy_ball(p: Params, g: Params, memory: Memory, t: Array) -> tuple[Params, Memory]:
        v = jax.tree.map(lambda v, g: momentum * v + g, memory[0], g)
        return jax.tree.map(lambda p, v: p - lr * v, p, v), (v,)

    def adam(p: Params, g: Params, memory: Memory, t: Array) -> tuple[Params, Memory]:
        m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, memory[0], g)
        v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, memory[1], g)
        rate = lr * jnp.sqrt(1 - BETA2**t) / (1 - BETA1**t)
        return jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + EPS), p, m, v), (m, v)

    if task.optimizer == "adam":
        return 2, adam
    return (1, heavy_ball) if momentum else (0, sgd)


def main() -> None:
    """Train, and print how long it took and how well it went."""
    task = common.task()
    train, test = common.digits(task.data, "train"), common.digits(task.data, "t10k")
    images, labels = jnp.asarray(train.images), jnp.asarray(train.labels, jnp.int32)
    remembered, update = rule(task)
    rng = np.random.default_rng(task.seed)
    whole = len(labels) // task.batch_size * task.batch_size  # a scan's batches are all alike

    @partial(jax.jit, donate_argnums=0)
    def through(state: State, order: Array, images: Array, labels: Array) -> State:
        def step(state: State, rows: Array) -> tuple[State, None]:
            params, memory, t = state
            slopes = jax.grad(cost)(params, images[rows], labels[rows])
            params, memory = update(params, slopes, memory, t + 1)
            return (params, memory, t + 1), None

        return jax.lax.scan(step, state, order)[0]

    params = initial(task.sizes, jax.random.key(task.seed))
    memory = tuple(jax.tree.map(jnp.zeros_like, params) for _ in range(remembered))
    state = params, memory, jnp.float32(0)

    def epoch() -> None:
        nonlocal state
        # NumPy shuffles 60,000 numbers in 1 ms; jax.random.permutation takes 30.
        order = rng.permutation(len(labels))[:whole].reshape(-1, task.batch_size)
        state = jax.block_until_ready(through(state, jnp.asarray(order), images, labels))

    seconds = common.timed(epoch, task.epochs)
    right = logits(state[0], jnp.asarray(test.images)).argmax(axis=1) == test.labels
    common.report(seconds, float(right.mean()))


main()
