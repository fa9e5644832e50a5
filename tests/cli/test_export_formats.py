"""``mlp export`` for other programs: what it says, and what it refuses."""

import sys
from pathlib import Path

import numpy as np
import pytest

REASON = "not installed: pip install '.[onnx,safetensors]'"
FORMATS = ["onnx", "safetensors"]


@pytest.fixture(params=FORMATS)
def form(request):
    pytest.importorskip(request.param, reason=REASON)
    return request.param


def test_one_line_says_how_to_use_it(mlp, form):
    done = mlp("export", "shipped", "--format", form, "--out", "network")
    assert (done.code, done.err) == (0, "")
    how = {
        "onnx": "takes uint8 pixels (N, 784), deskews them and gives logits and probabilities "
        "(N, 10)",
        "safetensors": "build nn.Sequential(nn.Linear(784, 320, bias=False), "
        "nn.BatchNorm1d(320, eps=1e-05, momentum=0.1), nn.ReLU(), "
        "nn.Linear(320, 160, bias=False), nn.BatchNorm1d(160, eps=1e-05, momentum=0.1), "
        "nn.ReLU(), nn.Linear(160, 10)); it takes pixels / 255 of deskewed images "
        "(mlp_cli.data.deskew) and gives logits",
    }[form]
    assert done.out == f"network: {Path('network').stat().st_size / 1000:,.0f} kB; {how}\n"


def test_the_name_says_the_format(mlp, trained, form):
    by_flag = mlp("export", trained, "--out", "network.html", "--format", form)
    for name in (f"network.{form}", f"network.{form.upper()}"):
        by_name = mlp("export", trained, "--out", name)
        assert by_name.code == by_flag.code == 0
        assert by_name.out.removeprefix(name) == by_flag.out.removeprefix("network.html")


@pytest.mark.parametrize("form", FORMATS)
def test_a_package_that_is_missing_is_told(mlp, monkeypatch, form):
    monkeypatch.setitem(sys.modules, form, None)
    done = mlp("export", "shipped", "--out", f"network.{form}")
    assert done.code == 1
    assert done.err == (
        f"Error: --format {form} needs a package that is not here: pip install 'mlp-cli[{form}]'\n"
    )
    assert not Path(f"network.{form}").exists()


def test_a_file_that_is_there_stays(mlp, form):
    Path("network").write_text("mine")
    assert mlp("export", "shipped", "--format", form, "--out", "network").code == 2
    assert Path("network").read_text() == "mine"


def test_what_fails_is_told_in_a_line(mlp, trained, form):
    done = mlp("export", trained, "--format", form, "--out", "no/network")
    assert done.code == 1
    assert done.err == "Error: no/network: cannot be written: No such file or directory\n"
    with np.load(trained / "best.npz") as file:
        arrays = dict(file)
    arrays["theta"][3] = np.nan
    np.savez("bad.npz", **arrays)
    done = mlp("export", "bad.npz", "--format", form, "--out", "network")
    assert done.code == 1
    assert done.err == "Error: bad.npz: has diverged: not all of its weights are finite\n"
    assert not Path("network").exists()
