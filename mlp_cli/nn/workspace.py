"""Every buffer of a layer's size that a step writes to, made once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from mlp_cli.nn.activations import Activation
from mlp_cli.nn.types import Floats


@dataclass(frozen=True)
class Workspace:
    """Buffers for batches of one size; lists have one entry a layer, the last one the output's."""

    z: list[Floats]  # z[i] (B, n_i) sums
    a: list[Floats]  # a[i] (B, n_i) activations; the same buffer as z[i] where f works in place
    delta: list[Floats]  # delta[i] (B, n_i) ∂cost/∂a[i], then ∂cost/∂z[i]
    scratch: list[Floats]  # scratch[i] (B, n_i) views of one buffer
    mask: list[Floats | None]  # mask[i] (B, n_in) dropout of what enters layer i
    kept: list[Floats | None]  # kept[i] (B, n_in) what dropout left of it
    target: Floats  # (B, K)
    losses: Floats  # (B,)
    guess: NDArray[np.intp]  # (B,)
    right: NDArray[np.bool_]  # (B,)

    @classmethod
    def allocate(
        cls,
        batch: int,
        sizes: tuple[int, ...],
        activations: tuple[Activation, ...],
        dropout: tuple[float, ...],
        dtype: DTypeLike,
    ) -> "Workspace":
        """Buffers for ``batch`` examples in a network of these layer sizes."""

        def floats(n: int) -> Floats:
            return np.empty((batch, n), dtype)

        z = [floats(n) for n in sizes[1:]]
        hidden = zip(activations[:-1], z, strict=False)
        a = [buffer if f.in_place else np.empty_like(buffer) for f, buffer in hidden]
        scratch = np.empty(batch * max(sizes[1:]), dtype)
        return cls(
            z=z,
            a=[*a, floats(sizes[-1])],  # a loss wants the output's sums and activations apart
            delta=[floats(n) for n in sizes[1:]],
            scratch=[scratch[: batch * n].reshape(batch, n) for n in sizes[1:]],
            mask=[floats(n) if rate else None for rate, n in zip(dropout, sizes, strict=False)],
            kept=[floats(n) if rate else None for rate, n in zip(dropout, sizes, strict=False)],
            target=floats(sizes[-1]),
            losses=np.empty(batch, dtype),
            guess=np.empty(batch, np.intp),
            right=np.empty(batch, np.bool_),
        )

    @property
    def nbytes(self) -> int:
        """The memory of all buffers, in bytes, shared ones counted once."""
        lists = (self.z, self.a, self.delta, self.mask, self.kept)
        buffers = [buffer for layers in lists for buffer in layers if buffer is not None]
        sizes = {id(buffer): buffer.nbytes for buffer in buffers}
        scratch = max(buffer.nbytes for buffer in self.scratch)
        rest = self.target.nbytes + self.losses.nbytes + self.guess.nbytes + self.right.nbytes
        return sum(sizes.values()) + scratch + rest

    def narrow(self, batch: int) -> "Workspace":
        """The same buffers, for the short last batch of an epoch: views of their first rows."""

        def rows(buffers: list[Floats]) -> list[Floats]:
            return [buffer[:batch] for buffer in buffers]

        def rows_or_none(buffers: list[Floats | None]) -> list[Floats | None]:
            return [None if buffer is None else buffer[:batch] for buffer in buffers]

        return Workspace(
            z=rows(self.z),
            a=rows(self.a),
            delta=rows(self.delta),
            scratch=rows(self.scratch),
            mask=rows_or_none(self.mask),
            kept=rows_or_none(self.kept),
            target=self.target[:batch],
            losses=self.losses[:batch],
            guess=self.guess[:batch],
            right=self.right[:batch],
        )
