"""What mpirun tells a process that it starts: which of how many it is."""

from collections.abc import Mapping
from dataclasses import dataclass

# Rank, number of ranks, and number of them on this machine: by Hydra (MPICH, Intel MPI, Slurm's
# PMI-2), and by Open MPI.
NAMES = (
    ("PMI_RANK", "PMI_SIZE", "MPI_LOCALNRANKS"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_SIZE"),
)


@dataclass(frozen=True)
class Place:
    """A process among those that were started together; each is called by its rank."""

    rank: int = 0
    size: int = 1  # ranks
    local: int = 1  # ranks on this machine


def place_of(environ: Mapping[str, str]) -> Place:
    """The place that an environment tells of; a process that nobody launched is alone."""
    for rank, size, local in NAMES:
        told = [environ.get(name, "") for name in (rank, size)]
        if all(value.isdecimal() for value in told):
            size_told = int(told[1])
            here = environ.get(local, "")
            return Place(int(told[0]), size_told, int(here) if here.isdecimal() else size_told)
    return Place()
