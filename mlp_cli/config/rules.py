"""What one key of a config demands of another."""

from collections.abc import Iterator

from mlp_cli.config.schema import Config
from mlp_cli.data import catalogue
from mlp_cli.data.dataset import is_path
from mlp_cli.data.upstrokes import ONE
from mlp_cli.errors import UsageError


def broken(config: Config) -> Iterator[tuple[str, str]]:
    """Each key that clashes with another, and why."""
    data, depth = config.data, len(config.layers)
    if isinstance(data.validation, float) and data.validation >= 1:
        yield "data.validation", f"data.validation as a share must be < 1, got {data.validation}"
    yield from unknown_data(data.name)
    record, augment = catalogue.CATALOGUE.get(data.name), config.augment
    if record and augment and augment.mirrored and augment.name != record.augmentation:
        yield (
            "augment",
            f"augment {augment.name} mirrors images, and a mirrored one of {data.name} is another; "
            f"use {record.augmentation}",
        )
    if record and data.upstrokes and ONE not in record.classes:
        yield "data.upstrokes", f"{data.name} has no class 1 to draw upstrokes on; leave it out"
    if record and data.nondigits and record.classes != catalogue.MNIST.classes:
        yield "data.nondigits", f"{data.name} {catalogue.NO_TEN_DIGITS}; leave it out"
    if data.nondigits and not config.loss.knows_none:
        yield (
            "data.nondigits",
            f"loss {config.loss.name} learns nothing of drawings that are no digits; leave "
            "data.nondigits out, or set another loss",
        )
    for key in ("activation", "dropout", "noise"):
        value = getattr(config, key)
        if isinstance(value, tuple) and len(value) != depth:
            yield key, f"{key} lists {len(value)} layers, but layers has {depth}"
    if config.output.name not in config.loss.outputs:
        known = " or ".join(config.loss.outputs)
        yield (
            "loss",
            f"loss {config.loss.name} makes no sense on {config.output.name} outputs; "
            f"set output to {known}, or another loss",
        )
    if config.batch_size == 1 and config.norm is not None:
        yield (
            "norm",
            f"norm {config.norm.name} needs batch_size to be above 1: one example has no variance",
        )
    if not data.validation:
        if config.early_stopping:
            yield "early_stopping", "early_stopping needs data.validation to be above 0"
        if config.schedule.needs_validation:
            yield (
                "schedule",
                f"schedule {config.schedule.name} needs data.validation to be above 0",
            )


def unknown_data(name: object) -> Iterator[tuple[str, str]]:
    """The fault of a data set's name, told beside those of keys too; what is no text has others."""
    if isinstance(name, str) and not is_path(name):
        try:
            catalogue.find(name)
        except UsageError as error:
            yield "data.name", str(error)
