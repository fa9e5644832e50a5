"""A network as a file of ONNX: raw pixels in, logits and calibrated probabilities out."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx

from mlp_cli import __version__
from mlp_cli.errors import CheckpointError
from mlp_cli.nn import Network
from mlp_cli.reports.exported import about, finite_network, write_export
from mlp_cli.reports.onnxdeskew import add_deskew
from mlp_cli.reports.onnxgraph import Graph, activate
from mlp_cli.training.checkpoint import Checkpoint

OPSET, IR = 13, 7  # of the end of 2020, which every runtime in use reads
MOST = 2_000_000_000  # bytes of weights: a file of ONNX is smaller than 2 GiB


def write_onnx(saved: Checkpoint, path: Path) -> int:
    """Write a checkpoint's network as a graph.

    Its input ``pixels`` (N, height * width) is uint8, 0 to 255, as data sets have it: scaling, and
    deskewing where the network wants that, are in the graph. Its outputs are ``logits`` and
    ``probabilities`` (N, K).

    Args:
        saved: the checkpoint.
        path: where to.

    Returns:
        The size of the file in bytes.

    Raises:
        CheckpointError: its network is not finite, or too large.
        RunError: the file cannot be written.
    """
    network = finite_network(saved).folded()
    if network.theta.nbytes > MOST:
        raise CheckpointError(f"{saved.title}: is too large for ONNX, whose files end at 2 GiB")
    return write_export(_model(saved, network).SerializeToString(), path)


def _model(saved: Checkpoint, network: Network) -> Any:
    graph = Graph()
    levels = graph.cast("pixels", np.float32)
    if saved.config.data.deskew:
        levels = add_deskew(graph, "pixels", saved.shape)
    logits = _logits(graph, network, graph.scaled(levels, 1 / 255))
    _probabilities(graph, network, logits)
    classes = len(saved.classes)
    model = onnx.helper.make_model(
        onnx.helper.make_graph(
            graph.nodes,
            "mlp",
            [
                _value(
                    "pixels",
                    onnx.TensorProto.UINT8,
                    network.sizes[0],
                    "as the data set has them, 0 to 255",
                )
            ],
            [
                _value("logits", onnx.TensorProto.FLOAT, classes, "the sums of the last layer"),
                _value("probabilities", onnx.TensorProto.FLOAT, classes, "of each class"),
            ],
            graph.arrays,
        ),
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR,
        producer_name="mlp",
        producer_version=__version__,
    )
    onnx.helper.set_model_props(model, about(saved))
    return model


def _value(name: str, kind: int, width: int, told: str) -> Any:
    """An input or output (N, width)."""
    return onnx.helper.make_tensor_value_info(name, kind, ["N", width], told)


def _logits(graph: Graph, network: Network, x: str) -> str:
    """From inputs x (N, n_in) in [0, 1] to the output's sums (N, K)."""
    a = x
    layers = list(zip(network.activations, network.W, network.b, network.p, strict=True))
    for i, (f, W, b, p) in enumerate(layers, start=1):
        name = f"z{i}" if i < len(layers) else "logits"
        z = graph.node("Gemm", a, graph.array(W, f"W{i}"), graph.array(b, f"b{i}"), name=name)
        if i < len(layers):
            a = activate(graph, f, z, p)
    return z


def _probabilities(graph: Graph, network: Network, scores: str) -> None:
    """As `Network.probabilities`: a softmax of logits, or of ln σ(z), over the temperature."""
    if network.output.name == "sigmoid":
        below = graph.node("Softplus", graph.node("Neg", scores))  # −ln σ(z) = ln(1 + e⁻ᶻ)
        scores = graph.node("Neg", below)
    over = graph.scaled(scores, 1 / network.temperature)
    graph.node("Softmax", over, name="probabilities", axis=1)
