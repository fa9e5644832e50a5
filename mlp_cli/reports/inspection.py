"""The inside of a checkpoint: its layers, its weights and the units that no longer answer."""

from typing import Any

import numpy as np

from mlp_cli.config import to_plain, to_yaml
from mlp_cli.data.split import Split
from mlp_cli.errors import visible
from mlp_cli.nn.types import Floats
from mlp_cli.training.activity import activities, some
from mlp_cli.training.checkpoint import Checkpoint


def inspection(saved: Checkpoint, examples: Split | None) -> dict[str, Any]:
    """What a checkpoint holds, as plain values.

    Args:
        saved: the checkpoint.
        examples: of its training, to find dead and saturated units with; without them these are
            None.
    """
    network = saved.network()
    units: list[tuple[int | None, int | None]] = [(None, None)] * len(network.W)
    if examples is not None:
        x, _ = some(examples)
        units = [(layer.dead, layer.saturated) for layer in activities(network.folded(), x)]
    layers = [
        {
            "neurons": b.size,
            "inputs": W.shape[0],
            "activation": f.name,
            "parameters": W.size + b.size + p.size,
            "weights": _statistics(W),
            "biases": _statistics(b),
            "dead_units": dead,
            "saturated_units": saturated,
        }
        for W, b, p, f, (dead, saturated) in zip(
            network.W, network.b, network.p, network.activations, units, strict=True
        )
    ]
    return {
        "checkpoint": str(saved.path),
        "data": saved.data_name,
        "classes": list(saved.classes),
        "epoch": saved.position.epoch,
        "step": saved.position.step,
        "parameters": network.theta.size,
        "layers": layers,
        "metrics": saved.metrics.row() if saved.metrics else None,
        "config": to_plain(saved.config),
        "versions": saved.versions,
    }


def inspection_text(found: dict[str, Any]) -> str:
    """An inspection for a terminal."""
    sizes = [found["layers"][0]["inputs"], *(layer["neurons"] for layer in found["layers"])]
    lines = [
        f"checkpoint   {visible(found['checkpoint'])}",
        f"trained on   {visible(found['data'])}, {found['epoch']} epochs and {found['step']} steps",
        f"network      {' → '.join(map(str, sizes))}, {found['parameters']:,} parameters",
        f"made with    {', '.join(f'{k} {v}' for k, v in found['versions'].items())}",
        "",
        "layer   neurons  activation     parameters    weights: mean   spread"
        "    least     most        dead  saturated",
    ]
    for i, layer in enumerate(found["layers"], 1):
        w = layer["weights"]
        dead, saturated = (
            "not known" if units is None else units
            for units in (layer["dead_units"], layer["saturated_units"])
        )
        lines.append(
            f"{i:>5} {layer['neurons']:>9,}  {layer['activation']:<13} {layer['parameters']:>11,}"
            f"  {w['mean']:>14.4f} {w['std']:>8.4f} {w['min']:>8.4f} {w['max']:>8.4f}"
            f"   {dead:>9}  {saturated:>9}"
        )
    if found["metrics"]:
        told = (f"{key} {value:g}" for key, value in found["metrics"].items() if value is not None)
        lines += ["", "metrics of its last epoch", *(f"  {line}" for line in told)]
    config = to_yaml(found["config"]).splitlines()
    return "\n".join([*lines, "", "config", *(f"  {line}" for line in config)])


def _statistics(values: Floats) -> dict[str, float]:
    return {
        "mean": float(values.mean(dtype=np.float64)),
        "std": float(values.std(dtype=np.float64)),
        "min": float(values.min()),
        "max": float(values.max()),
    }
