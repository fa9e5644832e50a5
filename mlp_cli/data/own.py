"""Your own data: a folder of pictures, a folder of IDX or ``.npy`` files, or an ``.npz``.

    FOLDER/CLASS/*                         pictures, a subfolder per class, prepared as MNIST's
    FOLDER/train/CLASS/*, FOLDER/test/…    the same, already divided
    FOLDER/train-images-idx3-ubyte, …      array files, as :mod:`mlp_cli.data.arrayfiles` reads them
    FILE.npz                               x_train, y_train, x_test, y_test as Keras names them;
                                           or images and labels; and, if you like, classes

Where there is no test part, a sixth of each class is held out for it, always the same.
"""

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlp_cli.arrays import read_arrays
from mlp_cli.data import arrayfiles
from mlp_cli.data.assemble import MOST_CLASSES, Arrays, assemble
from mlp_cli.data.images import load_image
from mlp_cli.data.pictures import picture_files
from mlp_cli.data.prepare import prepare
from mlp_cli.data.split import Dataset
from mlp_cli.errors import DataError


def read(name: str) -> Dataset:
    """Reads the data at the path ``name``.

    Raises:
        DataError: nothing is there, or it is not of a form that the module describes.
        ImageError: a picture cannot be read.
        OSError: the system refuses to read.
    """
    if not name.isascii() and name != name.encode(errors="replace").decode():
        # No checkpoint could say what it was trained on.
        raise DataError(f"{name}: has a name that is no text (UTF-8); name it otherwise")
    path = Path(name).expanduser()
    if path.is_file():
        return _read_npz(path, name)
    if not path.is_dir():
        raise DataError(
            f"{name}: there is no such file or folder; a relative path counts from the current one"
        )
    if names := arrayfiles.names_in(path):
        return arrayfiles.read_folder(path, name, names)
    return _read_pictures(path, name)


def _read_npz(path: Path, name: str) -> Dataset:
    if not zipfile.is_zipfile(path):
        raise DataError(f"{name}: not an .npz file, or cut short")
    try:
        arrays = read_arrays(path)
    except ValueError as error:
        raise DataError(f"{name}: not an .npz file of plain arrays: {error}") from error
    classes = None
    if "classes" in arrays:
        classes = [str(label) for label in arrays["classes"].ravel()[: MOST_CLASSES + 1]]
    if "images" in arrays:
        return assemble(name, _pair(arrays, "images", "labels", name), None, classes)
    train = _pair(arrays, "x_train", "y_train", name)
    test = _pair(arrays, "x_test", "y_test", name) if "x_test" in arrays else None
    return assemble(name, train, test, classes)


def _pair(arrays: dict[str, NDArray[Any]], images: str, labels: str, name: str) -> Arrays:
    if images not in arrays or labels not in arrays:
        raise DataError(
            f"{name}: needs the arrays {images} and {labels}; it has {', '.join(arrays) or 'none'}"
        )
    return arrays[images], arrays[labels]


def _read_pictures(folder: Path, name: str) -> Dataset:
    train, test = folder / "train", folder / "test"
    if train.is_dir() and test.is_dir():
        classes = _class_names(train)
        if unknown := set(_class_names(test)) - set(classes):
            raise DataError(f"{test}: classes that {train} has not: {', '.join(sorted(unknown))}")
        held_out = _pictures(test, classes)
    else:
        train, held_out = folder, None
        classes = _class_names(folder)
    return replace(assemble(name, _pictures(train, classes), held_out, classes), prepared=True)


def _class_names(folder: Path) -> list[str]:
    """The subfolders: those that are numbers first, in their order, then the others by name."""
    names = [path.name for path in folder.iterdir() if path.is_dir()]
    names = [name for name in names if not name.startswith((".", "__"))]  # __MACOSX of a zip
    if not names:
        raise DataError(
            f"{folder}: neither IDX or .npy files nor a subfolder of pictures per class in it"
        )
    return sorted(names, key=lambda name: (0, int(name), "") if name.isdecimal() else (1, 0, name))


def _pictures(folder: Path, classes: list[str]) -> Arrays:
    """Every picture below ``folder``: images (N, 784) and labels (N,)."""
    images: list[NDArray[np.uint8]] = []
    labels: list[int] = []
    for label, name in enumerate(classes):
        if not (folder / name).is_dir():  # the test part may lack a class
            continue
        paths = picture_files(folder / name)
        if not paths:
            raise DataError(f"{folder / name}: no pictures in it")
        images += [prepare(load_image(path, str(path)), str(path)) for path in paths]
        labels += [label] * len(paths)
    return np.stack(images), np.array(labels)
