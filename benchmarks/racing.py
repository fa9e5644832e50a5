"""Programs raced as processes of their own, and how many times faster one is than another."""

import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click

from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.directory import data_directory
from mlp_cli.data.split import Dataset
from mlp_cli.errors import MlpError

MLP = [sys.executable, "-m", "mlp_cli"]
PEERS = Path(__file__).parent / "peers"

python_option = click.option(
    "--python", default=sys.executable, help="The peers' interpreter.  [default: this one]"
)
rounds_option = click.option(
    "--rounds",
    default=5,
    show_default=True,
    type=click.IntRange(1),
    help="How often all take turns.",
)


@dataclass(frozen=True)
class Ratio:
    """How many times as long as ours theirs takes."""

    medians: float  # of the median over all rounds
    lowest: float  # of the rounds' own ratios
    highest: float

    @classmethod
    def of(cls, theirs: Sequence[float], ours: Sequence[float]) -> "Ratio":
        """The ratio of seconds measured in turns, a pair per round."""
        each = [their / our for their, our in zip(theirs, ours, strict=True)]
        return cls(median(theirs) / median(ours), min(each), max(each))

    def __str__(self) -> str:
        return f"{self.medians:.2f}× ({self.lowest:.2f} to {self.highest:.2f})"


def output(command: Sequence[str], folder: Path | None = None) -> str:
    """What a command, run in ``folder`` or here, prints on stdout.

    Raises:
        ClickException: it failed; its own words are on stderr.
    """
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=folder, check=False)
    if done.returncode:
        raise click.ClickException(f"exit code {done.returncode}: {shlex.join(command)}")
    return done.stdout


def timed(command: Sequence[str], folder: Path | None = None) -> tuple[float, str]:
    """The seconds that a command takes, from its start to its end, and what it prints."""
    started = time.perf_counter()
    printed = output(command, folder)
    return time.perf_counter() - started, printed


def version(python: str, distribution: str) -> str | None:
    """The version of a distribution that an interpreter has; None without it."""
    look = f"from importlib.metadata import version; print(version({distribution!r}))"
    done = subprocess.run([python, "-c", look], capture_output=True, text=True, check=False)
    return None if done.returncode else done.stdout.strip()


def open_mnist(data_dir: Path | None) -> tuple[Path, Dataset]:
    """The data directory and the full MNIST in it, which is thereby unpacked for ``mlp`` too.

    Raises:
        ClickException: MNIST is not there, or is damaged.
    """
    directory = data_directory(data_dir).absolute()
    try:
        return directory, open_dataset("mnist", directory)
    except MlpError as error:
        raise click.ClickException(str(error)) from error
