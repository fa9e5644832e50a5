"""A digit is found in any picture of it, and comes out as MNIST has it."""

import contextlib

import numpy as np
import pytest
from papers import NUISANCES, draw, grain, printed
from PIL import Image
from scipy import ndimage
from sheets import Sheet, developed

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.digits import prepare_digit
from mlp_cli.data.images import load_image
from mlp_cli.errors import ImageError

SAME = 0.8  # likeness of a digit and the same one found again; of two others it is about 0.4
EACH = 4
HARD = ("thin pen", "thick pen", "at the edge", "a photograph")  # one in four may be another


@pytest.fixture(scope="module")
def digits():
    return open_dataset("mnist-5k", shipped.DATA).test.images.reshape(-1, 28, 28)


def likeness(one, other):
    """The cosine of the angle between two images, a little blurred."""
    a, b = (ndimage.gaussian_filter(np.float64(x.reshape(28, 28)), 1).ravel() for x in (one, other))
    return a @ b / np.sqrt((a @ a) * (b @ b))


@pytest.mark.parametrize("name", NUISANCES)
def test_it_is_the_same_digit_again(digits, name):
    same = []
    for i, digit in enumerate(digits[:EACH]):
        rng = np.random.default_rng([i, len(name)])
        found = prepare_digit(load_image(draw(name, digit, rng), name))
        assert found.shape == (784,)
        assert found.max() == 255
        same.append(likeness(found, digit) > SAME)
    assert sum(same) >= EACH - (name in HARD)


def test_digits_of_mnist_stay_as_they_are(digits):
    for digit in digits[:100]:
        assert (prepare_digit(Image.fromarray(digit)) == digit.reshape(-1)).all()


def test_another_shape(digits):
    page = Image.fromarray(255 - np.pad(digits[0], 20).repeat(4, 0).repeat(4, 1))
    large = prepare_digit(page, shape=(56, 56)).reshape(56, 56)
    rows, columns = (np.flatnonzero(large.any(axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 40


@pytest.mark.parametrize(
    "page",
    [
        np.full((80, 60), 255),
        np.full((80, 60), 0),
        np.full((1, 1), 7),
        np.add.outer(np.arange(80), np.arange(60)),
        np.random.default_rng(0).normal(200, 8, (300, 200)),
    ],
    ids=["white", "black", "a pixel", "a slope", "grain"],
)
def test_nothing_to_read(page):
    with pytest.raises(ImageError, match="it shows no digit"):
        prepare_digit(Image.fromarray(page.astype(np.uint8)), "it")


@pytest.mark.parametrize("columns", [False, True], ids=["ruled", "squared"])
@pytest.mark.parametrize("seed", range(3))
def test_a_photograph_of_empty_paper(columns, seed):
    sheet = Sheet(np.zeros((600, 800)), np.random.default_rng(seed))
    sheet.lines, sheet.print = np.maximum(*printed(sheet, columns)), (150, 180, 215)
    sheet.kind, sheet.options = "JPEG", {"quality": 85}
    grain(3.0)(sheet)
    with pytest.raises(ImageError, match="it shows no digit"):
        prepare_digit(load_image(developed(sheet), "it"), "it")


def test_strokes_along_the_edges_are_seen():
    page = np.full((130, 96), 255, np.uint8)
    page[:8] = 0
    for y in range(8, 130):
        page[y, 86 - y // 3 : 96 - y // 3] = 0
    for turn in range(4):
        found = prepare_digit(Image.fromarray(np.rot90(page, turn))).reshape(28, 28)
        upright = np.rot90(found, -turn)
        assert (upright > 128).sum(axis=1).max() >= 12  # the bar; the stem is a third of that


def test_a_bold_stroke_that_fills_the_picture():
    page = np.full((100, 40), 255, np.uint8)
    page[2:-2, 2:-2] = 0
    found = prepare_digit(Image.fromarray(page)).reshape(28, 28)
    assert found[14, 14] == 255
    assert np.count_nonzero(found > 128) < 200


@pytest.mark.parametrize("shape", [(1, 40), (40, 1), (2, 2), (3, 500)])
def test_pictures_of_odd_shapes_are_read_or_refused(shape):
    page = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    with contextlib.suppress(ImageError):
        assert prepare_digit(Image.fromarray(page)).shape == (784,)


def test_a_picture_with_strokes_all_over_is_read_or_refused():
    stripes = b"\x00\x00\x00\x00\x00\x04\x10A\x04\x10 \x82\x08 \x80\x02\x08 \x82\x08  \x82\x08 "
    picture = load_image(b"P4\n39 5\n" + stripes, "it")
    with contextlib.suppress(ImageError):
        assert prepare_digit(picture).shape == (784,)
