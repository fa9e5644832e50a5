"""Under mpirun: prints the median seconds that adding up so many float32 over the ranks takes."""

import os
import sys
import time
from statistics import median

import numpy as np

from mlp_cli.launcher import place_of
from mlp_cli.training.ranks import world

WARM_UP, TIMES = 20, 200


def main() -> None:
    """Add up, again and again, and let the first rank print."""
    ranks = world(place_of(os.environ))
    values = np.zeros(int(sys.argv[1]), np.float32)
    seconds = []
    for _ in range(WARM_UP + TIMES):
        started = time.perf_counter()
        ranks.add(values)
        seconds.append(time.perf_counter() - started)
    if ranks.rank == 0:
        print(median(seconds[WARM_UP:]))


main()
