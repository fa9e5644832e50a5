"""The catalogue: names are found or suggested, and judging on training digits is noticed."""

import pytest

from mlp_cli.data.catalogue import CATALOGUE, MNIST, MNIST_5K, find, overlap
from mlp_cli.errors import UsageError


def test_each_record_is_found_by_its_name():
    assert [find(name).name for name in CATALOGUE] == list(CATALOGUE)
    assert set(CATALOGUE) == {"mnist", "mnist-5k", "fashion-mnist", "kmnist"}


def test_an_unknown_name_brings_the_nearest_and_all():
    with pytest.raises(UsageError) as caught:
        find("mnits")
    assert "did you mean mnist?" in str(caught.value)
    assert "mnist, mnist-5k, fashion-mnist, kmnist" in str(caught.value)


def test_a_name_like_none_brings_no_guess():
    with pytest.raises(UsageError) as caught:
        find("zzz")
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize("record", CATALOGUE.values(), ids=CATALOGUE)
def test_records_are_complete(record):
    assert len(record.classes) == len(set(record.classes)) == 10
    assert [file.name[:5] for file in record.files] == ["train", "train", "t10k-", "t10k-"]
    assert all(len(file.sha256) == 64 for file in record.files)
    assert all(mirror.endswith("/") for mirror in record.mirrors)


def test_only_the_sample_comes_with_the_program():
    assert [record.name for record in CATALOGUE.values() if record.shipped] == ["mnist-5k"]
    assert MNIST_5K.sample_of == MNIST.name


@pytest.mark.parametrize(
    ("trained_on", "judged_on", "split", "words"),
    [
        ("mnist", "mnist", "train", "the model was trained on"),
        ("mnist-5k", "mnist-5k", "train", "the model was trained on"),
        ("./own", "./own", "train", "the model was trained on"),
        ("mnist", "mnist-5k", "test", "mnist-5k is part of mnist's training set"),
        ("mnist", "mnist-5k", "validation", "mnist-5k is part of mnist's training set"),
        ("mnist", "mnist-5k", "train", "mnist-5k is part of mnist's training set"),
        ("mnist-5k", "mnist", "train", "trained on mnist-5k, which is part"),
        ("mnist-5k", "mnist", "validation", "trained on mnist-5k, which is part"),
    ],
)
def test_digits_that_were_trained_on_bring_a_warning(trained_on, judged_on, split, words):
    assert words in overlap(trained_on, judged_on, split)


@pytest.mark.parametrize(
    ("trained_on", "judged_on", "split"),
    [
        ("mnist", "mnist", "validation"),
        ("mnist", "mnist", "test"),
        ("mnist-5k", "mnist-5k", "validation"),
        ("mnist-5k", "mnist-5k", "test"),
        ("mnist-5k", "mnist", "test"),
        ("mnist", "kmnist", "train"),
        ("./own", "mnist", "train"),
        ("mnist", "./own", "train"),
    ],
)
def test_digits_never_trained_on_bring_none(trained_on, judged_on, split):
    assert overlap(trained_on, judged_on, split) is None
