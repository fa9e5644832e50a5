"""Bent bytes for everything that is read from files and flags: python tests/faults/fuzz.py 20000.

Of each kind so many cases are made from good ones and read, as ``reading`` says.
"""

import random
from pathlib import Path

from bending import bent
from reading import Counts, Kind, judge, run


def fuzz(kind: Kind, cases: int, folder: Path, seed: int = 0) -> Counts:
    """Read so many bent cases of a kind."""
    rng = random.Random(f"{seed} {kind.name}")
    counts = Counts()
    for _ in range(cases):
        judge(kind, bent(rng, kind.good), folder, counts)
    return counts


if __name__ == "__main__":
    run(fuzz)
