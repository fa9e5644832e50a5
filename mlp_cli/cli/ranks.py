"""Under mpirun: the first rank speaks for all, and an error on any of them ends all."""

import io
import os
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from mlp_cli import blas
from mlp_cli.cli.datasets import open_data
from mlp_cli.cli.interrupt import BY_SIGNAL, interruptible
from mlp_cli.launcher import Place

if TYPE_CHECKING:
    from types import ModuleType

PATIENCE = 2.0  # seconds in which the first rank tells an error that all of them have
PASSING = 0.3  # seconds in which mpirun passes on what was told, before it ends all
LAUNCHER = "PMI_FD"  # where Hydra hears what a process without MPI asks for; others need no word
TURN = 1.0  # seconds in which one of the others tells an error that the first does not have
TURNS = 10  # that ranks have of their own


def hush(place: Place) -> io.StringIO:
    """From now on a rank beside the first says nothing; what it has of errors is kept."""
    kept = io.StringIO()
    if place.rank:
        _to_nowhere(1)
        sys.stderr = kept
    return kept


def meet(place: Place) -> None:
    """Begin to talk with the other ranks, if there are any; then an error on one can end all."""
    if place.size > 1:
        blas.start()  # it may start the program anew, which cannot be once MPI has begun

        from mlp_cli.training.ranks import world

        world(place)


def end_all(place: Place, code: int, kept: io.StringIO) -> None:
    """End all ranks if this one failed while others may wait for it, and tell an error once.

    The others may wait for it in the very beginning of MPI: then it begins too, to end all.
    """
    if not code or place.size == 1:
        return
    mpi = _begun()
    if mpi is not None and (mpi.Is_finalized() or mpi.COMM_WORLD.size == 1):
        return
    if place.rank:  # here those before it, if they failed too, have ended all
        time.sleep(PATIENCE + min(place.rank - 1, TURNS) * TURN)
        os.write(2, f"Rank {place.rank}: {kept.getvalue()}".encode())
    time.sleep(PASSING)
    _to_nowhere(2)  # the error is told: MPI need not tell it again
    if mpi is not None:
        mpi.COMM_WORLD.Abort(code)
    elif launcher := os.environ.get(LAUNCHER):
        os.write(int(launcher), f"cmd=abort exitcode={code}\n".encode())


def _begun() -> "ModuleType | None":
    """MPI, which begins as it is imported; None where it cannot be."""
    try:
        with warnings.catch_warnings(action="ignore"):
            from mpi4py import MPI
    except (ImportError, RuntimeError):
        return None
    return MPI


def accompany(place: Place, data_dir: Path | None) -> int:
    """Take part in the training that the first rank begins, shows and keeps."""
    machine = blas.start()

    from mlp_cli.training.ranks import world
    from mlp_cli.training.resume import take_up
    from mlp_cli.training.shared import SharedTrainer

    ranks = world(place)
    saved = ranks.told()
    dataset = open_data(saved.data_name, data_dir)
    trainer = SharedTrainer(saved.config, dataset, machine.threads or 1, ranks)
    take_up(saved, trainer)
    if trainer.leaves_a_core:
        blas.use_one_thread()
    number = 0
    with interruptible() as asked:
        for _ in trainer.fit():
            if number := ranks.most(asked()):
                break
        ranks.part()
    return BY_SIGNAL + number if number else 0


def _to_nowhere(output: int) -> None:
    """What is written to 1, stdout, or 2, stderr, is written nowhere from now on."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, output)
    os.close(nowhere)
