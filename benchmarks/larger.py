"""Data larger than memory: how fast and in how much memory it is learned from, on Linux."""

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import click
from racing import MLP, open_mnist, rounds_option

from mlp_cli.cli.datasets import data_dir_option
from mlp_cli.data.arrayfiles import IDX
from mlp_cli.reports.tables import percent

CHILD = Path(__file__).parent / "larger_run.py"
LOOKED_EVERY = 0.02  # seconds
MEMORY = ("VmHWM", "RssAnon")  # the most resident so far, and what of it is now in no file


@dataclass(frozen=True)
class Way:
    """A training, and where its images are."""

    title: str
    data: str
    epochs: int
    place: str = "disk"
    cached: bool = True  # whether the system may have the files in memory already

    def run(self, directory: Path) -> dict[str, Any]:
        """What the training told, and the most memory that it took, in KiB by name."""
        if not self.cached:
            forget(Path(self.data))
        config = {
            "data": {"name": self.data, "validation": 0},
            "layers": [128],
            "batch_size": 128,
            "epochs": self.epochs,
        }
        command = [MLP[0], str(CHILD), json.dumps(config), str(directory), self.place]
        most = dict.fromkeys(MEMORY, 0)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            while running.poll() is None:
                for name, size in resident(running.pid).items():
                    most[name] = max(most[name], size)
                time.sleep(LOOKED_EVERY)
            told, _ = running.communicate()
        if running.returncode:
            raise click.ClickException(f"exit code {running.returncode}: {self.title}")
        return json.loads(told) | most


def resident(pid: int) -> dict[str, int]:
    """The memory of a process, in KiB by name; nothing once it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    fields = dict(line.split(":", 1) for line in lines)
    return {name: int(fields[name].split()[0]) for name in MEMORY if name in fields}


def forget(folder: Path) -> None:
    """Have the system drop the files from its cache, so that they come from the disk."""
    for name in IDX:
        with (folder / name).open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def line(title: str, runs: list[dict[str, Any]]) -> str:
    """The medians of a training's runs; of memory, the most."""
    speed = median(run["samples_per_second"] for run in runs)
    peak, anonymous = (max(run[name] for run in runs) >> 10 for name in MEMORY)
    accuracy = percent(median(run["test_accuracy"] for run in runs))
    return (
        f"{title:<32}{runs[0]['examples']:>10,}  {speed:>10,.0f} a second  {peak:>6,} MiB, "
        f"{anonymous:>6,} MiB of it in no file  test {accuracy}"
    )


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, resolve_path=True))
@rounds_option
@data_dir_option
def larger(folder: str, rounds: int, data_dir: Path | None) -> None:
    """Learn 784-128-10 from the IDX files in FOLDER, from the disk and from memory, and from MNIST.

    `mlp data generate mnist --count 5000000 --out FOLDER` makes such files.
    """
    directory, _ = open_mnist(data_dir)
    ways = [
        Way("MNIST", "mnist", 5),
        Way("in memory", folder, 1, "memory"),
        Way("from the disk, cached", folder, 1),
        Way("from the disk, not cached", folder, 1, cached=False),
    ]
    runs: dict[str, list[dict[str, Any]]] = {way.title: [] for way in ways}
    for number in range(rounds):
        for way in ways:
            click.echo(f"round {number + 1} of {rounds}: {way.title}", err=True)
            runs[way.title].append(way.run(directory))
    for way in ways:
        click.echo(line(way.title, runs[way.title]))
    weights = {run["weights"] for way in ways[1:] for run in runs[way.title]}
    click.echo(f"{'the same' if len(weights) == 1 else 'DIFFERENT'} weights from disk and memory")


larger()
