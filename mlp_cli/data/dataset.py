"""A data set, from its name in the catalogue or the path of your own."""

from dataclasses import replace
from pathlib import Path

from mlp_cli.data import own
from mlp_cli.data.assemble import assemble
from mlp_cli.data.cache import open_packed
from mlp_cli.data.catalogue import Record, find, is_mnist
from mlp_cli.data.directory import folder, missing, remedy
from mlp_cli.data.split import Dataset
from mlp_cli.errors import DataError


def is_path(name: str) -> bool:
    """Whether ``name`` is the path of data of your own rather than a name of the catalogue."""
    path = Path(name)
    return name != path.name or path.suffix == ".npz"


def open_dataset(name: str, directory: Path) -> Dataset:
    """Opens the data set called ``name``, or your own at the path ``name``.

    Args:
        name: a name of the catalogue; or a folder or ``.npz`` file, as :mod:`mlp_cli.data.own`
            describes.
        directory: the data directory, which holds a folder per data set of the catalogue.

    Raises:
        UsageError: the name is neither.
        DataError: files are missing, damaged, or do not fit together.
        ImageError: a picture in a folder of your own cannot be read.
    """
    try:
        return own.read(name) if is_path(name) else _open_known(find(name), directory)
    except OSError as error:
        raise DataError(f"{name}: cannot be read: {error}") from error


def _open_known(record: Record, directory: Path) -> Dataset:
    home = folder(record, directory)
    if absent := missing(record, directory):
        names = ", ".join(file.name for file in absent)
        raise DataError(
            f"{record.name}: {names} missing in {home}; {remedy(record, directory)}, or use "
            "mnist-5k, which comes with the program"
        )
    try:
        images, labels, test_images, test_labels = (
            open_packed(home / file.name, file.sha256) for file in record.files
        )
    except DataError as error:
        raise DataError(f"{error}; {remedy(record, directory)}") from error
    test = test_images, test_labels
    dataset = assemble(record.name, (images, labels), test, record.classes)
    return replace(dataset, prepared=is_mnist(record.name))
