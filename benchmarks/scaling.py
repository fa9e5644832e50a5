"""How the cost of training grows with samples, width, depth and batch, measured and drawn."""

import json
import os
from pathlib import Path

import click
from racing import MLP, open_mnist, output
from scaling_figure import draw
from sweeps import SWEEPS, Cost, Training

from mlp_cli.cli.datasets import data_dir_option

HERE = Path(__file__).parent


def run(threads: int, script: str, *arguments: str) -> str:
    """What a script of this folder prints, with so many threads."""
    os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
    return output([MLP[0], str(HERE / script), *arguments])


def pace(training: Training, threads: int, directory: Path) -> list[float]:
    """Seconds per epoch, at the pace of each tenth of a second of training."""
    printed = run(threads, "pace.py", json.dumps(training.config()), str(directory))
    return [training.samples * seconds for seconds in json.loads(printed)]


def line(cost: Cost) -> str:
    """A cost in words, with the fastest and the slowest piece."""
    return (
        f"{cost.sweep:<8}{cost.value:>6,}  threads {cost.threads}  "
        f"{cost.seconds:8.4f} s per epoch ({min(cost.pieces):.4f} to {max(cost.pieces):.4f})  "
        f"ideal {cost.ideal:.4f} s"
    )


@click.command()
@data_dir_option
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Draw the figure into this PNG."
)
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write every point here.")
def scaling(data_dir: Path | None, out: Path, file: Path | None) -> None:
    """Train for a second at each point, with one thread and with all, and draw what it costs."""
    directory, _ = open_mnist(data_dir)
    peaks = {threads: float(run(threads, "peak.py")) for threads in (1, os.cpu_count() or 1)}
    costs = []
    for name, sweep in SWEEPS.items():
        for value in sweep.values:
            training = sweep.training(value)
            for threads, peak in peaks.items():
                pieces = pace(training, threads, directory)
                cost = Cost(name, value, threads, peak, training.gigaflop, training.samples, pieces)
                click.echo(line(cost))
                costs.append(cost)
    if file is not None:
        file.write_text(json.dumps([cost.plain() for cost in costs], indent=2))
    draw(costs, out)


scaling()
