import os
import struct
import tracemalloc
import warnings
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mlp_cli.data import images
from mlp_cli.data.prepare import prepare
from mlp_cli.errors import ImageError


def encode(picture, kind="PNG", **options):
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_a_file_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MOST_BYTES", 2_000_000)
    with pytest.raises(ImageError, match=r"^zeros has more than 2 million bytes; make it smaller$"):
        images.load_image(Path("/dev/zero"), "zeros")


def test_what_a_damaged_file_promises_is_not_asked_for(tmp_path):
    raw = bytearray(encode(Image.effect_noise((50, 50), 9)))
    at = raw.index(b"IDAT") - 4
    raw[at : at + 4] = (0x7FFFFFF0).to_bytes(4, "big")
    (tmp_path / "x.png").write_bytes(raw)
    tracemalloc.start()
    try:
        images.load_image(tmp_path / "x.png", "x")  # all of the picture is there
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_raw_pixels_are_taken_as_they_are():
    pixels = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    assert (images.as_pixels(Image.fromarray(pixels)) == pixels.reshape(-1)).all()


def test_raw_pixels_must_have_the_shape_of_the_network():
    with pytest.raises(ImageError, match="x is 30×28 pixels and the network takes 28×28"):
        images.as_pixels(Image.new("L", (30, 28)), "x")


@pytest.mark.parametrize("kind", images.FORMATS)
def test_formats(tmp_path, kind):
    path = tmp_path / "picture"
    Image.new("RGB", (40, 30), (200, 200, 200)).save(path, kind)
    picture = images.load_image(path, "x")
    assert picture.size == (40, 30)
    assert picture.convert("L").getextrema() == (200, 200)


def test_sixteen_bits_are_scaled():
    deep = np.array([[0, 257 * 100, 65535]], np.uint16)
    picture = images.load_image(encode(Image.fromarray(deep)), "x")
    assert np.asarray(picture).tolist() == [[0, 100, 255]]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I"])
def test_modes_become_plain(mode):
    kind = "TIFF" if mode in ("CMYK", "I") else "PNG"
    picture = images.load_image(encode(Image.new("L", (4, 3), 0).convert(mode), kind), "x")
    assert picture.mode in ("L", "RGB")
    assert np.asarray(picture).max() == 0


def test_transparent_colour_of_a_palette_is_white():
    picture = Image.new("P", (2, 1))
    picture.putpalette([0, 0, 0, 90, 90, 90])
    picture.putpixel((1, 0), 1)
    loaded = images.load_image(encode(picture, transparency=0), "x")
    assert np.asarray(loaded.convert("L")).tolist() == [[255, 90]]


def test_first_frame_of_an_animation():
    frames = [Image.new("L", (3, 3), level) for level in (10, 200)]
    animation = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert images.load_image(animation, "x").convert("L").getpixel((0, 0)) == 10


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "x is not a picture"),
        (b"a shopping list", "x is not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "x is not a picture"),
        (encode(Image.effect_noise((50, 50), 9))[:900], r"x cannot be read \(.*truncated.*\)"),
        (encode(Image.new("F", (3, 3)), "TIFF"), r"x cannot be read \(its pixels are floating"),
        (encode(Image.new("1", (10_000, 9_001))), "x has more than 50 million pixels"),
        (encode(Image.new("1", (20_000, 10_000))), "x has more than 50 million pixels"),
    ],
    ids=["empty", "text", "eps", "truncated", "float", "large", "bomb"],
)
def test_what_is_no_picture_is_refused_in_one_line(content, complaint):
    with pytest.raises(ImageError, match=f"^{complaint}") as refused:
        images.load_image(content, "x")
    assert "\n" not in str(refused.value)


def test_missing_file_and_folder_are_refused(tmp_path):
    with pytest.raises(ImageError, match=r"^nine cannot be read: No such file"):
        images.load_image(tmp_path / "nine.png", "nine")
    with pytest.raises(ImageError, match=r"^here cannot be read: Is a directory"):
        images.load_image(tmp_path, "here")


ORIENTED = Image.Exif()
ORIENTED[0x112] = 6
WHOLE = [
    encode(Image.effect_noise((20, 24), 99).convert("RGB"), kind, exif=ORIENTED)
    for kind in ("PNG", "JPEG", "WEBP", "TIFF")
] + [encode(Image.effect_noise((20, 24), 99), kind) for kind in ("GIF", "BMP", "PPM")]


def test_damaged_camera_notes_end_in_an_image_error():
    turned = struct.pack("<HHII", 0x112, 3, 1, 6)
    resolution = struct.pack("<HHI4s", 0x11A, 2, 4, b"abc")  # text where a ratio belongs
    notes = b"Exif\0\0II*\0" + struct.pack("<IH", 8, 2) + turned + resolution + bytes(4)
    with pytest.raises(ImageError, match=r"^x cannot be read"):
        images.load_image(encode(Image.new("L", (5, 4)), "JPEG", exif=notes), "x")


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 255)), max_size=8),
    st.integers(1, 4000),
)
def test_damage_ends_in_pixels_or_in_an_image_error(whole, changes, length):
    damaged = bytearray(whole)
    for place, value in changes:
        damaged[place % len(whole)] = value
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = prepare(images.load_image(bytes(damaged[:length]), "x"))
        except ImageError:
            return
    assert found.shape == (784,)


def test_libtiff_does_not_speak_for_itself(capfd):
    held = BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40), np.uint8)
    Image.fromarray(pixels).save(held, "TIFF", compression="tiff_adobe_deflate")
    damaged = bytearray(held.getvalue())
    middle = len(damaged) // 3
    damaged[middle : middle + 60] = bytes(60)
    with pytest.raises(ImageError):
        images.load_image(bytes(damaged), "it")
    assert capfd.readouterr().err == ""


def test_threads_that_read_pictures_leave_the_process_as_it_was():
    held = BytesIO()
    Image.new("L", (4, 4)).save(held, "TIFF")
    before = os.fstat(images.STDERR), list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: images.load_image(held.getvalue(), "it"), range(400)))
    assert (os.fstat(images.STDERR), warnings.filters) == before


def test_pillow_does_not_speak_for_itself(capfd):
    held = BytesIO()
    Image.new("RGB", (4, 4)).save(held, "TIFF")
    entry = held.getvalue().index(struct.pack("<HHI", 277, 3, 1))  # samples per pixel
    damaged = bytearray(held.getvalue())
    damaged[entry + 8 : entry + 10] = struct.pack("<H", 12594)
    with pytest.raises(ImageError):
        images.load_image(bytes(damaged), "it")
    assert capfd.readouterr().err == ""
