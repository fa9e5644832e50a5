"""Programs started several times at once by the mpirun that is installed beside Python."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

LAUNCHER = Path(sys.executable).with_name("mpirun")
here = pytest.mark.skipif(
    find_spec("mpi4py") is None or not LAUNCHER.exists(),
    reason="needs mpi4py and mpirun: pip install 'mlp-cli[mpi]'",
)
SECONDS = 60  # in which every test is long over, unless its ranks wait for each other


def start(ranks: int, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Begin to run Python with these arguments on so many ranks."""
    return subprocess.Popen(
        [LAUNCHER, "-n", str(ranks), sys.executable, *map(str, arguments)],
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for the end, and give the exit code and what was printed; what hangs is killed."""
    with process:
        try:
            out, err = process.communicate(timeout=SECONDS)
        finally:
            process.kill()
    return process.returncode, out, err
