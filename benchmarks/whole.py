"""Seconds from the prompt to the result: whole processes of ``mlp``, and of PyTorch's beside it."""

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from tempfile import TemporaryDirectory

import click
import recipe
from racing import (
    MLP,
    PEERS,
    Ratio,
    open_mnist,
    python_option,
    rounds_option,
    timed,
    version,
)

from mlp_cli.cli.datasets import data_dir_option
from mlp_cli.reports.tables import percent


@dataclass(frozen=True)
class Process:
    """A process that trained, judged and saved a network."""

    seconds: float
    test_accuracy: float

    @classmethod
    def run(cls, command: list[str], folder: Path | None = None) -> "Process":
        """Run a command whose last line is a JSON object with the test accuracy."""
        seconds, printed = timed(command, folder)
        return cls(seconds, json.loads(printed.splitlines()[-1])["test_accuracy"])


def line(title: str, processes: list[Process]) -> str:
    """The median of the seconds, and how well the networks read."""
    accuracies = [process.test_accuracy for process in processes]
    return (
        f"{title:<28}{median(process.seconds for process in processes):7.3f} s   "
        f"{percent(mean(accuracies))} on average, {percent(min(accuracies))} at least"
    )


@click.command()
@click.option("--config", "name", default="fast", show_default=True, help="The recipe's name.")
@rounds_option
@python_option
@data_dir_option
def whole(name: str, rounds: int, python: str, data_dir: Path | None) -> None:
    """Train a recipe with mlp and with PyTorch in turns, a seed per round; time two commands."""
    config = recipe.read(name)
    directory, dataset = open_mnist(data_dir)
    torch = version(python, "torch")
    ours, theirs, helps, predictions = [], [], [], []
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        recipe.lay_out(config, dataset, folder)
        recipe.draw_digit(dataset, folder / "digit.png")
        train = [*MLP, "train", f"--config={name}", f"--data-dir={directory}", "--json"]
        train_torch = [
            python,
            str(PEERS / "torch_fast.py"),
            f"--data={folder}",
            *recipe.arguments(config),
        ]
        predict = [*MLP, "predict", "digit.png"]
        for seed in range(rounds):
            click.echo(f"round {seed + 1} of {rounds}", err=True)
            ours.append(Process.run([*train, f"--seed={seed}"], folder))
            if torch:
                theirs.append(Process.run([*train_torch, f"--seed={seed}"]))
            helps.append(timed([*MLP, "--help"], folder)[0])
            predictions.append(timed(predict, folder)[0])

    click.echo(line(f"mlp train --config {name}", ours))
    if torch:
        ratio = Ratio.of([each.seconds for each in theirs], [each.seconds for each in ours])
        click.echo(f"{line(f'PyTorch {torch}', theirs)}\n{'':<28}{ratio}")
    else:
        click.echo(f"PyTorch is absent: {python} has no torch")
    click.echo(f"{'mlp --help':<28}{median(helps):7.3f} s")
    click.echo(f"{'mlp predict digit.png':<28}{median(predictions):7.3f} s")


whole()
