"""Random numbers as a function of (seed, purpose, epoch, step): there is no state to keep."""

import zlib

import numpy as np


def stream(seed: int, purpose: str, epoch: int = 0, step: int = 0) -> np.random.Generator:
    """The random numbers for one purpose at one moment of a run.

    The same four values give the same numbers in any process and on any machine, so a resumed
    run, a prefetcher and several workers all see what an undisturbed run sees.

    Args:
        seed: the run's seed, at least 0.
        purpose: what the numbers are for, such as ``"shuffle"``.
        epoch: counted from 0.
        step: counted from 0 within the epoch.
    """
    key = (seed, zlib.crc32(purpose.encode()), epoch, step)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))
