"""``mlp sweep --workers`` and ``--dask``: who trains the trials."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from mlp_cli.errors import MlpError, UsageError

if TYPE_CHECKING:
    from distributed import Client

workers_option = click.option(
    "--workers", type=click.IntRange(min=1), help="So many trials at once, in processes here."
)
dask_option = click.option("--dask", metavar="ADDRESS", help="The same on a cluster of Dask.")


def see_all_is_here(workers: int | None, dask: str | None) -> None:
    """See that the packages are there that a sweep needs.

    Raises:
        UsageError: processes and a cluster are both asked for.
        MlpError: one is not.
    """
    if workers is not None and dask is not None:
        raise UsageError("--workers: are processes here, and --dask has its own; give one of them")
    if find_spec("optuna") is None:
        raise MlpError("mlp sweep needs Optuna: pip install 'mlp-cli[sweep]'")
    if (workers or dask) and find_spec("distributed") is None:
        flag = "--workers" if workers else "--dask"
        raise MlpError(f"{flag} needs Dask: pip install 'mlp-cli[sweep,dask]'")


@contextmanager
def connected(workers: int | None, dask: str | None) -> "Iterator[Client | None]":
    """The client of the processes or of the cluster that was asked for; None if neither was."""
    if workers is None and dask is None:
        yield None
        return

    from mlp_cli.training.workers import opened

    with opened(workers, dask) as client:
        yield client


def described(workers: int | None, dask: str | None) -> str:
    """Where matrices are multiplied then."""
    where = f"the workers of {dask}" if dask else f"{workers} of this machine's processes"
    return f"by {where}, one thread each"
