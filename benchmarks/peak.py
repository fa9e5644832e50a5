"""Prints the fastest matrix product that NumPy reaches as mlp sets it up, in GFLOP/s."""

import os

from mlp_cli import blas

blas.prepare(os.environ)

from mlp_cli.training.speed import product_gflops  # noqa: E402  # loads NumPy

print(product_gflops())
