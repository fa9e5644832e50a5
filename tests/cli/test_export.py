"""``mlp export`` writes one file that stands alone, and nothing over another."""

import re
from pathlib import Path

import numpy as np
import pytest


def export(mlp, checkpoint="shipped", out="draw.html"):
    return mlp("export", checkpoint, "--format", "html", "--out", out)


def test_the_page_of_the_model_that_comes_along_is_small_and_asks_for_nothing(mlp):
    done = export(mlp)
    assert (done.code, done.err) == (0, "")
    page = Path("draw.html").read_bytes()
    assert done.out == f"draw.html: {len(page) / 1000:,.0f} kB; open it in a browser\n"
    assert len(page) < 1_000_000
    assert not re.search(rb"https?://|src=|@import|url\(", page)
    assert b"default-src 'none'" in page


def test_the_network_of_a_run(mlp, trained):
    assert export(mlp, trained).code == 0
    page = Path("draw.html").read_text("utf-8")
    assert "784 → 32 relu → 10 softmax, trained with mlp on mnist-5k" in page


def test_a_file_that_is_there_stays(mlp):
    Path("draw.html").write_text("mine")
    done = export(mlp)
    assert done.code == 2
    assert done.err == "Error: --out draw.html: is there already; name another file\n"
    assert Path("draw.html").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["shipped", "--format", "html", "--out", "no/draw.html"], 1, "no/draw.html: cannot be"),
        (["no.npz", "--format", "html", "--out", "draw.html"], 1, "no.npz: there is no such"),
        (
            ["shipped", "--format", "pickle", "--out", "draw.html"],
            2,
            "'pickle' is not one of 'html'",
        ),
        (["shipped", "--format", "html"], 2, "Missing option '--out'"),
    ],
)
def test_what_cannot_be_done_is_told(mlp, arguments, code, told):
    done = mlp("export", *arguments)
    assert done.code == code
    assert told in done.err
    assert not Path("draw.html").exists()


def test_a_network_of_arrays_takes_no_drawings(mlp):
    rng = np.random.default_rng(0)
    images, labels = rng.integers(0, 256, (60, 4, 5), np.uint8), np.arange(60) % 3
    np.savez("own.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    Path("own.yaml").write_text("{data: own.npz, layers: [4], epochs: 1, plots: false}")
    assert mlp("train", "--config", "own.yaml", "--quiet").code == 0
    done = export(mlp, "latest")
    assert done.code == 1
    assert "was trained on arrays, and how a drawing has to look for it is not known" in done.err


def test_a_network_that_diverged_is_refused(mlp, trained):
    with np.load(trained / "best.npz") as file:
        arrays = dict(file)
    arrays["theta"][3] = np.nan
    np.savez("bad.npz", **arrays)
    done = export(mlp, "bad.npz")
    assert done.code == 1
    assert done.err == "Error: bad.npz: has diverged: not all of its weights are finite\n"


def test_an_ending_that_says_no_format_is_refused(mlp, here):
    done = mlp("export", "shipped", "--out", "digits.pt")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: --out digits.pt: its ending says no format; end it in .html")
    assert not Path("digits.pt").exists()
