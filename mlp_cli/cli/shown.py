"""Which network a command asks, and what it is shown: a prepared picture, or a test digit."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli.cli import completion
from mlp_cli.cli.datasets import open_data
from mlp_cli.errors import DataError, UsageError, command_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlp_cli.data.pictures import Picture
    from mlp_cli.training.checkpoint import Checkpoint

checkpoint_option = click.option(
    "--checkpoint",
    "-c",
    default="shipped",
    show_default=True,
    shell_complete=completion.checkpoints,
    help="An .npz file, a run folder (its best epoch), `latest`, or the one that comes along.",
)


def note_unfinished(saved: "Checkpoint") -> None:
    """Say it where a network is of a run that has not come to its end."""
    from mlp_cli.training.rundir import RunFolder

    run = RunFolder(saved.path.parent)
    if run.last.exists() and not run.summary.exists():
        going_on = command_line(["mlp", "train", "--resume", str(run.path)])
        click.echo(f"Note: {visible(run.path)} is not finished; {going_on} goes on.", err=True)


def refuse_twice(paths: "Iterable[Path]", why: str) -> None:
    """See that a command is given different files or folders, and say why it wants them.

    Raises:
        UsageError: one is named twice.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.resolve() in seen:
            raise UsageError(f"{path}: is named twice; {why}")
        seen.add(path.resolve())


def test_digit(index: int, saved: "Checkpoint", data_dir: Path | None) -> "Picture":
    """A digit of the test set, with what it is."""
    from mlp_cli.data.pictures import Picture
    from mlp_cli.training.subject import subject

    dataset = open_data(saved.data_name, data_dir)
    examples, _, _ = subject(saved, dataset, "test")
    if index >= len(examples):
        raise DataError(f"--index {index}: {dataset.name} has only {len(examples):,} test digits")
    truth = dataset.classes[examples.labels[index]]
    return Picture(f"{dataset.name} test digit {index}", examples.images[index], truth)
