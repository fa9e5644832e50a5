"""How many digits are read right on paper, in bad light, with thick pens …: before and after.

    python benchmarks/pictures.py runs/minute --digits 100

draws official test digits under each nuisance of tests/papers.py, and reads them resized and
inverted, as is usual, and prepared as ``mlp predict`` does.
"""

import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import click
import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from papers import NUISANCES, draw

from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.data.deskew import deskew
from mlp_cli.data.digits import prepare_digit
from mlp_cli.data.images import load_image
from mlp_cli.errors import ImageError
from mlp_cli.reports.answers import least_sure
from mlp_cli.training.checkpoint import load
from mlp_cli.training.names import find_checkpoint


def read(name: str, checkpoint: str, digits: int, data_dir: Path | None) -> tuple[float, float]:
    """The share of digits that are right under one nuisance: resized alone, and prepared."""
    saved = load(find_checkpoint(checkpoint))
    network = saved.network().folded()
    test = open_data("mnist", data_dir).test
    right = np.zeros(2)
    for i in np.random.default_rng(len(name)).choice(len(test), digits, replace=False):
        file = draw(name, test.images[i].reshape(28, 28), np.random.default_rng(i))
        picture = load_image(file, name)
        resized = 255 - np.asarray(picture.convert("L").resize((28, 28))).reshape(-1)
        try:
            prepared = prepare_digit(picture)
        except ImageError:
            prepared = np.zeros(784, np.uint8)  # counts as wrong, unless guessed
        both = np.array([resized, prepared])
        if saved.config.data.deskew:
            both = deskew(both, saved.shape)
        shares = network.probabilities(both.astype(np.float32) / 255)
        read = np.array([True, shares[1].max() >= least_sure(saved)])
        right += read & (shares.argmax(axis=1) == test.labels[i])
    resized_right, prepared_right = right / digits
    return float(resized_right), float(prepared_right)


@click.command()
@click.argument("checkpoint")
@click.option("--digits", default=100, show_default=True, help="How many under each nuisance.")
@data_dir_option
def main(checkpoint: str, digits: int, data_dir: Path | None) -> None:
    """Print a table for the README."""
    work = partial(read, checkpoint=checkpoint, digits=digits, data_dir=data_dir)
    with ProcessPoolExecutor() as pool:
        shares = list(pool.map(work, NUISANCES))
    click.echo("| nuisance | resized and inverted | prepared |\n| --- | --- | --- |")
    for name, (before, after) in zip(NUISANCES, shares, strict=True):
        click.echo(f"| {name} | {100 * before:.0f} % | {100 * after:.0f} % |")
    before, after = np.mean(shares, axis=0)
    click.echo(f"| all | {100 * before:.1f} % | {100 * after:.1f} % |")


if __name__ == "__main__":
    main()
