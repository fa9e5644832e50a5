"""What is written loads into the nn.Sequential that is told, and that gives the same logits."""

import json
from dataclasses import replace

import numpy as np
import pytest
from exports import checkpoint, inputs

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.nn import ACTIVATIONS, NORMALIZERS
from mlp_cli.training.checkpoint import load

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install '.[torch]'")
safetensors = pytest.importorskip(
    "safetensors", reason="safetensors is not installed: pip install '.[safetensors]'"
)

from safetensors.torch import load_file

from mlp_cli.reports.safetensorsfile import write_safetensors


class Arctan(torch.nn.Module):
    def forward(self, z):
        return z.arctan()


class SQNL(torch.nn.Module):
    def forward(self, z):
        c = z.clamp(-2, 2)
        return c - c * c.abs() / 4


@pytest.fixture(scope="module")
def images():
    return open_dataset("mnist-5k", shipped.DATA).test.images


@pytest.fixture
def exported(tmp_path):
    """Gives the module that is to be built, with its weights, what was told, and the metadata."""

    def export(saved):
        path = tmp_path / "network.safetensors"
        path.unlink(missing_ok=True)
        size, told = write_safetensors(saved, path)
        assert size == path.stat().st_size
        with safetensors.safe_open(path, "pt") as file:
            metadata = file.metadata()
        known = {"nn": torch.nn, "Arctan": Arctan, "SQNL": SQNL}
        module = eval(metadata["build"], known)
        module.load_state_dict(load_file(path), strict=True)
        return module.eval(), told, metadata

    return export


def check(module, saved, images):
    x = inputs(saved, images)
    with torch.no_grad():
        logits = module(torch.tensor(x)).numpy()
    np.testing.assert_allclose(logits, saved.network().folded().layer_sums(x)[-1], atol=1e-4)
    return logits.argmax(axis=1)


@pytest.mark.parametrize("norm", [None, *NORMALIZERS])
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_every_activation_with_every_norm(exported, images, activation, norm):
    saved = checkpoint(activation, norm=norm)
    check(exported(saved)[0], saved, images[:50])


def test_what_the_tensors_are_called(exported):
    module, told, _ = exported(checkpoint("prelu", norm="batch", layers=(12,)))
    build = (
        "nn.Sequential(nn.Linear(784, 12, bias=False), "
        "nn.BatchNorm1d(12, eps=1e-05, momentum=0.1), nn.PReLU(12), nn.Linear(12, 10))"
    )
    assert told == f"build {build}; it takes pixels / 255 and gives logits"
    assert {name: tuple(t.shape) for name, t in module.state_dict().items()} == {
        "0.weight": (12, 784),
        "1.weight": (12,),
        "1.bias": (12,),
        "1.running_mean": (12,),
        "1.running_var": (12,),
        "1.num_batches_tracked": (),
        "2.weight": (12,),
        "3.weight": (10, 12),
        "3.bias": (10,),
    }


def test_a_module_that_pytorch_lacks_is_spelt_out(exported):
    _, told, metadata = exported(checkpoint("arctan", layers=(3,), deskewed=True))
    assert told == (
        "build nn.Sequential(nn.Linear(784, 3), Arctan(), nn.Linear(3, 10)); "
        "Arctan()(z) = z.arctan(); it takes pixels / 255 of deskewed images "
        "(mlp_cli.data.deskew) and gives logits"
    )
    assert metadata["own"] == "Arctan()(z) = z.arctan()"


def test_what_is_told_in_the_file(exported):
    saved = replace(checkpoint("leaky_relu", "sigmoid"), data_name="/home/somebody/mine.npz")
    _, _, metadata = exported(saved)
    assert metadata == {
        "format": "pt",
        "build": "nn.Sequential(nn.Linear(784, 12), nn.LeakyReLU(0.01), nn.Linear(12, 9), "
        "nn.LeakyReLU(0.01), nn.Linear(9, 10))",
        "own": "",
        "input": "pixels / 255",
        "layers": "[784, 12, 9, 10]",
        "activations": json.dumps(
            [{"name": "leaky_relu", "slope": 0.01}] * 2 + [{"name": "sigmoid"}]
        ),
        "classes": json.dumps([str(k) for k in range(10)]),
        "data": "mine.npz",
        "shape": "[28, 28]",
        "deskew": "false",
        "output": "sigmoid",
        "temperature": "1.3",
    }


def test_the_whole_official_test(exported, mnist, trained):
    test = open_dataset("mnist", mnist).test
    for path, least in ((shipped.MODEL, 0.993), (trained / "best.npz", 0.8)):
        saved = load(path)
        answers = check(exported(saved)[0], saved, np.asarray(test.images))
        assert np.mean(answers == test.labels) > least
