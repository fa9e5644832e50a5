"""Writes the README's table of results from the summaries kept here: python results/table.py."""

import json
import re
from pathlib import Path
from statistics import mean, stdev
from typing import Any

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
HEAD = "| recipe | learns | of the sample's test | of MNIST's test | seconds | command |"


def updated(text: str) -> str:
    """A README with the table between its markers as the summaries make it."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(HERE.glob("*/*/summary.json")):
        kept.setdefault(path.parts[-3], []).append(json.loads(path.read_text()))
    rows = [_row(recipe, runs) for recipe, runs in sorted(kept.items(), key=_seconds)]
    table = "\n".join([HEAD, "| --- " * (HEAD.count(" | ") + 1) + "|", *rows])
    block = f"{BEGIN}\n\n{table}\n\n{END}"
    return re.sub(f"{BEGIN}.*{END}", lambda _: block, text, flags=re.DOTALL)


def _seconds(kept: tuple[str, list[dict[str, Any]]]) -> float:
    return max(run["process_seconds"] for run in kept[1])


def _row(recipe: str, runs: list[dict[str, Any]]) -> str:
    of_sample = [run["test_accuracy"] for run in runs if "mnist_test_accuracy" in run]
    of_mnist = [run.get("mnist_test_accuracy", run["test_accuracy"]) for run in runs]
    seconds = [run["process_seconds"] for run in runs]
    seeds = " ".join(str(run["seed"]) for run in runs)
    cells = [
        f"`{recipe}`",
        f"{runs[0]['examples']['train']:,} digits, {runs[0]['parameters']:,} parameters",
        _spread(of_sample) if of_sample else "",
        _spread(of_mnist),
        f"{min(seconds):.1f} to {max(seconds):.1f}",
        f"`python results/final.py {recipe} {seeds}`",
    ]
    return f"| {' | '.join(cells)} |"


def _spread(accuracies: list[float]) -> str:
    """The mean and the standard deviation over the seeds, in percent."""
    return f"{100 * mean(accuracies):.2f} % ± {100 * stdev(accuracies):.2f}"


if __name__ == "__main__":
    README.write_text(updated(README.read_text("utf-8")), "utf-8")
