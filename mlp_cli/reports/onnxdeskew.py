"""What `mlp_cli.data.deskew` does to images, to the bit, as standard operators of ONNX."""

import numpy as np

from mlp_cli.data.deskew import FRAME
from mlp_cli.reports.onnxgraph import Graph


def add_deskew(graph: Graph, pixels: str, shape: tuple[int, int]) -> str:
    """Add what sets images upright; gives float32 pixels (N, height * width), whole numbers.

    Args:
        graph: gets the nodes.
        pixels: (N, height * width), uint8.
        shape: height and width.
    """
    height, width = shape
    x, y, slant = _moments(graph, pixels, shape)
    rows = graph.array(np.arange(height) - (height - 1) / 2, dtype=np.float64)
    sideways = graph.node("Add", x, graph.node("Mul", slant, rows))  # (N, H)
    images = graph.shaped(graph.cast(pixels, np.float32), -1, *shape)
    framed = graph.node("Pad", images, graph.whole(0, FRAME, FRAME, 0, FRAME, FRAME))
    moved = _moved(graph, framed, y, height, 3)  # (N, H, W + 2 · FRAME)
    lines = graph.shaped(moved, -1, width + 2 * FRAME)
    moved = _moved(graph, lines, graph.shaped(sideways, -1, 1), width, 2)  # (N · H, W)
    return graph.shaped(graph.node("Round", moved), -1, height * width)


def _moments(graph: Graph, pixels: str, shape: tuple[int, int]) -> tuple[str, str, str]:
    """The centre x̄ and ȳ of each image, from the middle, and its slant; (N, 1) each."""
    y, x = (np.indices(shape).reshape(2, -1).T - (np.array(shape) - 1) / 2).T  # (H * W,) each
    powers = graph.array(np.stack([x**0, x, y, x * y, y * y], axis=1), dtype=np.float64)
    sums = graph.node("MatMul", graph.cast(pixels, np.float64), powers)  # (N, 5)
    total, *others = (graph.node("Gather", sums, graph.whole(k), axis=1) for k in range(5))
    none, one = (graph.array(value, dtype=np.float64) for value in (0, 1))
    total = graph.node("Max", total, one)  # an empty image stays as it is
    mean_x, mean_y, mean_xy, mean_yy = (graph.node("Div", each, total) for each in others)
    covariance = graph.node("Sub", mean_xy, graph.node("Mul", mean_x, mean_y))
    variance = graph.node("Sub", mean_yy, graph.node("Mul", mean_y, mean_y))
    flat = graph.node("LessOrEqual", variance, none)  # a single row has no slant
    slope = graph.node("Div", covariance, graph.node("Where", flat, one, variance))
    return mean_x, mean_y, graph.node("Where", flat, none, slope)


def _moved(graph: Graph, framed: str, by: str, size: int, dimensions: int) -> str:
    """Each line (N, 2 + size + 2, …) read ``by`` (N, 1) further along: (N, size, …)."""
    whole = graph.node("Floor", by)
    share = graph.cast(graph.node("Sub", by, whole), np.float32)
    share = graph.shaped(share, -1, *[1] * (dimensions - 1))
    place = graph.node("Add", graph.cast(whole, np.int64), graph.whole(*range(FRAME, FRAME + size)))
    least, most = (graph.array(end, dtype=np.int64) for end in (0, size + FRAME))
    place = graph.node("Unsqueeze", graph.node("Clip", place, least, most), graph.whole(2))
    near = graph.node("GatherND", framed, place, batch_dims=1)
    after = graph.node("Add", place, graph.whole(1))
    far = graph.node("GatherND", framed, after, batch_dims=1)
    between = graph.node("Mul", graph.node("Sub", far, near), share)
    return graph.node("Add", near, between)
