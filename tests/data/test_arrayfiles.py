"""Folders of array files: small ones, large ones, and what is wrong with them."""

import gzip
import os
import re
import shutil

import numpy as np
import pytest
from larger import NAMES, save_idx, saved_as_npz, small_is_large

from mlp_cli.data import idx
from mlp_cli.data.arrayfiles import NPY
from mlp_cli.data.dataset import open_dataset
from mlp_cli.errors import DataError

IMAGES = np.arange(12 * 20, dtype=np.uint8).reshape(12, 4, 5)
LABELS = np.arange(12) % 3


def open_own(path):
    return open_dataset(str(path), path.parent)


def save_npy(folder, images=IMAGES, labels=LABELS, names=NPY):
    folder.mkdir(exist_ok=True)
    for name in names:
        np.save(folder / name, images if "images" in name else labels)
    return folder


@pytest.mark.parametrize("kind", ["u1", "i1", "<u2", ">i4", "<i8", ">u8"])
def test_npy_files_with_labels_of_any_whole_numbers(tmp_path, kind):
    dataset = open_own(save_npy(tmp_path / "own", labels=LABELS.astype(kind)))
    assert dataset.shape == (4, 5)
    assert np.array_equal(dataset.train.images, IMAGES.reshape(12, 20))
    assert dataset.test.labels.tolist() == LABELS.tolist()
    assert not dataset.train.images.flags.writeable


def test_npy_images_may_be_flat_and_the_test_part_held_out(tmp_path):
    flat = np.zeros((12, 9), np.uint8)
    dataset = open_own(save_npy(tmp_path / "own", images=flat, names=NPY[:2]))
    assert dataset.shape == (3, 3)
    assert (len(dataset.train), len(dataset.test)) == (10, 2)


BAD = {
    "objects": (lambda: np.array([{}] * 12, object), "holds object, not whole numbers"),
    "floats": (lambda: np.zeros((12, 4, 5)), "holds float64, not whole numbers"),
    "other whole numbers": (lambda: IMAGES.astype(np.uint16), "must be uint8, 0 to 255"),
    "columns first": (lambda: np.asfortranarray(IMAGES), "Fortran's order; save numpy.ascontig"),
    "nothing": (lambda: IMAGES[:0], r"shape \(0, 4, 5\), and so no examples"),
    "a number": (lambda: np.uint8(3), r"shape \(\), and so no examples"),
    "too few": (lambda: IMAGES[:11], "11 images but 12 labels"),
}


@pytest.mark.parametrize(("make", "told"), BAD.values(), ids=BAD)
def test_npy_images_that_cannot_be_learned_from(tmp_path, make, told):
    folder = save_npy(tmp_path / "own")
    np.save(folder / NPY[0], make())
    with pytest.raises(DataError, match=f"(train-images.npy|training).*{told}"):
        open_own(folder)


@pytest.mark.parametrize("change", [lambda raw: raw[:-1], lambda raw: raw + b"\0"])
def test_an_npy_file_of_another_length_than_it_says(tmp_path, change):
    path = save_npy(tmp_path / "own") / NPY[0]
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(DataError, match=r"its header says 368 bytes, the file has 36[79]"):
        open_own(path.parent)


def test_an_npy_file_that_promises_more_than_there_is(tmp_path):
    path = save_npy(tmp_path / "own") / NPY[0]
    path.write_bytes(path.read_bytes().replace(b"(12, 4, 5)", b"(9**9, 5) "))
    with pytest.raises(DataError, match=r"train-images\.npy: not an \.npy file to learn from"):
        open_own(path.parent)
    path.write_bytes(path.read_bytes().replace(b"(9**9, 5)", b"(99999999999, 4, 5)"))
    with pytest.raises(DataError, match=r"train-images\.npy: not an \.npy file to learn from"):
        open_own(path.parent)


@pytest.mark.parametrize("name", [NPY[1], NPY[3]])
def test_images_without_their_labels(tmp_path, name):
    folder = save_npy(tmp_path / "own")
    (folder / name).unlink()
    with pytest.raises(DataError, match=f"{re.escape(name)} is missing beside its other files"):
        open_own(folder)


@pytest.fixture
def large(tmp_path, monkeypatch):
    small_is_large(monkeypatch)
    return save_idx(tmp_path / "many")


def test_large_files_are_left_where_they_are(large):
    dataset = open_own(large)
    assert dataset.train.stored is not None
    assert dataset.test.stored is None
    assert dataset.train.labels.dtype == np.uint16
    rows = np.array([299, 0, 17])
    assert np.array_equal(dataset.train.take(rows).images, dataset.train.images[rows])


def test_the_same_is_known_again_in_any_form(large):
    as_npy = save_npy(large.with_name("npy"), *(idx.map_file(large / name) for name in NAMES[:2]))
    packed = large.with_name("packed")
    packed.mkdir()
    for name in NAMES:
        (packed / f"{name}.gz").write_bytes(gzip.compress((large / name).read_bytes()))
    sums = {open_own(form).checksum for form in (large, as_npy, packed, saved_as_npz(large))}
    assert len(sums) == 1
    other = save_idx(large.with_name("other"), seed=1)
    shutil.copy(large / NAMES[1], other / NAMES[1])
    assert open_own(other).checksum not in sums


def test_images_that_are_gone_are_missed_by_name(tmp_path):
    folder = save_idx(tmp_path / "own")
    (folder / NAMES[0]).unlink()
    with pytest.raises(DataError, match="train-images-idx3-ubyte is missing beside its other"):
        open_own(folder)


def test_large_files_need_a_test_part_of_their_own(large):
    for name in NAMES[2:]:
        (large / name).unlink()
    with pytest.raises(DataError, match="give it a test part of its own, t10k-images-idx3-ubyte"):
        open_own(large)


def test_large_files_are_not_deskewed(large):
    packed = large.with_name("packed many")
    packed.mkdir()
    for name in NAMES:
        (packed / f"{name}.gz").write_bytes(gzip.compress((large / name).read_bytes()))
    for form in (large, packed):
        with pytest.raises(DataError, match=r"many: has more than .* leave data\.deskew out"):
            open_own(form).shown(upright=True)


@pytest.mark.parametrize("names", [NPY, NAMES])
def test_files_that_are_cut_short_once_they_are_open_change_nothing(tmp_path, names):
    folder = tmp_path / "own"
    if names is NPY:
        save_npy(folder)
    else:
        save_idx(folder)
    dataset = open_own(folder)
    before = dataset.train.images.copy()
    for name in names:
        os.truncate(folder / name, 0)
    assert np.array_equal(dataset.train.images, before)
    assert dataset.train.labels.max() == dataset.test.labels.max()
