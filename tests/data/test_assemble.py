"""Arrays that fit together become a data set; others are refused with the reason."""

import numpy as np
import pytest

from mlp_cli.data.assemble import assemble
from mlp_cli.errors import DataError

IMAGES = np.arange(12 * 3 * 2, dtype=np.uint8).reshape(12, 3, 2)
LABELS = np.arange(12) % 2


def test_images_become_rows_and_labels_name_themselves():
    dataset = assemble("d", (IMAGES, LABELS.astype(np.uint8)), (IMAGES[:5], LABELS[:5]))
    assert dataset.shape == (3, 2)
    assert dataset.classes == ("0", "1")
    assert np.array_equal(dataset.train.images, IMAGES.reshape(12, 6))
    assert dataset.train.labels.dtype == np.intp
    assert (len(dataset.train), len(dataset.test)) == (12, 5)


def test_square_rows_become_square_images():
    assert assemble("d", (np.zeros((6, 49), np.uint8), LABELS[:6])).shape == (7, 7)


def test_a_sixth_of_each_class_is_held_out_always_the_same():
    images = np.arange(120, dtype=np.uint8).reshape(120, 1, 1)
    labels = np.arange(120) % 2
    first, again = assemble("d", (images, labels)), assemble("d", (images, labels))
    assert np.bincount(first.test.labels).tolist() == [10, 10]
    assert np.array_equal(first.test.images, again.test.images)
    everything = np.concatenate([first.train.images, first.test.images])
    assert sorted(everything.ravel()) == list(range(120))


FAULTS = {
    "floats": ((IMAGES / 255, LABELS), None, "training images are float64; they must be uint8"),
    "colour": ((np.zeros((2, 3, 2, 3), np.uint8), LABELS[:2]), None, "must be .N, height, width"),
    "not square": ((np.zeros((2, 6), np.uint8), LABELS[:2]), None, "must be .N, height, width"),
    "no pixels": ((np.zeros((2, 0, 3), np.uint8), LABELS[:2]), None, "must be .N, height, width"),
    "one number": ((np.array(7, np.uint8), LABELS), None, "must be .N, height, width"),
    "counts": ((IMAGES, LABELS[:7]), None, "12 images but 7 labels"),
    "label dtype": ((IMAGES, LABELS / 1), None, "training labels are float64"),
    "one-hot": ((IMAGES, np.eye(12, dtype=int)), None, r"of shape \(12, 12\)"),
    "negative": ((IMAGES, LABELS - 1), None, "label -1; labels count from 0"),
    "nothing": ((IMAGES[:0], LABELS[:0]), None, "training: no examples"),
    "one class": ((IMAGES, LABELS * 0), None, "only one class"),
    "a year": ((IMAGES, LABELS + 2_000_000), None, "label 2,000,001 is above 9,999; labels count"),
    "sizes": ((IMAGES, LABELS), (IMAGES[:, :2], LABELS), "differ in size: training 3×2, test 2×2"),
    "test counts": ((IMAGES, LABELS), (IMAGES, LABELS[:1]), "test: 12 images but 1 labels"),
}


@pytest.mark.parametrize(("train", "test", "message"), FAULTS.values(), ids=FAULTS)
def test_what_does_not_fit_is_refused(train, test, message):
    with pytest.raises(DataError, match=f"^digits: .*{message}"):
        assemble("digits", train, test)


def test_a_label_beyond_the_class_names_is_refused():
    with pytest.raises(DataError, match="label 1 is above 0; labels count the classes, from 0"):
        assemble("digits", (IMAGES, LABELS), None, ["zero"])


def test_classes_of_the_same_name_are_refused():
    with pytest.raises(DataError, match=r"^digits: two classes have the same name; each needs its"):
        assemble("digits", (IMAGES, LABELS), None, ["one", "two", "one"])
