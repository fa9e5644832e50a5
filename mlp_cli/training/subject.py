"""The digits that a checkpoint is judged on, and whether it may have learned from them."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.catalogue import overlap
from mlp_cli.data.split import Dataset, Split
from mlp_cli.errors import CheckpointError, DataError
from mlp_cli.training.checkpoint import Checkpoint
from mlp_cli.training.loop import split_rows

Part = Literal["train", "validation", "test"]


def subject(
    checkpoint: Checkpoint, dataset: Dataset, part: Part
) -> tuple[Split, NDArray[np.intp], str | None]:
    """The examples of one part of a data set, as the checkpoint's training divided it.

    Args:
        checkpoint: is to be judged.
        dataset: on this.
        part: ``validation`` and ``train`` are what the training held out and learned from.

    Returns:
        The split, as the network is shown it, the indices in it, and a warning where the digits
        are not new to the network.

    Raises:
        CheckpointError: the data set does not fit the network.
        DataError: the part is empty.
    """
    if (checkpoint.shape, checkpoint.classes) != (dataset.shape, dataset.classes):
        raise CheckpointError(
            f"{checkpoint.path}: was trained on {_kind(checkpoint)}, and {dataset.name} has "
            f"{_kind(dataset)}; judge it on data of its own kind"
        )
    upright = checkpoint.config.data.deskew
    warning = overlap(checkpoint.data_name, dataset.name, part)
    if dataset.name == checkpoint.data_name and dataset.checksum != checkpoint.data_checksum:
        if part != "test":
            raise CheckpointError(
                f"{checkpoint.path}: {dataset.name} is no longer what it was trained on, so which "
                "examples it held out is not known; judge it on --split test"
            )
        warning = f"{dataset.name} has changed since, and may be divided otherwise"
    if part == "test":
        return dataset.shown_test(upright), np.arange(len(dataset.test)), warning
    if dataset.name != checkpoint.data_name:
        if part == "validation":
            raise DataError(
                f"--split validation: the training held digits out of {checkpoint.data_name}, "
                f"not of {dataset.name}; choose test or train"
            )
        return dataset.shown_train(upright), np.arange(len(dataset.train)), warning
    train, val = split_rows(checkpoint.config, dataset.train.labels)
    rows = train if part == "train" else val
    if not len(rows):
        raise DataError(f"--split {part}: this training held nothing out; choose test or train")
    return dataset.shown_train(upright), rows, warning


def common_subject(
    members: Sequence[Checkpoint], dataset: Dataset, part: Part
) -> tuple[list[Split], NDArray[np.intp], str | None]:
    """The same for a committee, at least one checkpoint: a split each, the same examples in all.

    The warning is the first there is.

    Raises:
        CheckpointError: the data set does not fit a network, or they held out other examples.
        DataError: the part is empty.
    """
    subjects = [subject(member, dataset, part) for member in members]
    rows = subjects[0][1]
    for member, (_, others, _) in zip(members, subjects, strict=True):
        if not np.array_equal(rows, others):
            raise CheckpointError(
                f"{member.path}: its training divided {dataset.name} otherwise than that of "
                f"{members[0].path}; judge them together on --split test"
            )
    warning = next((warning for _, _, warning in subjects if warning), None)
    return [split for split, _, _ in subjects], rows, warning


def _kind(thing: Checkpoint | Dataset) -> str:
    height, width = thing.shape
    return f"{height}×{width} pixels in {len(thing.classes)} classes ({', '.join(thing.classes)})"
