"""Data sets for commands: opened where they are, fetched with a bar where they are missing."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mlp_cli.errors import visible

if TYPE_CHECKING:
    from mlp_cli.data.catalogue import PublishedFile, Record
    from mlp_cli.data.split import Dataset

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with a folder per data set.  [default: $MLP_DATA_DIR, ./data or the user's cache]",
)


def fetch(record: "Record", directory: Path, mirrors: tuple[str, ...] = ()) -> None:
    """Download what is missing of a data set, with a bar for each file on a terminal."""
    from tqdm import tqdm

    from mlp_cli.data.download import download

    def bar(file: "PublishedFile") -> "tqdm[Any]":
        return tqdm(
            desc=file.name, total=file.size, unit="B", unit_scale=True, leave=False, disable=None
        )

    download(record, directory, mirrors, bar)


def open_data(
    name: str, data_dir: Path | None, fetch_missing: bool = False, mirrors: tuple[str, ...] = ()
) -> "Dataset":
    """Open a data set, first fetching what is missing of it if that is wanted."""
    from mlp_cli.data.catalogue import find
    from mlp_cli.data.dataset import is_path, open_dataset
    from mlp_cli.data.directory import data_directory, missing

    directory = data_directory(data_dir)
    if fetch_missing and not is_path(name):
        record = find(name)
        if missing(record, directory) and not record.shipped:
            click.echo(f"Fetching {record.title} to {visible(directory / record.name)}", err=True)
            fetch(record, directory, mirrors)
    return open_dataset(name, directory)
