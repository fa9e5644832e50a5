"""How many pictures without a digit are taken for none, and how many digits are.

    python benchmarks/nothings.py shipped runs/without --pictures 100

draws pictures of each kind of tests/nothings.py and prepares them. A picture is taken for no digit
if nothing stands out from its ground, or the network is less sure of its answer than NO_DIGIT.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from nothings import NOTHINGS, draw

from mlp_cli import load
from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.data.digits import prepare_digit
from mlp_cli.errors import ImageError
from mlp_cli.reports.answers import NO_DIGIT


def prepared(name: str, pictures: int) -> NDArray[np.uint8]:
    """What pictures of a kind leave to be read: (n, 784), of those that are not blank."""
    found = []
    for i in range(pictures):
        try:
            found.append(prepare_digit(draw(name, np.random.default_rng(i))))
        except ImageError:
            continue
    return np.array(found, np.uint8).reshape(-1, 784)


@click.command()
@click.argument("checkpoints", nargs=-1, required=True)
@click.option("--pictures", default=100, show_default=True, help="How many of each kind.")
@data_dir_option
def main(checkpoints: tuple[str, ...], pictures: int, data_dir: Path | None) -> None:
    """Print a table for the README."""
    networks = [load(checkpoint) for checkpoint in checkpoints]

    def row(name: str, images: NDArray[np.uint8], number: int) -> str:
        shares = []
        for network in networks:
            sure = network.predict_proba(images).max(axis=1) if len(images) else np.empty(0)
            shares.append(f"{100 * (1 - np.sum(sure >= NO_DIGIT) / number):.4g} %")
        return " | ".join([f"| {name}", *shares]) + " |"

    with ProcessPoolExecutor() as pool:
        left = list(pool.map(partial(prepared, pictures=pictures), NOTHINGS))
    click.echo(" | ".join(["| of", *checkpoints]) + " |\n" + "| --- " * (1 + len(networks)) + "|")
    for name, images in zip(NOTHINGS, left, strict=True):
        click.echo(row(name, images, pictures))
    click.echo(row("all of these", np.concatenate(left), pictures * len(NOTHINGS)))
    digits = open_data("mnist", data_dir).test.images
    click.echo(row("the official test digits", digits, len(digits)))


if __name__ == "__main__":
    main()
