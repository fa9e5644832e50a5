import gzip
import itertools
from io import BytesIO

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from mlp_cli import shipped
from mlp_cli.data import images
from mlp_cli.data.prepare import prepare
from mlp_cli.errors import ImageError

TEST_IMAGES = "t10k-images-idx3-ubyte.gz"
Turn = Image.Transpose


def read_digits(folder):
    raw = gzip.decompress((folder / TEST_IMAGES).read_bytes())
    return np.frombuffer(raw, np.uint8, offset=16).reshape(-1, 28, 28)


@pytest.fixture(scope="module")
def digits():
    """A hundred digits of the sample."""
    return read_digits(shipped.DATA / "mnist-5k")[:100]


def encode(picture, kind="PNG", **options):
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def prepared(picture, kind="PNG", **options):
    return prepare(images.load_image(encode(picture, kind, **options), "x"))


def enlarged(digit):
    """The digit on a sheet of paper: ten times as large, dark on light, off the middle."""
    sheet = np.full((500, 420), 255, np.uint8)
    sheet[30:310, 100:380] = 255 - digit.repeat(10, axis=0).repeat(10, axis=1)
    return Image.fromarray(sheet)


def assert_same_digits(found, digits):
    """The same but for rounding; few have an outermost row so faint that it counts as ground."""
    difference = np.abs(np.int32(found) - digits.reshape(len(digits), -1)).mean(axis=1)
    assert difference.mean() < 1.5
    assert (difference < 2).mean() >= 0.9


def assert_unchanged(digits):
    for digit in digits:
        picture = Image.fromarray(digit)
        assert (prepared(picture) == digit.reshape(-1)).all()
        assert (prepared(Image.fromarray(255 - digit)) == digit.reshape(-1)).all()


def test_sample_digits_are_left_as_they_are():
    assert_unchanged(read_digits(shipped.DATA / "mnist-5k"))


def test_all_test_digits_are_left_as_they_are(mnist):
    assert_unchanged(read_digits(mnist / "mnist"))


def test_large_dark_ink_on_light_paper(digits):
    assert_same_digits([prepared(enlarged(digit)) for digit in digits], digits)


def test_large_light_ink_on_dark_ground(digits):
    boards = [enlarged(digit).point(lambda value: 255 - value) for digit in digits]
    assert_same_digits([prepared(board) for board in boards], digits)


def test_coloured_ink_on_coloured_paper(digits):
    def coloured(digit):
        ink = Image.new("RGB", (420, 500), (150, 20, 60))
        paper = Image.new("RGB", (420, 500), (250, 240, 180))
        return Image.composite(paper, ink, enlarged(digit))

    assert_same_digits([prepared(coloured(digit)) for digit in digits], digits)


@pytest.mark.parametrize("ink", ["black", "white"])
def test_ink_on_a_transparent_ground(digits, ink):
    def transparent(digit):
        picture = Image.new("RGBA", (420, 500), ink)
        picture.putalpha(enlarged(digit).point(lambda value: 255 - value))
        return picture

    assert_same_digits([prepared(transparent(digit)) for digit in digits], digits)


def test_faint_pencil_is_stretched(digits):
    faint = [enlarged(digit).point(lambda value: 200 + value // 5) for digit in digits]
    assert_same_digits([prepared(page) for page in faint], digits)


def test_jpeg_noise_is_not_ink(digits):
    found = [prepared(enlarged(digit), "JPEG", quality=75) for digit in digits]
    assert_same_digits(found, digits)


TURNS = [(2, Turn.FLIP_LEFT_RIGHT), (3, Turn.ROTATE_180), (6, Turn.ROTATE_90), (8, Turn.ROTATE_270)]


@pytest.mark.parametrize(("orientation", "stored"), TURNS)
def test_the_turn_that_a_camera_noted_is_applied(digits, orientation, stored):
    page = enlarged(digits[0])
    exif = Image.Exif()
    exif[0x112] = orientation
    assert (prepared(page.transpose(stored), exif=exif) == prepared(page)).all()


@settings(deadline=None, max_examples=50)
@given(
    arrays(np.bool_, st.tuples(st.integers(1, 50), st.integers(1, 50))).filter(np.any),
    st.tuples(st.integers(1, 30), st.integers(1, 30)),
    st.integers(0, 255),
    st.integers(16, 255),
)
def test_place_and_shades_do_not_matter(shape, place, ground, contrast):
    ink = ground + contrast if ground + contrast <= 255 else max(0, ground - contrast)
    assume(abs(ink - ground) >= 16)
    page = np.full((90, 95), ground, np.uint8)
    page[place[0] :, place[1] :][: shape.shape[0], : shape.shape[1]][shape] = ink
    plain = np.pad(np.uint8(255 * shape), 25)

    found = prepare(Image.fromarray(page)).reshape(28, 28).astype(int)

    expected = prepare(Image.fromarray(plain)).reshape(28, 28)
    # Shades are rounded, so a centre of mass halfway between pixels may go to either.
    moves = itertools.product((0, -1, 1), repeat=2)
    assert any(np.abs(np.roll(found, move, (0, 1)) - expected).max() <= 1 for move in moves)
    assert expected.max() == 255


def test_ink_is_fitted_and_centred_by_its_mass():
    page = np.zeros((300, 300), np.uint8)
    page[50:250, 20:30] = 255  # a stem 200 high ...
    page[210:250, 20:50] = 255  # ... and a heavy foot
    found = prepare(Image.fromarray(page)).reshape(28, 28)
    rows, columns = np.flatnonzero(found.any(axis=1)), np.flatnonzero(found.any(axis=0))
    assert (len(rows), len(columns)) == (20, 3)
    assert abs(found.sum(axis=1) @ np.arange(28) / found.sum() - 14) <= 0.5
    assert abs(found.sum(axis=0) @ np.arange(28) / found.sum() - 14) <= 0.5


def test_heavy_end_is_kept_inside():
    page = np.zeros((220, 220), np.uint8)
    page[10:210, 100] = 255
    page[190:210, 10:210] = 255
    found = prepare(Image.fromarray(page)).reshape(28, 28)
    assert found[0].any()  # the mass would pull the top out of the picture
    assert found.any(axis=1).sum() == 20


def test_fewest_specks_of_a_large_picture_are_still_ink():
    page = np.full((2100, 2100), 255, np.uint8)
    page[50, 50] = page[2050, 2050] = 0
    assert (prepare(Image.fromarray(page)) == 255).sum() == 2


def test_digit_off_the_middle_is_moved_back(digits):
    narrow = np.stack([digit for digit in digits if not digit[:, -5:].any()])
    moved = [Image.fromarray(np.roll(digit, 4, axis=1)) for digit in narrow]
    assert_same_digits([prepared(picture) for picture in moved], narrow)


def test_faint_digit_of_the_right_size_is_stretched(digits):
    for digit in digits:
        assert prepared(Image.fromarray(digit // 2)).max() == 255


def test_small_but_centred_digit_is_enlarged():
    page = np.zeros((28, 28), np.uint8)
    page[9:19, 12:16] = 255
    found = prepare(Image.fromarray(page)).reshape(28, 28)
    assert found.any(axis=1).sum() == 20


def test_another_shape_has_the_box_in_proportion(digits):
    found = prepare(enlarged(digits[0]), shape=(56, 42)).reshape(56, 42)
    height, width = found.any(axis=1).sum(), found.any(axis=0).sum()
    assert (height <= 40, width <= 30) == (True, True)
    assert height == 40 or width == 30


@pytest.mark.parametrize("unevenness", [0, 10])
def test_blank_page_is_refused(unevenness):
    page = 240 + np.random.default_rng(0).integers(0, unevenness + 1, (100, 80), dtype=np.uint8)
    with pytest.raises(ImageError, match=r"page\.png is blank"):
        prepare(Image.fromarray(page), "page.png")
