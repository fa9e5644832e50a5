"""Trials per minute of ``mlp sweep`` with one worker and with two, start-up included."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
from racing import MLP, open_mnist, rounds_option, timed

from mlp_cli.cli.datasets import data_dir_option

CONFIG = "{data: mnist, layers: [128], batch_size: 128, epochs: 2, plots: false}"
SPACE = "optimizer.lr: {low: 3e-4, high: 3e-3, log: true}"  # all trials take the same time
WORKERS = (1, 2)


def per_minute(workers: int, trials: int, data: Path) -> float:
    """Trials in a minute of a whole process."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "net.yaml").write_text(CONFIG)
        (folder / "space.yaml").write_text(SPACE)
        words = ["--config", "net.yaml", "--space", "space.yaml", "--sampler", "random"]
        words += ["--no-prune", "--trials", str(trials), "--workers", str(workers)]
        seconds, _ = timed([*MLP, "sweep", *words, "--data-dir", str(data), "--json"], folder)
    return 60 * trials / seconds


@click.command()
@rounds_option
@data_dir_option
@click.option("--trials", default=12, show_default=True, type=click.IntRange(min=2))
def main(rounds: int, data_dir: Path | None, trials: int) -> None:
    """Sweep 784-128-10 on MNIST, two epochs a trial, with one worker and two in turns."""
    directory, _ = open_mnist(data_dir)
    measured: dict[int, list[float]] = {workers: [] for workers in WORKERS}
    for _ in range(rounds):
        for workers in WORKERS:
            measured[workers].append(per_minute(workers, trials, directory))
    for workers, rates in measured.items():
        told = ", ".join(f"{rate:.1f}" for rate in rates)
        click.echo(
            f"{workers} {'worker ' if workers == 1 else 'workers'}  "
            f"{median(rates):.1f} trials per minute ({told})"
        )
    one, two = (median(measured[workers]) for workers in WORKERS)
    click.echo(f"two do {two / one:.2f} times as many")


if __name__ == "__main__":
    main()
