"""``mlp predict --split`` reads every digit of a picture, and draws what it read into a copy."""

import json

import numpy as np
import pytest
from PIL import Image

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.errors import RunError
from mlp_cli.reports.annotated import annotate


@pytest.fixture
def number(here):
    """A picture of three test digits in a row."""
    images = open_dataset("mnist-5k", shipped.DATA).test.images[[3, 17, 20]].reshape(-1, 28, 28)
    row = Image.fromarray(255 - np.hstack(list(images)))
    row.resize((840, 280), Image.Resampling.BICUBIC).save("number.png")
    return "number.png"


def test_the_digits_are_told_in_order_with_their_boxes(mlp, trained, number):
    done = mlp("predict", number, "-c", trained, "--split", "--json")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    digits = found["digits"]
    assert found["prediction"] == "".join(digit["prediction"] for digit in digits)
    assert len(digits) == 3
    for i, digit in enumerate(digits):
        left, top, right, bottom = digit["box"]
        assert 280 * i < left < right < 280 * (i + 1)
        assert 0 < top < bottom < 280
        assert digit["confidence"] == max(digit["probabilities"].values())
    assert found["confidence"] == pytest.approx(np.prod([digit["confidence"] for digit in digits]))
    text = mlp("predict", number, "-c", trained, "--split").out
    assert f"{found['prediction']} ({digits[0]['prediction']} " in text


def test_a_copy_has_the_boxes_and_the_picture_stays_as_it_was(mlp, trained, number, here):
    before = (here / number).read_bytes()
    done = mlp("predict", number, "-c", trained, "--split", "--annotate", "read.png")
    assert (done.code, done.err) == (0, "")
    assert (here / number).read_bytes() == before
    with Image.open("read.png") as copy:
        assert copy.size == (840, 280)
        colours = {colour for _, colour in copy.convert("RGB").getcolors(1 << 24)}
    assert (0xD5, 0x5E, 0x00) in colours


@pytest.mark.parametrize(
    ("name", "form"),
    [("read.png", "PNG"), ("read.JPG", "JPEG"), ("read.webp", "WEBP"), ("read.tif", "TIFF")],
)
def test_a_copy_is_of_the_format_that_its_name_ends_in(mlp, trained, number, name, form):
    assert mlp("predict", number, "-c", trained, "--split", "--annotate", name).code == 0
    with Image.open(name) as copy:
        assert (copy.format, copy.size) == (form, (840, 280))


@pytest.mark.parametrize("name", ["read.xyz", "read", "read.pdf", ".png"])
def test_a_copy_of_no_known_format_is_refused_before_anything_is_read(mlp, name):
    words = ["nowhere.png", "-c", "nowhere", "--split", "--annotate", name]
    done = mlp("predict", *words)
    assert (done.code, done.out) == (2, "")
    assert (
        done.err == f"Error: --annotate {name}: must end as a picture does: .png, .jpg, .webp …\n"
    )


def test_a_copy_that_its_format_cannot_hold_is_told(tmp_path):
    wide = Image.new("RGB", (20_000, 4))
    digits = [{"box": (0, 0, 4, 4), "prediction": "1"}]
    with pytest.raises(RunError, match=r"^cannot write .*wide\.webp: ") as caught:
        annotate(wide, digits, tmp_path / "wide.webp")
    assert "None" not in str(caught.value)
    assert not list(tmp_path.iterdir())
    with pytest.raises(RunError, match=r"^cannot write .*copy\.png: No such file or directory$"):
        annotate(wide, digits, tmp_path / "nowhere" / "copy.png")


def test_an_empty_picture_is_told_and_the_rest_is_read(mlp, trained, number):
    Image.new("L", (100, 100), "white").save("blank.png")
    done = mlp("predict", "blank.png", number, "-c", trained, "--split", "--json")
    assert done.code == 1
    assert (
        done.err == "Error: blank.png shows no digit: nothing like one stands out from its ground\n"
    )
    blank, read = (json.loads(line) for line in done.out.splitlines())
    assert blank["prediction"] is None
    assert len(read["prediction"]) == 3


@pytest.mark.parametrize("flags", [["--raw"], ["--show"], ["--csv"]])
def test_what_speaks_of_one_digit_is_refused(mlp, trained, number, flags):
    done = mlp("predict", number, "-c", trained, "--split", *flags)
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: --split: leave --index, --raw, --show and --csv out\n"


def test_without_it_the_other_digits_are_hinted_at(mlp, trained, number, here):
    done = mlp("predict", number, "-c", trained)
    assert done.code == 0
    assert done.err == "Note: number.png may have 3 digits; --split reads all.\n"
    assert mlp("predict", number, "-c", trained, "--json").err == ""
    with Image.open(number) as row:
        row.crop((0, 0, 280, 280)).save("alone.png")
    assert mlp("predict", "alone.png", "-c", trained).err == ""


def test_how_many_to_tell_is_refused(mlp, trained, number):
    done = mlp("predict", number, "-c", trained, "--split", "--top", "3")
    assert done.err == "Error: --split: tells the likeliest number; leave --top out\n"


@pytest.mark.parametrize("words", [["number.png"], ["number.png", "number.png", "--split"]])
def test_a_copy_is_of_one_picture(mlp, trained, number, words):
    done = mlp("predict", *words, "-c", trained, "--annotate", "read.png")
    assert (done.code, done.out) == (2, "")
    assert done.err == "Error: --annotate: is for one picture, with --split\n"


def test_a_copy_never_takes_the_pictures_place(mlp, trained, number, here):
    before = (here / number).read_bytes()
    done = mlp("predict", number, "-c", trained, "--split", "--annotate", f"./{number}")
    assert done.code == 2
    assert done.err == f"Error: --annotate {number}: is there already; name another file\n"
    assert (here / number).read_bytes() == before


def test_a_network_that_knows_no_digits_is_refused(mlp, number, here):
    rng = np.random.default_rng(0)
    np.savez(
        "own.npz", images=rng.integers(0, 256, (30, 28, 28), np.uint8), labels=np.arange(30) % 2
    )
    (here / "own.yaml").write_text("{data: ./own.npz, layers: [3], epochs: 1, plots: false}")
    assert mlp("train", "--config", "own.yaml", "--out", "run", "-q").code == 0
    done = mlp("predict", number, "-c", "run", "--split")
    assert (done.code, done.out) == (2, "")
    assert "--split: finds digits, and run/best.npz was trained on ./own.npz" in done.err
