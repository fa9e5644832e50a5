"""``mlp doctor`` tells what a machine is, and what is broken on it."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from mlp_cli import __version__, blas, shipped
from mlp_cli.data.catalogue import MNIST_5K
from mlp_cli.nn import Network
from mlp_cli.reports.healthtext import health_text
from mlp_cli.training import health as module
from mlp_cli.training.health import health
from mlp_cli.training.selftest import TOLERANCE, central_differences, gradient_error


def test_where_all_is_well_it_says_so(mlp):
    done = mlp("doctor")
    assert (done.code, done.err) == (0, "")
    assert f"mlp        {__version__}, CPython" in done.out
    assert f"numpy {np.__version__}" in done.out
    assert "data       mnist-5k: whole\n" in done.out
    assert done.out.endswith("\nNothing is broken.\n")


def test_as_json(mlp):
    found = json.loads(mlp("doctor", "--json").out)
    assert found["data"]["mnist-5k"] == dict.fromkeys(found["data"]["mnist-5k"], "ok")
    assert 0 <= found["gradient_error"] < TOLERANCE
    assert found["faults"] == []
    assert all(free > 0 for free in found["free"].values())


def test_only_variables_that_were_set_from_outside_are_told(run_mlp, monkeypatch):
    for name in [*blas.THREADS, blas.KERNEL, blas.CHOSEN, "OPENBLAS_THREAD_TIMEOUT"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    told = json.loads(run_mlp("doctor", "--json").out)["environment"]
    assert {name: told[name] for name in told if name.startswith("OPENBLAS")} == {
        "OPENBLAS_NUM_THREADS": "1"
    }
    assert blas.CHOSEN not in told


def test_damaged_data_are_told_with_what_to_do(mlp, here):
    (here / "my data" / "mnist").mkdir(parents=True)
    (here / "my data" / "mnist" / "train-labels-idx1-ubyte.gz").write_bytes(b"damaged")
    done = mlp("doctor", "--data-dir", "my data")
    assert done.code == 1
    remedy = "run: mlp data download mnist --data-dir 'my data'"
    bad = f"mnist/train-labels-idx1-ubyte.gz is damaged; {remedy}\n"
    assert bad in done.out
    assert "Nothing is broken" not in done.out


def test_the_sample_that_comes_along_is_not_to_be_downloaded(mlp, here, monkeypatch):
    shutil.copytree(shipped.DATA / MNIST_5K.name, here / MNIST_5K.name)
    monkeypatch.setattr(shipped, "DATA", here)
    (here / MNIST_5K.name / MNIST_5K.files[0].name).write_bytes(b"damaged")
    bad = f"{MNIST_5K.files[0].name} is damaged; it comes with the program: install mlp-cli again"
    assert bad in mlp("doctor").out


@pytest.mark.parametrize("name", ["nowhere", "x" * 300])
def test_a_place_that_is_not_there_has_no_room(mlp, here, name):
    done = mlp("doctor", "--data-dir", name, "--json")
    assert done.code == 0
    assert next(iter(json.loads(done.out)["free"])) == str(here)
    assert not any(name in place for place in json.loads(done.out)["free"])


def test_in_a_folder_that_was_deleted_it_still_tells(mlp, here, monkeypatch):
    (here / "gone").mkdir()
    monkeypatch.chdir(here / "gone")
    (here / "gone").rmdir()
    assert mlp("doctor").code == 0


def test_a_wrong_slope_is_found(monkeypatch):
    right = Network.backward

    def wrong(self, h, w):
        right(self, h, w)
        self.grad *= 1.0001

    monkeypatch.setattr(Network, "backward", wrong)
    assert gradient_error() > TOLERANCE


@pytest.mark.parametrize("error", [1e-3, float("nan")])
def test_wrong_slopes_are_told(tmp_path, monkeypatch, error):
    monkeypatch.setattr(module, "gradient_error", lambda: error)
    found = health("some library", tmp_path, {})
    assert "gradients are off by" in health_text(found)
    assert replace(found, gradient_error=0.0).faults == []


def test_central_differences_of_a_square():
    theta = np.array([1.0, -2.0, 0.5])
    measured = central_differences(lambda: float(theta @ theta), theta)
    assert measured == pytest.approx([2, -4, 1], abs=1e-8)
    assert theta.tolist() == [1, -2, 0.5]


@pytest.mark.parametrize(
    "line", ["numpy>=2.0", "numpy", "numpy; python_version > '3'", "numpy [x] >=2"]
)
def test_the_package_of_a_requirement(line):
    assert module._name(line) == "numpy"
