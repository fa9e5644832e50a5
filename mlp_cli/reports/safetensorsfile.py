"""A network's weights as a file of safetensors, named as PyTorch's nn.Sequential names them."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from mlp_cli.nn import Network
from mlp_cli.nn.normalizers import BatchNorm
from mlp_cli.reports.exported import about, finite_network, write_export
from mlp_cli.training.checkpoint import Checkpoint

Tensors = dict[str, NDArray[Any]]

MODULES = {
    "identity": "nn.Identity()",
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "arctan": "Arctan()",
    "sqnl": "SQNL()",
    "softmax": "nn.Softmax(dim=1)",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU({f.slope})",
    "prelu": "nn.PReLU({width})",
    "elu": "nn.ELU({f.alpha})",
    "swish": "nn.SiLU()",
    "gelu": "nn.GELU(approximate='tanh')",
}
OWN = {  # that PyTorch lacks, and what the forward of one's own module returns
    "arctan": "Arctan()(z) = z.arctan()",
    "sqnl": "SQNL()(z) = c - c * c.abs() / 4, c = z.clamp(-2, 2)",
}


def write_safetensors(saved: Checkpoint, path: Path) -> tuple[int, str]:
    """Write a checkpoint's weights, for a module of PyTorch that gives logits.

    Args:
        saved: the checkpoint.
        path: where to.

    Returns:
        The size of the file in bytes, and which module to build and what to give it.

    Raises:
        CheckpointError: its network is not finite.
        RunError: the file cannot be written.
    """
    network = finite_network(saved)
    modules = list(_modules(network))
    build = f"nn.Sequential({', '.join(module for module, _ in modules)})"
    own = [f"; {OWN[name]}" for name in OWN if name in {f.name for f in network.activations}]
    deskewed = " of deskewed images (mlp_cli.data.deskew)" if saved.config.data.deskew else ""
    x = f"pixels / 255{deskewed}"
    metadata = {
        "format": "pt",  # how programs that read these files call PyTorch
        "build": build,
        "own": "".join(own).removeprefix("; "),
        "input": x,
        "layers": json.dumps(network.sizes),
        "activations": json.dumps([{"name": f.name, **asdict(f)} for f in network.activations]),
        **about(saved),
    }
    tensors = {
        f"{i}.{name}": np.asarray(values, order="C")
        for i, (_, held) in enumerate(modules)
        for name, values in held.items()
    }
    size = write_export(save(tensors, metadata), path)
    return size, f"build {build}{''.join(own)}; it takes {x} and gives logits"


def _modules(network: Network) -> Iterator[tuple[str, Tensors]]:
    """Each module as Python that makes it, and its tensors."""
    layers = zip(network.activations, network.W, network.b, network.p, strict=True)
    for i, (f, W, b, p) in enumerate(layers):
        fan_in, width = W.shape
        last = i == len(network.W) - 1
        if isinstance(network.norm, BatchNorm) and not last:
            mean, variance = network.kept_of_layer[i]
            norm = network.norm
            yield f"nn.Linear({fan_in}, {width}, bias=False)", {"weight": W.T}
            yield (
                f"nn.BatchNorm1d({width}, eps={norm.eps}, momentum={norm.momentum})",
                {
                    "weight": np.ones_like(b),  # the gain that ours has not
                    "bias": b,
                    "running_mean": mean,
                    "running_var": variance,
                    "num_batches_tracked": np.array(0),  # of no effect beside a momentum
                },
            )
        else:
            yield f"nn.Linear({fan_in}, {width})", {"weight": W.T, "bias": b}
        if not last:
            yield MODULES[f.name].format(f=f, width=width), {"weight": p} if p.size else {}
