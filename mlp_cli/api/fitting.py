"""A training from Python: the loop of ``mlp train``, with its result in memory."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mlp_cli.api.inputs import array, levels
from mlp_cli.api.model import Model
from mlp_cli.config import Config, Override, from_plain
from mlp_cli.config import load as load_config
from mlp_cli.config.item import Item
from mlp_cli.data.assemble import assemble
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.directory import data_directory
from mlp_cli.data.split import Dataset
from mlp_cli.errors import ConfigError, UsageError
from mlp_cli.training import checkpoint
from mlp_cli.training.budget import within_minutes
from mlp_cli.training.calibration import fit_temperature
from mlp_cli.training.events import EpochDone, StepsDone, best_epoch
from mlp_cli.training.loop import Trainer

ARRAYS = "arrays.npz"  # what a data set that came as arrays is called
UNSAVED = Path("the trained network")


def fit(
    config: str | PathLike[str] | Mapping[str, Any],
    x: ArrayLike | None = None,
    y: ArrayLike | None = None,
    *,
    classes: Iterable[object] | None = None,
    data_dir: str | PathLike[str] | None = None,
    callback: Callable[[StepsDone | EpochDone], object] | None = None,
    **settings: Any,
) -> Model:
    """Train a network as a config says: the same bits as by ``mlp train``, but no run folder.

    Args:
        config: a recipe's name, a YAML file, or the keys of one.
        x: images to learn from instead of the config's data set, (N, H, W) or, where they are
            square, (N, H·W): uint8, 0 to 255, or floats in [0, 1]. As many of them as the config's
            ``data.validation`` says are held out, and none for a test.
        y: their labels (N,), integers from 0.
        classes: what the labels mean, each as a string; left out, they mean their own number.
        data_dir: the folder with a folder per data set; by default as for the commands.
        callback: is told every few steps and every epoch; what it raises ends the training.
        settings: other values for keys of the config, as in ``epochs=3``.

    Returns:
        The network of the best epoch, calibrated.

    Raises:
        UsageError: there is no such config, or it breaks a rule: then a ``ConfigError``.
        DataError: the data set is not here, or x and y are not as they must be.
        DivergedError: a loss or a weight is no longer finite.
    """
    started = time.perf_counter()
    if (x is None) != (y is None):
        raise UsageError("fit: give both x and y, or neither to learn from the config's data set")
    if x is None and classes is not None:
        raise UsageError("fit: classes are for x and y; the config's data set has its own")
    if x is not None and ("data.name" in settings or isinstance(settings.get("data"), str)):
        raise UsageError("fit: x and y are the data; leave data.name out, or x and y")
    overrides = _overrides(settings, x is not None)
    chosen = _config(config, overrides)
    if x is None or y is None:
        dataset = load_data(chosen.data.name, data_dir)
    else:
        arrays = levels(x, "x"), array(y, "y")
        names = None if classes is None else [str(name) for name in classes]
        dataset = assemble("x and y", arrays, arrays, names)
        dataset = replace(dataset, name=ARRAYS, test=dataset.train.take(np.arange(0)))
    trainer = Trainer(chosen, dataset)
    trainer.config = within_minutes(trainer, 1, started)
    best = checkpoint.of(trainer, UNSAVED)
    for event in trainer.fit():
        if isinstance(event, EpochDone) and best_epoch(trainer.history) is event:
            best = checkpoint.of(trainer, UNSAVED).for_prediction()
        if callback is not None:
            callback(event)
    if len(trainer.val_rows):
        network = best.network().folded()
        temperature = fit_temperature(network, trainer.dataset.train, trainer.val_rows)
        best = replace(best, temperature=temperature)
    return Model(best)


def load_data(name: str | PathLike[str], data_dir: str | PathLike[str] | None = None) -> Dataset:
    """A data set, whose ``train`` and ``test`` have ``images`` (N, H·W) and ``labels`` (N,).

    Args:
        name: ``mnist-5k``, ``mnist``, … or the path of your own, as in a config.
        data_dir: the folder with a folder per data set; by default as for the commands.

    Raises:
        UsageError: there is none of that name.
        DataError: it is not here, or damaged; nothing is fetched.
    """
    return open_dataset(fspath(name), data_directory(None if data_dir is None else Path(data_dir)))


def _overrides(settings: Mapping[str, Any], arrays: bool) -> list[Override]:
    """Settings as the command line says them."""
    said: list[Override] = []
    if "epochs" in settings and "minutes" not in settings:
        said.append(("minutes", "null", "epochs"))
    for key, value in settings.items():
        said.append((key, json.dumps(_plain(value, key)), f"{key}={value!r}"))
    if arrays:
        said.append(("data.name", json.dumps(ARRAYS), "x"))
    return said


def _config(config: str | PathLike[str] | Mapping[str, Any], overrides: list[Override]) -> Config:
    if isinstance(config, Mapping):
        return from_plain(_plain(dict(config), "config"), "config", overrides)
    return load_config(fspath(config), overrides)


def _unboxed(value: object) -> object:
    """A value without NumPy's scalars, of which arrays are full."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {key: _unboxed(each) for key, each in value.items()}
    return [_unboxed(each) for each in value] if isinstance(value, list | tuple) else value


def _plain(value: object, place: str) -> Any:
    """A value of a config.

    Raises:
        ConfigError: no config has such a value.
    """
    try:
        return Item.of(_unboxed(value), place).plain
    except TypeError as error:
        raise ConfigError([str(error)]) from error
