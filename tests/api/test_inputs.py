"""Images, labels and pictures in any usual form; all else is refused in one line."""

import io

import numpy as np
import pytest
from PIL import Image

import mlp_cli
from mlp_cli.api.inputs import images_of, labels_of
from mlp_cli.errors import DataError, ImageError

SHAPE = (4, 5)
RULE = "; it must be uint8, 0 to 255, or floats in [0, 1]"
X = np.arange(60, dtype=np.uint8).reshape(3, 4, 5)


def test_floats_are_rounded_to_the_nearest_level():
    every = np.arange(260, dtype=np.uint16).clip(0, 255).astype(np.uint8).reshape(-1, 20)
    for dtype in (np.float16, np.float32, np.float64):
        assert (images_of((every / 255).astype(dtype), SHAPE) == every).all()
    assert images_of(np.full((1, 20), 0.501), SHAPE)[0, 0] == 128


@pytest.mark.parametrize(
    ("x", "line"),
    [
        (X.astype(int), "x is int64 from 0 to 59" + RULE),
        (X * 1.0, "x is float64 from 0 to 59" + RULE),
        (X / 255 - 0.1, "x is float64 from -0.1 to 0.131373" + RULE),
        (X * np.nan, "x is float64 from nan to nan" + RULE),
        (X > 9, "x is bool" + RULE),
        (None, "x is object" + RULE),
        (X[0], "x has shape (4, 5); it must be (N, 4, 5) or (N, 20); one image is x[None]"),
        (X[0].ravel(), "x has shape (20,); it must be (N, 4, 5) or (N, 20); one image is x[None]"),
        (X[..., None], "x has shape (3, 4, 5, 1); it must be (N, 4, 5) or (N, 20)"),
        (X.reshape(3, 5, 4), "x has shape (3, 5, 4); it must be (N, 4, 5) or (N, 20)"),
        (np.zeros((0, 20)), "x has no examples"),
        (X[:0], "x has no examples"),
    ],
)
def test_other_images_are_refused(x, line):
    with pytest.raises(DataError) as caught:
        images_of(x, SHAPE)
    assert str(caught.value) == line


def test_what_is_no_array_is_refused():
    with pytest.raises(DataError, match=r"^x is no array: "):
        images_of([[1, 2], [3]], SHAPE)
    with pytest.raises(DataError, match=r"^y is no array: "):
        labels_of([[1, 2], [3]], 2, 3)


@pytest.mark.parametrize(
    ("y", "line"),
    [
        ([0, 1], "y: 3 images but 2 labels"),
        ([0, 1, 3], "y: label 3; there are 3 classes, counted from 0"),
        ([0, 1, -1], "y: label -1; labels count from 0"),
        ([0, 1, 2.0], "y labels are float64 of shape (3,); they must be integers of shape (N,)"),
        (["0", "1", "2"], "y labels are <U1 of shape (3,); they must be integers of shape (N,)"),
    ],
)
def test_other_labels_are_refused(y, line):
    with pytest.raises(DataError) as caught:
        labels_of(y, 3, 3)
    assert str(caught.value) == line


def test_a_picture_is_the_same_in_every_form(tmp_path):
    pixels = np.full((90, 80, 3), 250, np.uint8)
    pixels[20:70, 35:41] = (10, 20, 90)
    picture, file = Image.fromarray(pixels), io.BytesIO()
    picture.save(file, "PNG")
    path = tmp_path / "one.png"
    path.write_bytes(file.getvalue())
    transparent = np.dstack([pixels, np.full((90, 80), 255, np.uint8)])
    prepared = mlp_cli.prepare(path)
    assert (prepared.shape, prepared.dtype, prepared.max()) == ((28, 28), np.uint8, 255)
    for form in (str(path), file.getvalue(), picture, pixels, pixels / 255, transparent):
        assert (mlp_cli.prepare(form) == prepared).all()


def test_a_picture_that_pillow_opened_is_turned_as_its_camera_says(tmp_path):
    upright = Image.new("L", (60, 90), 255)
    upright.paste(0, (28, 20, 33, 70))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by 90 degrees
    upright.rotate(90, expand=True).save(tmp_path / "turned.png", exif=exif)
    with Image.open(tmp_path / "turned.png") as opened:
        assert opened.size == (90, 60)
        assert (mlp_cli.prepare(opened) == mlp_cli.prepare(upright)).all()


@pytest.mark.parametrize(
    ("picture", "line"),
    [
        (
            np.zeros((9, 9), np.uint8),
            "the picture shows no digit: nothing like one stands out from its ground",
        ),
        (np.zeros((9, 9), int), "the picture is int64 from 0 to 0" + RULE),
        (
            np.zeros((9, 9, 2), np.uint8),
            "the picture has shape (9, 9, 2); it must be (height, width), or the same with 3 or 4 "
            "channels",
        ),
        (np.zeros((0, 9), np.uint8), "the picture has no pixels"),
        (Image.new("L", (0, 9)), "the picture has no pixels"),
        (
            Image.new("F", (9, 9)),
            "the picture cannot be read (its pixels are floating-point); save it anew as PNG",
        ),
        (
            b"no picture",
            "the picture is not a picture; known are PNG, JPEG, WEBP, TIFF, BMP, GIF, PPM",
        ),
        ("gone.png", "gone.png cannot be read: No such file or directory"),
    ],
)
def test_other_pictures_are_refused(picture, line):
    with pytest.raises(ImageError) as caught:
        mlp_cli.prepare(picture)
    assert str(caught.value) == line


@pytest.mark.parametrize("shape", [(0, 0), (-1, 5)])
def test_a_shape_of_no_image_is_told(shape):
    with pytest.raises(DataError, match="height and width must be at least 1"):
        mlp_cli.prepare(np.eye(9), shape)
