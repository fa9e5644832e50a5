"""What keeps a network from learning its examples by heart, and its numbers within bounds."""

import math

import numpy as np

from mlp_cli.nn.types import Floats, Random


def draw_dropout_mask(mask: Floats, rate: float, rng: Random) -> None:
    """Fill ``mask`` with 0 (a neuron is off, probability ``rate``) and 1/(1 − rate) elsewhere.

    The scaling keeps the expected activation, so that at prediction nothing has to be done
    (inverted dropout; Srivastava et al. 2014).
    """
    rng.random(dtype=mask.dtype, out=mask)
    np.greater_equal(mask, rate, out=mask)
    mask *= 1 / (1 - rate)


def draw_noise(out: Floats, deviation: float, rng: Random) -> Floats:
    """Fill ``out`` with Gaussian noise of mean 0 and this standard deviation."""
    rng.standard_normal(dtype=out.dtype, out=out)
    out *= deviation
    return out


def add_penalty(dW: Floats, W: Floats, scratch: Floats, weight_decay: float, l1: float) -> None:
    """Add to dW the slope of ½·weight_decay·‖W‖² + l1·‖W‖₁."""
    if weight_decay:
        np.multiply(W, weight_decay, out=scratch)
        dW += scratch
    if l1:
        np.sign(W, out=scratch)
        scratch *= l1
        dW += scratch


def clip_norm(grad: Floats, max_norm: float) -> None:
    """Shorten grad to length ``max_norm`` where it is longer (Pascanu et al. 2013)."""
    norm = math.sqrt(np.einsum("i,i->", grad, grad, dtype=np.float64))  # no overflow in float32
    if norm > max_norm:
        grad *= max_norm / norm


def drop_faint(values: Floats, scratch: Floats, faint: float) -> None:
    """Set to 0 what is nearer to it than ``faint``."""
    np.abs(values, out=scratch)
    np.greater_equal(scratch, faint, out=scratch)
    values *= scratch
