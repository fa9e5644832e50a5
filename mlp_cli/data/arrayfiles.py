"""A folder of array files: images and labels, to learn from and to be judged on.

    train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-…   IDX, gzipped or plain
    train-images.npy, train-labels.npy, test-…                 as NumPy saves them

The images of large plain files are read from where they are; what is smaller is in memory, for a
file that is cut short under a memory map ends the process without a word.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from mlp_cli.arrays import map_array
from mlp_cli.data.assemble import assemble
from mlp_cli.data.cache import open_packed
from mlp_cli.data.catalogue import TEST_IMAGES, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS
from mlp_cli.data.idx import map_file
from mlp_cli.data.split import Dataset, Split
from mlp_cli.data.stored import LARGE, Stored
from mlp_cli.errors import DataError

IDX = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)
NPY = ("train-images.npy", "train-labels.npy", "test-images.npy", "test-labels.npy")


def names_in(folder: Path) -> tuple[str, ...] | None:
    """The names that array files have in a folder; None where there are none."""
    return next((names for names in (IDX, NPY) if any(_file(folder, n) for n in names)), None)


def read_folder(folder: Path, name: str, names: tuple[str, ...]) -> Dataset:
    """The data set in a folder that has array files of these names.

    Raises:
        DataError: a file is missing or damaged, or they do not fit together.
        OSError: the system refuses to read.
    """
    images, labels, test_images, test_labels = names
    train = _open(folder, images), _open(folder, labels)
    if _file(folder, test_images):
        test = _open(folder, test_images), _open(folder, test_labels)
        dataset = assemble(name, train, test)
        return replace(
            dataset,
            train=_with_place(dataset.train, folder, images),
            test=_with_place(dataset.test, folder, test_images),
        )
    if train[0].nbytes > LARGE and (folder / images).is_file():
        raise DataError(
            f"{name}: has more than {LARGE >> 20} MiB of images, which stay where they are; give "
            f"it a test part of its own, {test_images} and {test_labels}"
        )
    return assemble(name, train)


def _file(folder: Path, name: str) -> Path | None:
    packed = [] if name in NPY else [f"{name}.gz"]
    return next((folder / each for each in (name, *packed) if (folder / each).is_file()), None)


def _open(folder: Path, name: str) -> NDArray[Any]:
    path = _file(folder, name)
    if path is None:
        raise DataError(f"{folder}: {name} is missing beside its other files")
    if path.suffix == ".gz":
        return open_packed(path)
    array = map_npy(path) if path.suffix == ".npy" else map_file(path)
    if array.nbytes <= LARGE:
        array = array.copy()
        array.flags.writeable = False
    return array


def map_npy(path: Path) -> NDArray[Any]:
    """The array of whole numbers in an ``.npy`` file, memory-mapped and read-only.

    Raises:
        DataError: it is damaged, or no such file.
        OSError: the system refuses to read.
    """
    try:
        return map_array(path)
    except ValueError as error:
        raise DataError(f"{path}: not an .npy file to learn from: {error}") from error


def _with_place(split: Split, folder: Path, name: str) -> Split:
    """A large split of a plain file with the place of its images, which fill the file's end."""
    path = folder / name
    if not (split.large and path.is_file()):
        return split
    start = path.stat().st_size - split.images.nbytes
    return replace(split, stored=Stored(path, start, split.images.shape[1]))
