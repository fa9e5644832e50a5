"""Boxes and circles drawn around digits, taken out of a mask of ink."""

import cv2
import numpy as np

from mlp_cli.data.morphology import Mask, closed, components

LARGEST = 0.5  # times as long as the longest stroke: what is shorter goes around no digit
HELD = 0.25  # times as high or wide as its frame is a digit, at least; a slash in a 0 is too
GAP = 0.08  # times as long, and twice that, is what its ends may be apart


def without_frames(mask: Mask) -> Mask:
    """A mask (H, W) without the strokes that go around others, which are not much smaller."""
    strokes = components(mask)
    if len(strokes) < 2:
        return mask
    sides = strokes.stop - strokes.start
    lengths = sides.max(axis=1)
    frames = []
    for i in np.flatnonzero(lengths >= LARGEST * lengths.max()).tolist():
        around = (strokes.start > strokes.start[i]) & (strokes.stop < strokes.stop[i])
        held = np.flatnonzero(around.all(axis=1) & (sides >= HELD * sides[i]).any(axis=1))
        if not held.size:
            continue
        frame = closed(strokes.labels == i + 1, 1 + round(GAP * int(lengths[i])))
        if _closed_in(frame, np.isin(strokes.labels, held + 1)):
            frames.append(i + 1)
    return mask & ~np.isin(strokes.labels, frames)


def _closed_in(frame: Mask, others: Mask) -> bool:
    """Whether any of the others lies in an opening of the frame."""
    ground = cv2.connectedComponents((~frame).view(np.uint8), connectivity=4)[1]
    outside = np.unique(np.concatenate([ground[0], ground[-1], ground[:, 0], ground[:, -1]]))
    return not np.isin(ground[others], outside).all()
