"""The learning rate range test in characters: the running loss over the rate, and what to take."""

import numpy as np

from mlp_cli.reports.canvas import Canvas, limits
from mlp_cli.training.rangetest import RangeTest


def range_text(test: RangeTest) -> str:
    """A chart, its axis of rates by powers of ten, and the suggested rate in words."""
    powers = np.log10(test.rates)
    low, high = np.floor(powers[0]), np.ceil(powers[-1])
    high = max(high, low + 1)  # a single rate
    canvas = Canvas((low, high), limits(test.drawn))
    told = "nothing      no rate lowered the loss; try another init or activation"
    if test.suggested is not None:
        told = f"suggested    --lr {test.suggested:g}, a tenth of the rate of the lowest loss"
        canvas.upright(np.log10(test.suggested))
    canvas.points(powers, test.drawn)
    names = {power: f"1e{power:+03.0f}" for power in np.arange(low, high + 1)}
    axis = f"{canvas.axis(names)}  learning rate"
    return "\n".join(["    loss", *canvas.lines(), axis, "", told])
