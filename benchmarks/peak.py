"""Prints the fastest matrix product that NumPy reaches as mlp sets it up, in GFLOP/s."""

import os
import time

from mlp_cli import blas

N = 2048
REPEATS = 20


def main() -> None:
    """Multiply two N × N matrices of float32 some times; the best counts."""
    blas.prepare(os.environ)
    import numpy as np

    rng = np.random.default_rng(0)
    a, b = rng.random((2, N, N), np.float32)
    product = np.empty_like(a)
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        np.matmul(a, b, out=product)
        seconds.append(time.perf_counter() - started)
    print(2 * N**3 / min(seconds) / 1e9)


main()
