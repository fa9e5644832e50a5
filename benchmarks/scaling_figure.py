"""Seconds per epoch against what grows: a panel for each, the measured above the ideal."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from sweeps import SWEEPS, Cost

from mlp_cli.files import replacing
from mlp_cli.reports.figures import BLUE, GREY, ORANGE


def draw(costs: Sequence[Cost], path: Path) -> None:
    """Draw all costs, each with one thread and with all, into a PNG."""
    figure = Figure(figsize=(10, 8), dpi=100)
    for axes, name in zip(figure.subplots(2, 2).flat, SWEEPS, strict=True):
        draw_sweep(axes, name, [cost for cost in costs if cost.sweep == name])
    figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.12)
    most = costs[-1]
    figure.supxlabel(
        f"ideal: its matrix products alone, as fast as a large one with {most.threads} threads "
        f"({most.peak:.0f} GFLOP/s)",
        color=GREY,
        fontsize=11,
    )
    with replacing(path) as file:
        figure.savefig(file, format="png")


def draw_sweep(axes: Axes, name: str, costs: Sequence[Cost]) -> None:
    """Draw a line for each number of threads, and a dashed one for the ideal with most of them."""
    sweep = SWEEPS[name]
    axes.set(title=sweep.title, xlabel=sweep.number, ylabel="seconds per epoch")
    axes.set(xscale="log", yscale="log")
    threads = sorted({cost.threads for cost in costs})
    for count, colour, align in zip(threads, (BLUE, ORANGE), ("bottom", "top"), strict=False):
        seconds = [cost.seconds for cost in costs if cost.threads == count]
        title = "1 thread" if count == 1 else f"{count} threads"
        draw_line(axes, sweep.values, seconds, title, colour, align)
    ideal = [cost.ideal for cost in costs if cost.threads == threads[-1]]
    draw_line(axes, sweep.values, ideal, "ideal", GREY, "top")
    set_scales(axes, sweep.values)


def draw_line(
    axes: Axes, values: Sequence[int], seconds: Sequence[float], name: str, colour: str, align: str
) -> None:
    """Draw one line, named at its right end; the ideal is dashed, for nobody measured it."""
    style = {"linestyle": "--"} if name == "ideal" else {"marker": "o", "markersize": 3.5}
    axes.plot(values, seconds, color=colour, **style)
    end = (values[-1], seconds[-1])
    axes.annotate(name, end, (7, 0), textcoords="offset points", color=colour, va=align)


def set_scales(axes: Axes, values: Sequence[int]) -> None:
    """Mark measured values below, and 1, 2 and 5 times the powers of ten at the side."""
    marks = values if len(values) <= 8 else values[::2]
    axes.set_xticks(
        marks, [f"{mark // 1000}k" if mark % 1000 == 0 else f"{mark}" for mark in marks]
    )
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(right=values[-1] * (values[-1] / values[0]) ** 0.24)  # room for the names
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5), numticks=20))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda seconds, _: f"{seconds:g}"))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.grid(axis="y", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
