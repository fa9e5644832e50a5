"""What a report of a fault needs to know of a machine, and whether anything on it is broken."""

import contextlib
import os
import platform
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

from mlp_cli import __version__
from mlp_cli.data.catalogue import find
from mlp_cli.data.directory import cache_directory, records_here, remedy, verify
from mlp_cli.training.selftest import TOLERANCE, gradient_error

PACKAGE = "mlp-cli"
TELLING = ("MLP_", "OPENBLAS_", "GOTO_", "OMP_", "MKL_")  # beginnings of variables that matter


@dataclass(frozen=True)
class Health:
    """What was found."""

    mlp: str
    python: str
    system: str
    processor: str
    cores: int
    memory: int | None  # bytes
    blas: str
    packages: dict[str, str]
    environment: dict[str, str]
    directory: str  # of the data
    data: dict[str, dict[str, str]]  # of each data set that is here, its files' states
    free: dict[str, int]  # bytes free where we write
    gradient_error: float

    @property
    def faults(self) -> list[str]:
        """What is broken, a line each."""
        told = [
            f"{name}/{file} is {status}; {remedy(find(name), Path(self.directory))}"
            for name, files in self.data.items()
            for file, status in files.items()
            if status != "ok"
        ]
        if not self.gradient_error < TOLERANCE:
            told.append(
                f"gradients are off by {self.gradient_error:.1e} of their length; try "
                "MLP_BLAS=default, and install numpy again"
            )
        return told


def health(blas: str, directory: Path, environ: Mapping[str, str]) -> Health:
    """Look at everything; it takes about a second.

    Args:
        blas: what multiplies matrices.
        directory: the data directory.
        environ: the environment as the user set it.
    """
    return Health(
        mlp=__version__,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        system=platform.platform(),
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory=_memory(),
        blas=blas,
        packages=_packages(),
        environment={k: v for k, v in sorted(environ.items()) if k.startswith(TELLING)},
        directory=str(directory),
        data={record.name: dict(verify(record, directory)) for record in records_here(directory)},
        free=_free([Path(), directory, cache_directory()]),
        gradient_error=gradient_error(),
    )


def _free(places: Iterable[Path]) -> dict[str, int]:
    """The bytes free at each place that is there."""
    found = {}
    for place in places:
        with contextlib.suppress(OSError):
            found[str(place.absolute())] = shutil.disk_usage(place).free
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor())


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not everywhere is it known
        return None


def _packages() -> dict[str, Any]:
    """The versions of what we depend on."""
    try:
        wanted = [line for line in requires(PACKAGE) or () if "extra ==" not in line]
    except PackageNotFoundError:  # run from a checkout that was never installed
        wanted = ["numpy", "click"]
    names = sorted({_name(line) for line in wanted})
    return {name: version(name) for name in names}


def _name(requirement: str) -> str:
    """The package in a requirement such as ``numpy>=2.0``."""
    end = next((i for i, c in enumerate(requirement) if not (c.isalnum() or c in "-_.")), None)
    return requirement[:end]
