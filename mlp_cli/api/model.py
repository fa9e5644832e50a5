"""A trained network that is asked from Python, with the answers that the commands give."""

import math
from collections.abc import Callable
from os import PathLike, fspath
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlp_cli.api.inputs import PictureLike, images_of, labels_of, prepared
from mlp_cli.config import to_plain
from mlp_cli.data.deskew import deskew
from mlp_cli.data.split import Split
from mlp_cli.errors import CheckpointError
from mlp_cli.nn.types import Floats
from mlp_cli.shipped import NAME
from mlp_cli.training import checkpoint
from mlp_cli.training.checkpoint import Checkpoint
from mlp_cli.training.evaluate import answers, judge
from mlp_cli.training.metrics import Evaluation
from mlp_cli.training.names import find_checkpoint
from mlp_cli.training.preparation import as_data


class Model:
    """A trained network; ``load`` and ``fit`` give one.

    Images are x, (N, H, W) or (N, H·W), of uint8, 0 to 255, or floats in [0, 1], which are rounded
    to the nearest of the 256 levels. They are as the data set has them: where the network learned
    from deskewed digits, they are deskewed here. Several threads may ask one model, in turn.

    Args:
        saved: its checkpoint.

    Raises:
        CheckpointError: the checkpoint is damaged.
    """

    def __init__(self, saved: Checkpoint) -> None:
        self._saved = saved
        self._network = saved.network().folded()
        self._turn = Lock()  # the network answers in buffers of its own

    @property
    def classes(self) -> tuple[str, ...]:
        """What label 0, 1, … means."""
        return self._saved.classes

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of an image."""
        return self._saved.shape

    @property
    def config(self) -> dict[str, Any]:
        """What it was trained by, every value spelled out, as ``fit`` takes it."""
        plain: dict[str, Any] = to_plain(self._saved.config)
        return plain

    def predict(self, x: ArrayLike) -> NDArray[np.intp]:
        """The likeliest class of each image, as an index of ``classes``: (N,).

        Of what is no digit too: ``predict_proba`` tells that no class is likely, below 0.5.

        Raises:
            DataError: x is not as it must be.
            DivergedError: the network's outputs are not finite.
        """
        labels: NDArray[np.intp] = self.predict_proba(x).argmax(axis=1)
        return labels

    def predict_proba(self, x: ArrayLike) -> Floats:
        """The calibrated probability of each class: (N, K); raises what ``predict`` raises."""
        images = self._shown(x)
        nothing = np.zeros(len(images), np.intp)
        with self._turn:
            return answers(self._network, Split(images, nothing), np.arange(len(images)))

    def evaluate(self, x: ArrayLike, y: ArrayLike) -> Evaluation:
        """All that ``mlp eval`` measures, on images and their labels y (N,), counted from 0.

        Raises:
            DataError: x or y is not as it must be.
            DivergedError: the network's outputs are not finite.
        """
        images = self._shown(x)
        examples = Split(images, labels_of(y, len(images), len(self.classes)))
        with self._turn:
            return judge(self._network, examples, np.arange(len(images)), self.classes)

    def score(self, x: ArrayLike, y: ArrayLike) -> float:
        """The accuracy, a fraction; arguments and errors as for ``evaluate``."""
        return self.evaluate(x, y).accuracy

    def prepare(self, picture: PictureLike) -> NDArray[np.uint8]:
        """Make of any picture an image (H, W) as this network's data set has them.

        Args:
            picture: as for ``mlp_cli.prepare``.

        Raises:
            ImageError: the picture cannot be read, or nothing stands out from its ground.
        """
        return prepared(picture, self.shape, as_data(self._saved))

    def save(self, path: str | PathLike[str]) -> None:
        """Write what prediction takes to an .npz file, whole or not at all.

        Raises:
            CheckpointError: it cannot be written.
        """
        if not fspath(path):
            raise CheckpointError("save: the path is empty; name an .npz file")
        try:
            checkpoint.write(self._saved.for_prediction(), Path(path))
        except (OSError, ValueError) as error:  # the latter of a name with a NUL in it
            why = getattr(error, "strerror", None) or error
            raise CheckpointError(f"{fspath(path)}: cannot be written: {why}") from error

    def _shown(self, x: ArrayLike) -> NDArray[np.uint8]:
        """Images as the network is shown them: (N, H·W)."""
        images = images_of(x, self.shape)
        return deskew(images, self.shape) if self._saved.config.data.deskew else images

    def __reduce__(self) -> tuple[Callable[[Checkpoint], "Model"], tuple[Checkpoint]]:
        return Model, (self._saved,)

    def __repr__(self) -> str:
        sizes = (math.prod(self.shape), *self._saved.config.layers, len(self.classes))
        return f"<Model {'-'.join(map(str, sizes))}, trained on {self._saved.data_name}>"


def load(name: str | PathLike[str] = NAME) -> Model:
    """The trained network that a name means, to the commands as well.

    Args:
        name: an .npz file, a run folder (its best epoch), a run's name, ``latest``, or ``shipped``:
            the one that comes along.

    Raises:
        CheckpointError: there is none, or it is damaged.
    """
    return Model(checkpoint.load(find_checkpoint(fspath(name))))
