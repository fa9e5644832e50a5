"""What mpirun puts into the environment tells which of how many processes this is."""

import pytest

from mlp_cli.launcher import Place, place_of

HYDRA = {"PMI_RANK": "2", "PMI_SIZE": "4", "MPI_LOCALNRANKS": "3"}
OPEN_MPI = {
    "OMPI_COMM_WORLD_RANK": "2",
    "OMPI_COMM_WORLD_SIZE": "4",
    "OMPI_COMM_WORLD_LOCAL_SIZE": "3",
}


@pytest.mark.parametrize(
    ("environ", "place"),
    [
        ({}, Place(0, 1, 1)),
        (HYDRA, Place(2, 4, 3)),
        (OPEN_MPI, Place(2, 4, 3)),
        ({"PMI_RANK": "0", "PMI_SIZE": "1"}, Place(0, 1, 1)),
        ({"PMI_RANK": "1", "PMI_SIZE": "4"}, Place(1, 4, 4)),
        ({"PMI_RANK": "1"}, Place(0, 1, 1)),
        ({"PMI_RANK": "", "PMI_SIZE": "many"}, Place(0, 1, 1)),
    ],
)
def test_the_environment_tells_the_place(environ, place):
    assert place_of(environ) == place
