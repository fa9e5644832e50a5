"""Boxes and circles drawn around digits, taken out of a mask of ink."""

import cv2
import numpy as np
from numpy.typing import NDArray

from mlp_cli.data.morphology import Mask, components

LARGEST = 0.5  # times as long as the longest stroke: what is shorter goes around no digit
HELD = 0.25  # times as long as its frame is a digit, at least


def without_frames(mask: Mask) -> Mask:
    """A mask (H, W) without the strokes that go around others, which are not much smaller."""
    strokes = components(mask)
    if len(strokes) < 2:
        return mask
    lengths = (strokes.stop - strokes.start).max(axis=1)
    frames = []
    for i in np.flatnonzero(lengths >= LARGEST * lengths.max()).tolist():
        around = (strokes.start > strokes.start[i]) & (strokes.stop < strokes.stop[i])
        held = np.flatnonzero(around.all(axis=1) & (lengths >= HELD * lengths[i]))
        if held.size and _closed_in(strokes.labels, i + 1, held + 1):
            frames.append(i + 1)
    return mask & ~np.isin(strokes.labels, frames)


def _closed_in(labels: NDArray[np.int32], frame: int, others: NDArray[np.intp]) -> bool:
    """Whether any of the others lies in an opening of the frame."""
    ground = cv2.connectedComponents((labels != frame).view(np.uint8), connectivity=4)[1]
    outside = np.unique(np.concatenate([ground[0], ground[-1], ground[:, 0], ground[:, -1]]))
    return not np.isin(ground[np.isin(labels, others)], outside).all()
