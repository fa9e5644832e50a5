"""The learning rate range test in characters: the running loss over the rate, and what to take."""

import numpy as np

from mlp_cli.training.rangetest import RangeTest

WIDTH, HEIGHT = 64, 14  # characters of the plot


def range_text(test: RangeTest) -> str:
    """A chart, its axis of rates by powers of ten, and the suggested rate in words."""
    powers = np.log10(test.rates)
    low, high = np.floor(powers[0]), np.ceil(powers[-1])
    high = max(high, low + 1)  # a single rate
    columns = ((powers - low) / (high - low) * (WIDTH - 1)).round().astype(int)
    losses = np.array(test.drawn)
    bottom, top = losses.min(), max(losses.max(), losses.min() * 1.01)
    rows = ((top - losses) / (top - bottom) * (HEIGHT - 1)).round().astype(int)
    canvas = [[" "] * WIDTH for _ in range(HEIGHT)]
    told = "nothing      no rate lowered the loss; try another init or activation"
    if test.suggested is not None:
        told = f"suggested    --lr {test.suggested:g}, a tenth of the rate of the lowest loss"
        mark = round((np.log10(test.suggested) - low) / (high - low) * (WIDTH - 1))
        for line in canvas:
            line[int(np.clip(mark, 0, WIDTH - 1))] = "┊"
    for row, column in zip(rows, columns, strict=True):
        canvas[row][column] = "•"
    labels = {0: f"{top:.3g}", HEIGHT - 1: f"{bottom:.3g}"}
    lines = [f"{labels.get(i, ''):>8} │{''.join(line).rstrip()}" for i, line in enumerate(canvas)]
    axis, ticks = [" "] * (WIDTH + 6), np.arange(low, high + 1)
    for power in ticks:
        place = round((power - low) / (high - low) * (WIDTH - 1))
        name = f"1e{power:+03.0f}"
        axis[place : place + len(name)] = name
    return "\n".join(
        [
            "    loss",
            *lines,
            f"{'':>8} └{'─' * WIDTH}",
            f"{'':>10}{''.join(axis).rstrip()}  learning rate",
            "",
            told,
        ]
    )
