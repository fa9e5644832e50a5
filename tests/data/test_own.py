"""Data of your own, in each of its forms."""

import gzip
import os
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from mlp_cli.data import idx
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.prepare import prepare
from mlp_cli.errors import DataError, ImageError

IMAGES = np.arange(12 * 28 * 28, dtype=np.uint8).reshape(12, 28, 28)
LABELS = (np.arange(12) % 3).astype(np.uint8)
IDX = {
    "train-images-idx3-ubyte": IMAGES,
    "train-labels-idx1-ubyte": LABELS,
    "t10k-images-idx3-ubyte": IMAGES[:3],
    "t10k-labels-idx1-ubyte": LABELS[:3],
}


def open_own(path):
    return open_dataset(str(path), path.parent)


def save_pictures(folder, **classes):
    for name, images in classes.items():
        (folder / name).mkdir(parents=True)
        for number, image in enumerate(images):
            Image.fromarray(image).save(folder / name / f"{number}.png")
    return folder


@pytest.mark.parametrize("packed", [False, True])
def test_a_folder_of_idx_files(tmp_path, packed):
    for name, array in IDX.items():
        raw = idx.encode(array)
        if packed:
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress(raw))
        else:
            (tmp_path / name).write_bytes(raw)
    dataset = open_own(tmp_path)
    assert dataset.name == str(tmp_path)
    assert dataset.classes == ("0", "1", "2")
    assert np.array_equal(dataset.train.images, IMAGES.reshape(12, 784))
    assert np.array_equal(dataset.test.labels, LABELS[:3])


def test_idx_files_without_a_test_part(tmp_path):
    for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"):
        (tmp_path / name).write_bytes(idx.encode(IDX[name]))
    dataset = open_own(tmp_path)
    assert (len(dataset.train), len(dataset.test)) == (10, 2)


def test_idx_images_without_their_labels(tmp_path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx.encode(IMAGES))
    with pytest.raises(DataError, match="train-labels-idx1-ubyte is missing"):
        open_own(tmp_path)


def test_an_npz_with_the_names_of_keras(tmp_path):
    path = tmp_path / "digits.npz"
    np.savez(path, x_train=IMAGES, y_train=LABELS, x_test=IMAGES[:3], y_test=LABELS[:3])
    dataset = open_own(path)
    assert dataset.shape == (28, 28)
    assert np.array_equal(dataset.train.images, IMAGES.reshape(12, 784))
    assert np.array_equal(dataset.test.labels, LABELS[:3])


def test_an_npz_of_images_and_labels_with_class_names(tmp_path):
    path = tmp_path / "letters.npz"
    np.savez_compressed(path, images=IMAGES, labels=LABELS, classes=["a", "b", "ç"])
    dataset = open_own(path)
    assert dataset.classes == ("a", "b", "ç")
    assert (len(dataset.train), len(dataset.test)) == (10, 2)


def test_classes_without_end_are_refused_before_they_take_memory(tmp_path):
    path = tmp_path / "digits.npz"
    np.savez_compressed(path, images=IMAGES, labels=LABELS, classes=np.zeros(30_000_000, np.uint8))
    tracemalloc.start()
    with pytest.raises(DataError, match="more than 10,000 classes"):
        open_own(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000_000


def test_an_npz_without_the_right_arrays_says_what_it_has(tmp_path):
    path = tmp_path / "digits.npz"
    np.savez(path, x_train=IMAGES, labels=LABELS)
    with pytest.raises(DataError, match="needs the arrays x_train and y_train; it has x_train, la"):
        open_own(path)


def npz_of_objects(path):
    np.savez(path, images=np.array([{}], object), labels=LABELS)


def npz_cut_short(path):
    np.savez(path, images=IMAGES, labels=LABELS)
    path.write_bytes(path.read_bytes()[:5000])


def npz_with_flipped_bytes(path):
    np.savez_compressed(path, images=IMAGES, labels=LABELS)
    raw = bytearray(path.read_bytes())
    raw[200:400] = bytes(200)
    path.write_bytes(raw)


def npy_by_another_name(path):
    with path.open("wb") as file:
        np.save(file, IMAGES)


@pytest.mark.parametrize(
    "make",
    [
        npz_of_objects,
        npz_cut_short,
        npz_with_flipped_bytes,
        npy_by_another_name,
        lambda path: path.touch(),
        lambda path: path.write_text("<html>"),
    ],
)
def test_what_is_not_an_npz_of_plain_arrays_is_refused(tmp_path, make):
    make(tmp_path / "digits.npz")
    with pytest.raises(DataError, match=r"digits\.npz: not an \.npz file"):
        open_own(tmp_path / "digits.npz")


def test_a_subfolder_per_class_sorted_as_numbers(tmp_path):
    classes = {"10": IMAGES[:6], "9": IMAGES[6:], "x": IMAGES[:6]}
    save_pictures(tmp_path / "own", **classes)
    (tmp_path / "own" / ".hidden").mkdir()
    (tmp_path / "own" / "__MACOSX").mkdir()
    (tmp_path / "own" / "9" / ".DS_Store").touch()
    (tmp_path / "own" / "README.txt").touch()
    dataset = open_own(tmp_path / "own")
    assert dataset.classes == ("9", "10", "x")
    assert np.bincount(dataset.test.labels).tolist() == [1, 1, 1]
    parts = (dataset.train, dataset.test)
    nines = [row.tobytes() for part in parts for row in part.images[part.labels == 0]]
    assert set(nines) == {prepare(Image.fromarray(image)).tobytes() for image in IMAGES[6:]}
    assert dataset.prepared


def test_pictures_already_divided(tmp_path):
    save_pictures(tmp_path / "own" / "train", cat=IMAGES[:2], dog=IMAGES[2:4])
    save_pictures(tmp_path / "own" / "test", dog=IMAGES[4:5])
    dataset = open_own(tmp_path / "own")
    assert dataset.classes == ("cat", "dog")
    expected = [prepare(Image.fromarray(image)) for image in IMAGES[:4]]
    assert np.array_equal(dataset.train.images, expected)
    assert dataset.test.labels.tolist() == [1]


def test_a_test_class_that_was_never_trained_on(tmp_path):
    save_pictures(tmp_path / "own" / "train", cat=IMAGES[:2], dog=IMAGES[2:4])
    save_pictures(tmp_path / "own" / "test", dog=IMAGES[:1], fox=IMAGES[:1])
    with pytest.raises(DataError, match="has not: fox"):
        open_own(tmp_path / "own")


def test_a_picture_of_another_size_is_prepared(tmp_path):
    paper = np.full((90, 60), 255, np.uint8)
    paper[10:80, 25:35] = 0  # a black bar on white
    save_pictures(tmp_path / "own", bar=[paper] * 2, digit=IMAGES[:2])
    dataset = open_own(tmp_path / "own")
    bar = dataset.train.images[dataset.train.labels == 0][0].reshape(28, 28)
    assert bar[14, 14] == 255
    assert bar[:4].max() == bar[24:].max() == 0


def test_an_empty_class_folder(tmp_path):
    save_pictures(tmp_path / "own", cat=IMAGES[:2], dog=[])
    with pytest.raises(DataError, match="dog: no pictures in it"):
        open_own(tmp_path / "own")


def test_a_folder_of_one_class(tmp_path):
    save_pictures(tmp_path / "own", cat=IMAGES[:2])
    with pytest.raises(DataError, match="only one class"):
        open_own(tmp_path / "own")


def test_a_folder_of_nothing_known(tmp_path):
    with pytest.raises(DataError, match=r"neither IDX or \.npy files nor a subfolder"):
        open_own(tmp_path)


def test_a_file_that_is_no_picture_is_named(tmp_path):
    save_pictures(tmp_path / "own", cat=IMAGES[:2], dog=IMAGES[:2])
    (tmp_path / "own" / "dog" / "broken.png").write_text("not a picture")
    with pytest.raises(ImageError, match=r"broken\.png"):
        open_own(tmp_path / "own")


def test_files_that_claim_to_be_no_picture_are_left_alone(tmp_path):
    save_pictures(tmp_path / "own", cat=IMAGES[:2], dog=IMAGES[:2])
    before = open_own(tmp_path / "own")
    for name in ("notes.txt", "Thumbs.db", ".hidden.png"):
        (tmp_path / "own" / "dog" / name).write_text("not a picture")
    (tmp_path / "own" / "dog" / "folder.png").mkdir()
    assert open_own(tmp_path / "own").train.checksum == before.train.checksum


def test_a_path_where_nothing_is(tmp_path):
    with pytest.raises(DataError, match="there is no such file or folder"):
        open_own(tmp_path / "nothing.npz")


def test_a_name_that_no_checkpoint_can_hold_is_refused_at_once(tmp_path):
    path = tmp_path / os.fsdecode(b"my\xffdigits.npz")
    np.savez(path, images=IMAGES, labels=LABELS)
    with pytest.raises(DataError, match=r"has a name that is no text \(UTF-8\)"):
        open_own(path)
