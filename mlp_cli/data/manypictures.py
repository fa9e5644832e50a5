"""Very many pictures, prepared by several processes, never more of them in memory than needed."""

import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing import get_context

from mlp_cli.data.pictures import Picture, Preparation, Source, Unread, pictures
from mlp_cli.errors import ImageError

AT_ONCE = 32  # pictures a process is given
MOST = 60  # processes, which Windows can wait for at once
AHEAD = 3  # such tasks for each process, so that none waits


def pictures_in_parallel(
    found: Sequence[Source | Unread],
    shape: tuple[int, int],
    make: Preparation,
    processes: int | None = None,
) -> Iterator[Picture | Unread]:
    """As ``pictures``, in the same order, each prepared by one of several processes.

    Args:
        found: what ``sources`` gives.
        shape: the height and width that the network was trained on.
        make: as for ``pictures``; it has to be known by its name in a module.
        processes: how many; by default as many as there are cores for this one.

    Raises:
        ImageError: a process was killed.
    """
    processes = processes or min(MOST, _cores())
    coming = iter(found)
    waiting: deque[Future[list[Picture | Unread]]] = deque()
    # A fork would take the threads of the matrix library along, half of the time asleep.
    # Ctrl-C is for this process alone, which ends the others.
    deaf = (signal.signal, (signal.SIGINT, signal.SIG_IGN))
    with ProcessPoolExecutor(processes, get_context("spawn"), *deaf) as pool:
        try:
            while True:
                while len(waiting) < AHEAD * processes and (some := list(islice(coming, AT_ONCE))):
                    waiting.append(pool.submit(_prepared, some, shape, make))
                if not waiting:
                    return
                yield from waiting.popleft().result()
        except BrokenProcessPool:
            raise ImageError(
                "a process that prepared pictures was killed, perhaps for want of memory; read "
                "fewer at once"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _cores() -> int:
    """Cores that this process may use, which can be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _prepared(
    some: Sequence[Source | Unread], shape: tuple[int, int], make: Preparation
) -> list[Picture | Unread]:
    return list(pictures(some, shape, make))
