"""The order of an epoch: drawn as a whole, or, where that would take memory, window by window.

A permutation of more images than memory holds would read each from another place of the disk. So
the rows are cut into blocks, and the blocks into as many strips as a window has blocks. Each window
takes one block of every strip, at random from those left, and its rows are shuffled wholly: reads
are long, memory is a window, and the examples of a batch come from all over the file, in the same
shares, even where it is sorted by class.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.stored import LARGE

WINDOW = 2**26  # bytes of images that are shuffled wholly
BLOCK = 2**18  # bytes of images that are read one after the other
LACKING = -1  # no block


def shuffled(
    rows: NDArray[np.intp],
    size: int,
    rng: Callable[[int], np.random.Generator],
    first: int = 0,
) -> Iterator[NDArray[np.intp]]:
    """Yield rows in random order, in pieces; which order depends on nothing but the arguments.

    Args:
        rows: what to shuffle, (N,).
        size: bytes of an image: of up to LARGE in all, the one piece is a permutation.
        rng: the random numbers for the whole, by 0, and for the windows, by 1 and up.
        first: so many are left out at the start.

    Yields:
        A piece (M,): all of them, or one image or up to WINDOW bytes of them.
    """
    if len(rows) * size <= LARGE:
        yield rng(0).permutation(rows)[first:]
        return
    block = max(1, BLOCK // size)  # rows
    for number, starts in enumerate(_windows(-(-len(rows) // block), block, size, rng(0)), 1):
        places = (starts[:, None] * block + np.arange(block)).ravel()
        places = places[places < len(rows)]  # the last block may be shorter
        if first < len(places):
            yield rows[rng(number).permutation(places)[first:]]
        first = max(0, first - len(places))


def _windows(
    blocks: int, block: int, size: int, rng: np.random.Generator
) -> Iterator[NDArray[np.intp]]:
    """Yield the blocks of each window, ascending: the next of every strip's random order.

    A strip that is a block shorter lacks one in some window: the windows take turns in that, so
    that none is left to few strips.
    """
    strips = max(1, WINDOW // (block * size))
    bounds = np.arange(strips + 1) * blocks // strips  # of the strips, in blocks
    windows = -(-blocks // strips)
    drawn = np.full((strips, windows), LACKING)
    lacks = int(rng.integers(windows))
    for order, (low, high) in zip(drawn, pairwise(bounds.tolist()), strict=True):
        here = np.ones(windows, np.bool_)
        if high - low < windows:
            here[lacks] = False
            lacks = (lacks + 1) % windows
        order[here] = low + rng.permutation(high - low)
    for window in drawn.T:
        yield window[window != LACKING]
