"""The ONNX graph answers as the network does, from raw pixels, whatever it is made of."""

import json
from dataclasses import replace

import numpy as np
import pytest
from exports import checkpoint, inputs

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.deskew import deskew
from mlp_cli.errors import CheckpointError
from mlp_cli.nn import ACTIVATIONS, NORMALIZERS
from mlp_cli.training.checkpoint import load

onnx = pytest.importorskip("onnx", reason="ONNX is not installed: pip install '.[onnx]'")
runtime = pytest.importorskip("onnxruntime", reason="needs onnxruntime")

from mlp_cli.reports import onnxfile
from mlp_cli.reports.onnxdeskew import add_deskew
from mlp_cli.reports.onnxfile import write_onnx
from mlp_cli.reports.onnxgraph import Graph

OUTPUTS = ("softmax", "sigmoid", "identity")


def session(model):
    """A checked model in the runtime."""
    onnx.checker.check_model(model, full_check=True)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    return runtime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


@pytest.fixture
def exported(tmp_path):
    def export(saved):
        path = tmp_path / "network.onnx"
        path.unlink(missing_ok=True)
        assert write_onnx(saved, path) == path.stat().st_size
        return session(onnx.load(path))

    return export


@pytest.fixture(scope="module")
def images():
    return open_dataset("mnist-5k", shipped.DATA).test.images


def check(graph, saved, images):
    """Logits to 1e-4, probabilities to 1e-5, and the same answers."""
    network, x = saved.network(), inputs(saved, images)
    logits, probabilities = graph.run(["logits", "probabilities"], {"pixels": images})
    np.testing.assert_allclose(logits, network.folded().layer_sums(x)[-1], rtol=0, atol=1e-4)
    expected = network.probabilities(x)
    np.testing.assert_allclose(probabilities, expected, rtol=0, atol=1e-5)
    np.testing.assert_array_equal(logits.argmax(axis=1), expected.argmax(axis=1))
    return logits.argmax(axis=1)


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_every_activation_with_every_output(exported, images, activation, output):
    saved = checkpoint(activation, output)
    check(exported(saved), saved, images[:50])


@pytest.mark.parametrize("norm", list(NORMALIZERS))
@pytest.mark.parametrize("activation", ["relu", "prelu"])
def test_norms(exported, images, activation, norm):
    saved = checkpoint(activation, norm=norm)
    check(exported(saved), saved, images[:50])


@pytest.mark.parametrize("output", OUTPUTS)
def test_sums_far_from_zero(exported, images, output):
    saved = checkpoint(output=output)
    saved.theta[-10:] = np.linspace(-300, -200, 10)  # the output's biases
    check(exported(saved), saved, images[:5])


def test_no_hidden_layer_and_any_number_of_images(exported, images):
    saved = checkpoint(layers=(), deskewed=True)
    graph = exported(saved)
    for n in (1, 2, 7):
        check(graph, saved, images[:n])


@pytest.mark.parametrize("shape", [(28, 28), (9, 6), (1, 8), (8, 1)])
def test_images_are_set_upright_to_the_bit(images, shape):
    size = shape[0] * shape[1]
    rng = np.random.default_rng(0)
    some = rng.integers(0, 256, (40, size), np.uint8)
    some[::2] *= rng.integers(0, 2, some[::2].shape, np.uint8)
    some[0] = 0
    if shape == (28, 28):
        some = np.concatenate([some, images])
    graph = Graph()
    upright = add_deskew(graph, "pixels", shape)
    value = onnx.helper.make_tensor_value_info
    made = onnx.helper.make_graph(
        graph.nodes,
        "deskew",
        [value("pixels", onnx.TensorProto.UINT8, ["N", size])],
        [value(upright, onnx.TensorProto.FLOAT, ["N", size])],
        graph.arrays,
    )
    opsets = [onnx.helper.make_opsetid("", onnxfile.OPSET)]
    model = onnx.helper.make_model(made, opset_imports=opsets, ir_version=onnxfile.IR)
    (found,) = session(model).run(None, {"pixels": some})
    np.testing.assert_array_equal(found, deskew(some, shape))


def test_what_goes_in_and_out_and_what_is_told(exported):
    saved = replace(checkpoint(deskewed=True), data_name="/home/somebody/mine.npz")
    graph = exported(saved)
    (pixels,), outputs = graph.get_inputs(), graph.get_outputs()
    assert (pixels.name, pixels.type, pixels.shape) == ("pixels", "tensor(uint8)", ["N", 784])
    assert [(o.name, o.type, o.shape) for o in outputs] == [
        ("logits", "tensor(float)", ["N", 10]),
        ("probabilities", "tensor(float)", ["N", 10]),
    ]
    told = graph.get_modelmeta().custom_metadata_map
    assert told == {
        "classes": json.dumps([str(k) for k in range(10)]),
        "data": "mine.npz",
        "shape": "[28, 28]",
        "deskew": "true",
        "output": "softmax",
        "temperature": "1.3",
    }


def test_a_network_too_large_for_the_format_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(onnxfile, "MOST", 1000)
    with pytest.raises(CheckpointError, match="is too large for ONNX, whose files end at 2 GiB"):
        write_onnx(checkpoint(), tmp_path / "network.onnx")
    assert not list(tmp_path.iterdir())


def test_the_whole_official_test(exported, mnist, trained):
    test = open_dataset("mnist", mnist).test
    for path, least in ((shipped.MODEL, 0.993), (trained / "best.npz", 0.8)):
        saved = load(path)
        answers = check(exported(saved), saved, np.asarray(test.images))
        assert np.mean(answers == test.labels) > least
