"""Ranks: processes that learn together, each from its part of every batch, with what they say.

All take the same steps, for the gradients are added up before each. What one alone may decide or
write is the first rank's: the others have the bits it has, and nothing to tell.
"""

import os
import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from mlp_cli.errors import MlpError
from mlp_cli.launcher import Place
from mlp_cli.nn.types import Floats

if TYPE_CHECKING:
    from mpi4py.MPI import Intracomm


class Alone:
    """One process: everything is its own, and there is nobody to talk with."""

    rank, size = 0, 1
    launcher: tuple[str, ...] = ()  # the words that start so many ranks

    def rows(self, n: int) -> slice:
        """Which of n examples are this rank's; the first ranks have one more where N is uneven."""
        share, more = divmod(n, self.size)
        start = self.rank * share + min(self.rank, more)
        return slice(start, start + share + (self.rank < more))

    def noted(self, machine: str) -> str:
        """What multiplies matrices, with how often it is there."""
        return machine

    def most(self, number: int) -> int:
        """The greatest of the numbers that the ranks give."""
        return number

    def part(self) -> None:
        """Wait until all ranks have come here; after it they have nothing more to do together."""


class Ranks(Alone):
    """Several processes, as seen by one of them; what talks has to be called by all.

    Args:
        comm: what they talk through.
    """

    def __init__(self, comm: "Intracomm") -> None:
        self._comm, self.rank, self.size = comm, comm.rank, comm.size
        self.launcher = ("mpirun", "-n", str(self.size))

    def noted(self, machine: str) -> str:
        return f"{machine}, on each of {self.size} ranks"

    def add(self, values: Floats) -> None:
        """Replace values (n,) by their sums over the ranks, the same bits on each."""
        from mpi4py import MPI

        self._comm.Allreduce(MPI.IN_PLACE, values)

    def sums(self, *numbers: float) -> tuple[float, ...]:
        """Each number's sum over the ranks."""
        values = np.array(numbers, np.float64)
        self.add(values)
        return tuple(values.tolist())

    def most(self, number: int) -> int:
        from mpi4py import MPI

        return int(self._comm.allreduce(number, MPI.MAX))

    def told(self, what: Any = None) -> Any:
        """What the first rank says, to all."""
        return self._comm.bcast(what)

    def part(self) -> None:
        from mpi4py import MPI

        self._comm.Barrier()
        MPI.Finalize()


def world(place: Place) -> Ranks:
    """The ranks that a launcher started together, this one among them.

    Raises:
        MlpError: mpi4py is missing, does not load, or belongs to another MPI than the launcher.
    """
    if find_spec("mpi4py") is None:
        raise MlpError("mpirun: needs mpi4py to train with; pip install 'mlp-cli[mpi]'")
    os.environ.setdefault("MPIR_CVAR_SUPPRESS_ABORT_MESSAGE", "1")  # errors are told in our words
    try:
        with warnings.catch_warnings(action="ignore"):  # of another MPI, which we tell below
            from mpi4py import MPI
    except (ImportError, RuntimeError) as error:
        raise MlpError(f"mpirun: mpi4py cannot be loaded: {error}") from error
    if MPI.COMM_WORLD.size != place.size:
        raise MlpError(
            f"mpirun: started {place.size} processes, of which mpi4py sees {MPI.COMM_WORLD.size}; "
            "it belongs to another MPI: start with the mpirun beside this Python"
        )
    return Ranks(MPI.COMM_WORLD)
