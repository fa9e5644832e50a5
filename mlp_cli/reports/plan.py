"""What a training is about to do: the banner over it, and the plan of a dry run."""

from dataclasses import fields
from pathlib import Path
from typing import Any

from mlp_cli.config import to_plain
from mlp_cli.data.shuffle import WINDOW
from mlp_cli.errors import visible
from mlp_cli.nn import Network, Options
from mlp_cli.training.evaluate import JUDGED_AT_ONCE
from mlp_cli.training.loop import Trainer


def banner(trainer: Trainer, blas: str) -> str:
    """The data, the network, the training and what multiplies its matrices, a line each."""
    config, data = trainer.config, trainer.dataset
    counts = (
        f"{len(trainer.train_rows):,} to train, {len(trainer.val_rows):,} to validate, "
        f"{len(data.test):,} to test"
    )
    upright = ", deskewed" if data.upright else ""
    share, drawings = config.data.upstrokes, len(trainer.rows) - len(trainer.train_rows)
    changes = f", upstrokes on {share:g} of the 1s" if share else ""
    changes += f", {drawings:,} drawings that are no digits" if drawings else ""
    batches = "the whole set" if trainer.steps == 1 else f"{config.batch_size}"
    augment = [f"augment      {words(config.augment)}"] if config.augment else []
    noise = any(trainer.network.noise)
    told = [f"norm {words(config.norm)}"] if config.norm else []
    told += (
        [f"noise {_listed(config.noise)}, on the pixels {config.input_noise:g}"] if noise else []
    )
    length = (
        f"{config.epochs:,} epochs" if config.minutes is None else f"{config.minutes:g} minutes"
    )
    return "\n".join(
        [
            f"data         {visible(data.name)}{upright}{changes}: {counts}",
            *augment,
            f"network      {network_line(trainer.network)}",
            *([f"sums         {', '.join(told)}"] if told else []),
            f"training     {words(config.optimizer)}, schedule {words(config.schedule)}, "
            f"loss {words(config.loss)}",
            f"steps        {trainer.steps:,} an epoch, batches of {batches}, "
            f"{length}, seed {config.seed}",
            f"matrices     {blas}",
        ]
    )


def network_line(network: Network) -> str:
    """The layers with their activations, and how many parameters they have."""
    layers = zip(network.sizes[1:], network.activations, strict=True)
    chain = " → ".join([str(network.sizes[0]), *(f"{n} {f.name}" for n, f in layers)])
    return f"{chain}, {network.theta.size:,} parameters"


def plan(trainer: Trainer, blas: str, folder: Path | None) -> dict[str, Any]:
    """What a training would take, as plain values.

    Args:
        trainer: would do it.
        blas: what multiplies its matrices.
        folder: where it would be kept; None for the next in ./runs.
    """
    network, memory, data = trainer.network, trainer.descent.memory, trainer.dataset
    train, test = len(trainer.train_rows), len(data.test)
    batch = min(trainer.batch_size, len(trainer.rows))
    judged = min(JUDGED_AT_ONCE, max(train, test))  # judging needs its buffers too
    splits = {data.train, trainer.batches.split}  # the same, or a changed copy
    held = sum(split.images.nbytes for split in splits)
    return {
        "run": None if folder is None else str(folder),
        "data": data.name,
        "examples": {"train": train, "validation": len(trainer.val_rows), "test": test},
        "sizes": network.sizes,
        "parameters": network.theta.size,
        "epochs": trainer.config.epochs,
        "steps": trainer.steps * trainer.config.epochs,
        "bytes": {
            "parameters": network.theta.nbytes * (2 + len(memory)),
            "activations": network.workspace_bytes(max(batch, judged)),
            "images": 2 * WINDOW if data.train.stored else held,
        },
        "config": to_plain(trainer.config),
        "blas": blas,
    }


def plan_text(trainer: Trainer, planned: dict[str, Any]) -> str:
    """The banner, and beneath it the layers, the steps and the memory that they take."""
    where = planned["run"] or "a new folder in ./runs"
    taken = planned["bytes"]
    windows = (
        [f"{_megabytes(taken['images'])} for the images at hand, of those that stay in their file"]
        if trainer.dataset.train.stored
        else []
    )
    return "\n".join(
        [
            banner(trainer, planned["blas"]),
            "",
            layer_table(trainer.network),
            "",
            f"{planned['steps']:,} steps in all",
            f"{_megabytes(taken['parameters'])} for parameters, slopes and the optimizer's memory",
            f"{_megabytes(taken['activations'])} for the activations of a batch",
            *windows,
            f"A dry run: nothing was kept. The run would be kept in {where}.",
        ]
    )


def layer_table(network: Network) -> str:
    """A line for each layer: neurons, activation, weights, biases and dropout."""
    lines = ["layer   neurons  activation     weights            biases  dropout before it"]
    for i, (W, b, f) in enumerate(zip(network.W, network.b, network.activations, strict=True), 1):
        shape = f"{W.shape[0]} × {W.shape[1]}"
        lines.append(
            f"{i:>5} {b.size:>9,}  {f.name:<13}  {shape:<13} {b.size:>11,}  "
            f"{network.dropout[i - 1]:g}"
        )
    return "\n".join(lines)


def _listed(value: float | tuple[float, ...]) -> str:
    """A number for all layers, or one each."""
    return ", ".join(f"{each:g}" for each in (value if isinstance(value, tuple) else (value,)))


def words(option: Options) -> str:
    """An option as its name, its learning rate if it has one, and what is not as usual."""
    told = [
        f"{spec.name} {getattr(option, spec.name):g}"
        for spec in fields(option)
        if spec.name == "learning_rate" or getattr(option, spec.name) != spec.default
    ]
    return f"{option.name} ({', '.join(told)})" if told else option.name


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
