"""How many 1s with an upstroke are read as 1s, and whether 7s are still 7s.

    python benchmarks/upstrokes.py shipped runs/without

draws an upstroke onto each official test digit that is a plain 1, in three ways, and asks networks.
"""

from pathlib import Path

import click
import numpy as np

from mlp_cli import load
from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.data.upstrokes import upstroked

WAYS = 3


@click.command()
@click.argument("checkpoints", nargs=-1, required=True)
@data_dir_option
def main(checkpoints: tuple[str, ...], data_dir: Path | None) -> None:
    """Print a table for the README."""
    data = open_data("mnist", data_dir)
    ones, sevens = (data.test.images[data.test.labels == digit] for digit in (1, 7))
    drawn = np.concatenate(
        [upstroked(ones, data.shape, np.random.default_rng(way)) for way in range(WAYS)]
    )
    drawn = drawn[(drawn != np.tile(ones, (WAYS, 1))).any(axis=1)]
    click.echo("| network | 1s as they are | 1s with an upstroke | 7s |\n| --- | --- | --- | --- |")
    for checkpoint in checkpoints:
        model = load(checkpoint)
        shares = [
            f"{100 * float(np.mean(model.predict(images) == digit)):.2f} %"
            for images, digit in ((ones, 1), (drawn, 1), (sevens, 7))
        ]
        click.echo(f"| {checkpoint} | {' | '.join(shares)} |")


if __name__ == "__main__":
    main()
