"""The workers of a sweep: processes of this machine, or a cluster that is there already."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from distributed import Client, LocalCluster

from mlp_cli.errors import ClusterError, UsageError

CONNECTED = 5  # seconds in which a scheduler answers


@contextmanager
def opened(number: int | None, address: str | None) -> Iterator[Client]:
    """A client of so many processes, which end with it, or of the scheduler at an address.

    Raises:
        UsageError: it is no address.
        ClusterError: no scheduler answers there.
    """
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is told in our words
    if address is None:
        with (
            LocalCluster(
                n_workers=number,
                threads_per_worker=1,
                memory_limit=None,
                dashboard_address="127.0.0.1:0",  # any port, for there are several sweeps
                scheduler_kwargs={"dashboard": False},
                silence_logs=logging.CRITICAL,
                preload=["mlp_cli.training.remote"],
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(address, timeout=CONNECTED)
    except (ValueError, TypeError, ImportError) as error:
        raise UsageError(
            f"--dask {address}: is no address of a scheduler, or one that Dask lacks a package or "
            f"its settings for: {error}"
        ) from error
    except OSError as error:
        raise ClusterError(
            f"--dask {address}: no scheduler answers within {CONNECTED} seconds; is it started, "
            "and is this what it says it listens at?"
        ) from error
    with client:
        yield client


def trainer(version: str) -> Callable[[dict[str, Any]], Any]:
    """What trains a job on a worker.

    It is sent as its code, with plain values beside it: what a worker or the scheduler cannot
    import would end them as it comes in, and not only the task.
    """

    def train_there(job: dict[str, Any]) -> Any:
        import mlp_cli

        if mlp_cli.__version__ != version:
            raise ImportError(f"it has {mlp_cli.__version__}")
        from mlp_cli.training.remote import Job, train

        return train(Job(**job))

    return train_there
