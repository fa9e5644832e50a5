"""Pictures by name, from and from folders: each read, or its fault told in its place."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mlp_cli.data.images import as_pixels
from mlp_cli.data.pictures import Picture, Unread, as_trained, pictures, sources
from mlp_cli.data.prepare import prepare

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)


@pytest.fixture(autouse=True)
def scans(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("scans").mkdir()
    for pixels, name in zip(
        PIXELS, ["b.png", "a.PNG", "c.bmp", ".d.png", "notes.png"], strict=True
    ):
        Image.fromarray(pixels).save(Path("scans", name))
    Path("scans/notes.png").rename("scans/notes.txt")
    Path("scans/folder.png").mkdir()
    Path("empty").mkdir()


def read(*names):
    """The name of each picture that can be read, and the fault of each that cannot."""
    found = pictures(sources(names), (28, 28), as_pixels)
    return [each.name if isinstance(each, Picture) else each.why for each in found]


def test_a_folder_gives_what_is_called_a_picture_in_the_order_of_names():
    first, second, third = pictures(sources(["scans"]), (28, 28), as_pixels)
    assert [first.name, second.name, third.name] == ["scans/a.PNG", "scans/b.png", "scans/c.bmp"]
    assert np.array_equal(first.pixels, PIXELS[1].reshape(784))


def test_a_file_that_is_named_is_read_whatever_it_is_called():
    assert read("scans/notes.txt", "scans/.d.png") == ["scans/notes.txt", "scans/.d.png"]


def test_an_empty_folder_is_told_and_the_rest_is_read():
    assert read("empty", "scans/b.png") == ["empty has no pictures directly in it", "scans/b.png"]


def test_a_folder_that_cannot_be_opened_is_told_and_the_rest_is_read(monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert read("scans", "scans/b.png") == [
        "scans cannot be read: Permission denied",
        "scans/b.png",
    ]


def test_each_fault_has_its_place():
    Image.new("L", (28, 28), 255).save("blank.png")
    fault, picture = pictures(sources(["blank.png", "scans/b.png"]), (28, 28), prepare)
    assert isinstance(fault, Unread)
    assert fault.name == "blank.png"
    assert fault.why.startswith("blank.png is blank")
    assert picture.name == "scans/b.png"


def test_pictures_of_the_right_shape_are_as_trained_untouched_and_others_are_prepared():
    fits, large = Image.fromarray(PIXELS[0]), Image.fromarray(PIXELS[0]).resize((56, 56))
    assert np.array_equal(as_trained(fits), PIXELS[0].reshape(784))
    assert np.array_equal(as_trained(large), prepare(large))
    assert np.array_equal(as_trained(large, shape=(56, 56)), as_pixels(large, shape=(56, 56)))
