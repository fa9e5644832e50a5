"""Data sets of an instant that are taken for large ones."""

from pathlib import Path

import numpy as np
import pytest

from mlp_cli.data import arrayfiles, batches, idx, shuffle, split, stored

SIDES = (4, 5)
NAMES = arrayfiles.IDX


def small_is_large(patch: pytest.MonkeyPatch, large: int = 1000) -> None:
    """A data set of so many bytes is large; a window has 8 blocks of 5 images of 20 bytes."""
    for module in (arrayfiles, shuffle, split):
        patch.setattr(module, "LARGE", large)
    patch.setattr(shuffle, "BLOCK", 5 * 20)
    patch.setattr(shuffle, "WINDOW", 8 * 5 * 20)
    patch.setattr(batches, "WINDOW", 8 * 5 * 20)
    patch.setattr(batches, "READ_AT_ONCE", 7 * 20)
    patch.setattr(stored, "AT_ONCE", 6 * 20)
    patch.setattr(stored, "GAP", 2 * 20)


def save_idx(folder: Path, train: int = 300, test: int = 24, seed: int = 0) -> Path:
    """A folder of IDX files with noisy pictures of three classes, sorted by class."""
    folder.mkdir()
    rng = np.random.default_rng(seed)
    means = rng.integers(0, 200, (3, *SIDES))
    for examples, (images, labels) in ((train, NAMES[:2]), (test, NAMES[2:])):
        classes = np.arange(examples) * 3 // examples
        pixels = means[classes] + rng.integers(0, 56, (examples, *SIDES))
        (folder / images).write_bytes(idx.encode(pixels.astype(np.uint8)))
        (folder / labels).write_bytes(idx.encode(classes.astype(np.uint8)))
    return folder


def saved_as_npz(folder: Path) -> Path:
    """The same data set in an .npz, and so in memory, beside the folder."""
    arrays = [idx.map_file(folder / name) for name in NAMES]
    path = folder.with_suffix(".npz")
    np.savez(path, **dict(zip(("x_train", "y_train", "x_test", "y_test"), arrays, strict=True)))
    return path
