"""Prints the fastest matrix product that NumPy reaches as mlp sets it up, in GFLOP/s."""

import os

from mlp_cli import blas


def main() -> None:
    """Set up as ``mlp train`` does, and measure as ``mlp bench`` does."""
    blas.prepare(os.environ)
    from mlp_cli.training.speed import product_gflops

    print(product_gflops())


main()
