"""A recipe of mlp's, laid out so that ``peers/torch_fast.py`` does the same work from it."""

from pathlib import Path

import click
import numpy as np
from PIL import Image

from mlp_cli.config import Config, from_plain, load, to_plain
from mlp_cli.data.dataset import Dataset
from mlp_cli.errors import MlpError
from mlp_cli.nn import Moment

# Keys of a config that torch_fast.py follows, or that change nothing about the work.
FOLLOWED = ("layers", "init", "schedule", "batch_size", "epochs", "seed", "plots")


def read(name: str) -> Config:
    """The recipe of that name.

    Raises:
        ClickException: there is none, or it asks for more than torch_fast.py does: ReLU, Adam as
            it comes, cross-entropy, all of MNIST.
    """
    try:
        config = load(name)
        given = to_plain(config)
        adam = {"name": "adam", "learning_rate": config.optimizer.learning_rate}
        followed = {
            **{key: given[key] for key in FOLLOWED},
            "data": {"name": "mnist", "validation": 0},
            "optimizer": adam,
            "loss": {"name": "cross_entropy", "label_smoothing": label_smoothing(config)},
        }
        plain = to_plain(from_plain(followed, name))
    except MlpError as error:
        raise click.ClickException(str(error)) from error
    if other := [key for key in given if given[key] != plain[key]]:
        raise click.ClickException(f"{name}: torch_fast.py does not follow {', '.join(other)}")
    return config


def lay_out(config: Config, dataset: Dataset, folder: Path) -> None:
    """Write what torch_fast.py loads: the digits as arrays, and the learning rate of each step."""
    for part, split in (("train", dataset.train), ("test", dataset.test)):
        np.save(folder / f"{part}_images.npy", split.images)
        np.save(folder / f"{part}_labels.npy", split.labels)
    epoch_steps = -(-len(dataset.train) // config.batch_size)
    steps = config.epochs * epoch_steps
    factors = config.schedule(Moment(np.arange(steps), steps, epoch_steps))
    np.save(folder / "rates.npy", config.optimizer.learning_rate * factors)


def arguments(config: Config) -> list[str]:
    """The recipe on torch_fast.py's command line."""
    return [
        f"--sizes={','.join(map(str, (784, *config.layers, 10)))}",
        f"--batch-size={config.batch_size}",
        f"--epochs={config.epochs}",
        "--optimizer=adam",
        f"--learning-rate={config.optimizer.learning_rate}",
        f"--label-smoothing={label_smoothing(config)}",
    ]


def label_smoothing(config: Config) -> float:
    """The share of the target spread over all classes; only cross-entropy has one."""
    return getattr(config.loss, "label_smoothing", 0.0)


def draw_digit(dataset: Dataset, path: Path) -> None:
    """Write the first test digit as a picture for ``mlp predict``."""
    Image.fromarray(dataset.test.images[0].reshape(dataset.shape)).save(path)
