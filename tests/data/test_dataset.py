"""Opening by name: the sample, the full set, and what is said when a file is not right."""

import shutil

import numpy as np
import pytest

from mlp_cli import shipped
from mlp_cli.data.dataset import is_path, open_dataset
from mlp_cli.errors import DataError, UsageError


@pytest.fixture
def own_copy(tmp_path, monkeypatch):
    """The sample in a folder that a test may damage."""
    shutil.copytree(shipped.DATA / "mnist-5k", tmp_path / "mnist-5k")
    monkeypatch.setattr(shipped, "DATA", tmp_path)
    return tmp_path / "mnist-5k"


def test_the_sample_is_balanced_and_needs_no_data_directory(tmp_path):
    sample = open_dataset("mnist-5k", tmp_path / "nowhere")
    assert sample.name == "mnist-5k"
    assert sample.classes == tuple("0123456789")
    assert sample.shape == (28, 28)
    assert sample.train.images.shape == (4000, 784)
    assert sample.test.images.shape == (1000, 784)
    assert sample.train.images.dtype == np.uint8
    assert np.bincount(sample.train.labels).tolist() == [400] * 10
    assert np.bincount(sample.test.labels).tolist() == [100] * 10
    assert (np.diff(sample.train.labels) < 0).any()  # shuffled, not one class after another


def test_the_sample_is_part_of_the_training_set_of_mnist(mnist):
    full, sample = open_dataset("mnist", mnist), open_dataset("mnist-5k", mnist)
    truth = {
        image.tobytes(): label
        for image, label in zip(full.train.images, full.train.labels, strict=True)
    }
    official_test = {image.tobytes() for image in full.test.images}
    for part in (sample.train, sample.test):
        for image, label in zip(part.images, part.labels, strict=True):
            assert truth[image.tobytes()] == label
            assert image.tobytes() not in official_test
    assert len({image.tobytes() for image in [*sample.train.images, *sample.test.images]}) == 5000


def test_the_full_set_is_the_one_that_everybody_uses(mnist):
    full = open_dataset("mnist", mnist)
    assert full.train.images.shape == (60_000, 784)
    assert full.test.images.shape == (10_000, 784)
    assert full.train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert full.test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert not full.train.images.flags.writeable
    assert round(full.train.images.mean() / 255, 4) == 0.1307


def test_missing_files_bring_the_command_that_gets_them(tmp_path):
    with pytest.raises(DataError) as caught:
        open_dataset("mnist", tmp_path)
    assert "train-images-idx3-ubyte.gz" in str(caught.value)
    assert str(caught.value).endswith(
        f"missing in {tmp_path / 'mnist'}; run: mlp data download mnist --data-dir {tmp_path}, "
        "or use mnist-5k, which comes with the program"
    )


def test_a_damaged_file_is_named_with_what_to_do(own_copy, tmp_path):
    (own_copy / "t10k-labels-idx1-ubyte.gz").write_bytes(b"<html>")
    with pytest.raises(DataError, match=r"t10k-labels-idx1-ubyte\.gz: damaged.*install mlp-cli"):
        open_dataset("mnist-5k", tmp_path)


def test_damage_to_what_was_downloaded_brings_the_command_that_mends_it(tmp_path):
    shutil.copytree(shipped.DATA / "mnist-5k", tmp_path / "mnist")  # whole files, but not MNIST's
    with pytest.raises(DataError) as caught:
        open_dataset("mnist", tmp_path)
    assert str(caught.value) == (
        f"{tmp_path / 'mnist' / 'train-images-idx3-ubyte.gz'}: damaged: "
        f"its checksum is not the published one; run: mlp data download mnist --data-dir {tmp_path}"
    )


def test_what_the_system_refuses_is_a_data_error(tmp_path, monkeypatch):
    def refuse(name):
        raise PermissionError(13, "Permission denied", name)

    monkeypatch.setattr("mlp_cli.data.own.read", refuse)
    with pytest.raises(DataError, match=r"\./digits: cannot be read: .*Permission denied"):
        open_dataset("./digits", tmp_path)


def test_an_unknown_name_is_a_mistake_of_usage(tmp_path):
    with pytest.raises(UsageError, match="did you mean mnist"):
        open_dataset("mnistt", tmp_path)


def test_a_name_of_the_catalogue_is_never_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mnist").mkdir()
    assert not is_path("mnist")
    assert not is_path("digits")
    assert all(is_path(name) for name in ("./mnist", "mnist/", "some/where", "digits.npz"))


def test_what_was_prepared_as_mnist_is_marked(tmp_path):
    assert open_dataset("mnist-5k", tmp_path).prepared
    images = np.zeros((6, 28, 28), np.uint8)
    np.savez(tmp_path / "own.npz", images=images, labels=[0, 0, 0, 1, 1, 1])
    assert not open_dataset(str(tmp_path / "own.npz"), tmp_path).prepared
