"""A training on disk: one .npz with its parameters, its optimizer's memory and a page of JSON."""

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from mlp_cli import shipped
from mlp_cli.arrays import read_arrays
from mlp_cli.config import Config, build_network, count_parameters_of, from_plain, to_plain
from mlp_cli.errors import CheckpointError, ConfigError, visible
from mlp_cli.files import replacing
from mlp_cli.nn import Network
from mlp_cli.nn.types import Floats
from mlp_cli.training.events import EpochDone
from mlp_cli.training.loop import Position, Trainer
from mlp_cli.training.page import FORMAT, Page, read_page, versions

Arrays = dict[str, Any]

# What a page says in the words of a checkpoint's own fields.
PAGE = tuple(name for name in Page.__struct_fields__ if name not in ("format", "config"))


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint file holds."""

    path: Path
    config: Config
    data_name: str  # the data set it was trained on
    classes: tuple[str, ...]
    shape: tuple[int, int]  # of an image
    prepared: bool  # pictures to predict have to be prepared as MNIST's were
    resumable: bool  # it holds the optimizer's memory
    data_checksum: int  # of the training images and labels
    temperature: float  # calibrates the network's probabilities
    position: Position
    history: list[EpochDone]
    versions: dict[str, str]
    theta: Floats
    kept: Floats  # the network's running statistics
    memory: dict[str, Floats]  # the optimizer's

    @property
    def title(self) -> str:
        """What a person is told of where it is."""
        return "the model that comes along" if self.path == shipped.MODEL else visible(self.path)

    @property
    def name(self) -> str:
        """What a command has to be told to find it."""
        return shipped.NAME if self.path == shipped.MODEL else str(self.path)

    @property
    def metrics(self) -> EpochDone | None:
        """The row of the last epoch done."""
        return self.history[-1] if self.history else None

    @property
    def calibrated(self) -> bool:
        """Whether its temperature was fitted, to digits that were held out."""
        return self.temperature != 1

    def for_prediction(self) -> "Checkpoint":
        """The same without the optimizer's memory, its parameters in arrays of their own."""
        theta, kept = self.theta.copy(), self.kept.copy()
        return replace(self, theta=theta, kept=kept, memory={}, resumable=False)

    def network(self) -> Network:
        """The trained network.

        Raises:
            CheckpointError: the arrays are not as long as the config makes them.
        """
        inputs, classes = math.prod(self.shape), len(self.classes)
        if count_parameters_of(self.config, inputs, classes) != self.theta.size:
            raise self._unlike_config()  # before memory is taken
        network = build_network(self.config, inputs, classes)
        self._fill(network)
        network.temperature = self.temperature
        return network

    def restore(self, trainer: Trainer) -> None:
        """Put a trainer of the same config and data where this checkpoint was taken.

        Raises:
            CheckpointError: the arrays are not as long as the config makes them, or it was kept
                for prediction alone.
        """
        if not self.resumable:
            raise CheckpointError(f"{self.title}: is for prediction, and cannot be resumed")
        at, epochs = self.position, trainer.config.epochs
        under_way = 0 <= at.epoch < epochs and 0 <= at.step <= trainer.steps
        seen = min(at.step * trainer.batch_size, len(trainer.rows))
        if at.seen != seen or (not under_way and (at.epoch, at.step) != (epochs, 0)):
            raise CheckpointError(f"{self.path}: is damaged: its training has no such step")
        self._fill(trainer.network)
        for name, values in trainer.descent.memory.items():
            values[:] = self.memory[name]
        trainer.position = replace(self.position)
        trainer.history = list(self.history)

    def _fill(self, network: Network) -> None:
        """Give a network what was trained, if all arrays are as long as it wants them."""
        long = {array.shape for array in (self.theta, *self.memory.values())}
        if (long, self.kept.shape) != ({network.theta.shape}, network.kept.shape):
            raise self._unlike_config()
        network.theta[:] = self.theta
        network.kept[:] = self.kept

    def _unlike_config(self) -> CheckpointError:
        return CheckpointError(
            f"{self.path}: is damaged: not all of its arrays are as long as its config makes them"
        )


def of(trainer: Trainer, path: Path, blas: str = "") -> Checkpoint:
    """The checkpoint of a trainer that stands between two steps, whose arrays it shares.

    Args:
        trainer: has not gone on when the checkpoint is used.
        path: where it is going to be.
        blas: what multiplied its matrices.
    """
    dataset = trainer.dataset
    return Checkpoint(
        path=path,
        config=trainer.config,
        data_name=dataset.name,
        classes=dataset.classes,
        shape=dataset.shape,
        prepared=dataset.prepared,
        resumable=True,
        data_checksum=dataset.checksum,
        temperature=1.0,  # before a run is finished
        position=replace(trainer.position),
        history=list(trainer.history),
        versions=versions(blas),
        theta=trainer.network.theta,
        kept=trainer.network.kept,
        memory=trainer.descent.memory,
    )


def save(trainer: Trainer, path: Path, blas: str = "", previous: Path | None = None) -> None:
    """Write a trainer's state; a file of that name is replaced once the new one is whole.

    Args:
        trainer: stands between two steps.
        path: where to.
        blas: what multiplied its matrices.
        previous: gets what was in ``path`` until then.

    Raises:
        OSError: it cannot be written.
    """
    write(of(trainer, path, blas), path, previous)


def write(saved: Checkpoint, path: Path, previous: Path | None = None) -> None:
    """Write a checkpoint; arguments and errors as for ``save``."""
    page: dict[str, Any] = {name: getattr(saved, name) for name in PAGE}
    page |= {"format": FORMAT, "config": to_plain(saved.config)}
    arrays: Arrays = {"theta": saved.theta, "kept": saved.kept}
    arrays |= {f"memory.{name}": values for name, values in saved.memory.items()}
    _write(path, msgspec.to_builtins(page), arrays, previous)


def calibrate(path: Path, temperature: float) -> None:
    """Write a temperature into a checkpoint that was saved.

    Raises:
        CheckpointError: it is missing or damaged.
        OSError: it cannot be written.
    """
    with _told(path):
        arrays = read_arrays(path)
        page: dict[str, Any] = json.loads(arrays.pop("page").tobytes())
    _write(path, page | {"temperature": temperature}, arrays)


def load(path: Path) -> Checkpoint:
    """Read a checkpoint file.

    Raises:
        CheckpointError: it is missing, damaged, from a newer version, or no checkpoint at all.
    """
    with _told(path):
        arrays = read_arrays(path)
        text = arrays.pop("page").tobytes()
        return _checkpoint(path, read_page(text, path), arrays)


def _checkpoint(path: Path, page: Page, arrays: Arrays) -> Checkpoint:
    config = from_plain(page.config, f"{path}: config")
    if not all(array.dtype.kind == "f" for array in arrays.values()):
        raise ValueError("its arrays are not of real numbers")
    memory = config.optimizer.memory if page.resumable else ()
    return Checkpoint(
        path=path,
        config=config,
        **{name: getattr(page, name) for name in PAGE},
        theta=arrays["theta"],
        kept=arrays.get("kept", np.empty(0)),  # before there were any, none were written
        memory={name: arrays[f"memory.{name}"] for name in memory},
    )


def _write(path: Path, page: dict[str, Any], arrays: Arrays, previous: Path | None = None) -> None:
    text = np.frombuffer(json.dumps(page).encode(), np.uint8)
    with replacing(path, previous) as file:
        np.savez(file, page=text, **arrays)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what is wrong with a file that is no whole checkpoint."""
    try:
        yield
    except FileNotFoundError as error:
        raise CheckpointError(f"{path}: there is no such checkpoint") from error
    except OSError as error:
        raise CheckpointError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ConfigError as error:
        raise CheckpointError(f"{path}: its config is damaged: {error.problems[0]}") from error
    except (ValueError, KeyError, RecursionError, msgspec.MsgspecError) as error:
        raise CheckpointError(
            f"{path}: is no checkpoint of mlp, or a damaged one; name a run folder or one of its "
            ".npz files"
        ) from error
