"""One flat vector of parameters, and the layers' arrays as views into it."""

from dataclasses import dataclass
from itertools import pairwise

from mlp_cli.nn.types import Floats


@dataclass(frozen=True)
class Parameters:
    """Views into a flat vector: all weights first, then all biases, then what activations learn.

    So weight decay is a slice, an optimizer a few calls on whole vectors, and a checkpoint or an
    exchange between machines a single array.
    """

    W: tuple[Floats, ...]  # W[i] (fan_in, fan_out)
    b: tuple[Floats, ...]  # b[i] (fan_out,)
    p: tuple[Floats, ...]  # p[i] (0,) for most activations

    @classmethod
    def of(cls, flat: Floats, sizes: tuple[int, ...], learned: tuple[int, ...]) -> "Parameters":
        """Cut ``flat`` up for layers of ``sizes`` whose activations learn ``learned`` numbers."""
        shapes = list(pairwise(sizes))
        start = 0

        def cut(*shape: int) -> Floats:
            nonlocal start
            size = shape[0] * (shape[1] if len(shape) == 2 else 1)
            start += size
            return flat[start - size : start].reshape(shape)

        W = tuple(cut(n_in, n_out) for n_in, n_out in shapes)
        b = tuple(cut(n_out) for _, n_out in shapes)
        return cls(W, b, tuple(cut(n) for n in learned))


def count_weights(sizes: tuple[int, ...]) -> int:
    """How many entries all W of a network with these layer sizes have together."""
    return sum(n_in * n_out for n_in, n_out in pairwise(sizes))


def count_parameters(sizes: tuple[int, ...], learned: tuple[int, ...]) -> int:
    """How long the flat vector is: weights, biases and what activations learn."""
    return count_weights(sizes) + sum(sizes[1:]) + sum(learned)
