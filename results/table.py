"""Writes the README's table of results from the summaries kept here: python results/table.py."""

import json
import re
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from mlp_cli.config import load

HERE = Path(__file__).parent
README = HERE.parent / "README.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
HEAD = "| recipe | learns | reads of the official test | of the sample's own | seconds | command |"


def updated(text: str) -> str:
    """A README with the table between its markers as the summaries make it."""
    kept: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(HERE.glob("*/*/summary.json")):
        kept.setdefault(path.parts[-3], []).append(json.loads(path.read_text()))
    rows = [_row(recipe, runs) for recipe, runs in sorted(kept.items(), key=_seconds)]
    rows.append(_committee(json.loads((HERE / "committee.json").read_text())))
    table = "\n".join([HEAD, "| --- " * (HEAD.count(" | ") + 1) + "|", *rows])
    block = f"{BEGIN}\n\n{table}\n\n{END}"
    return re.sub(f"{BEGIN}.*{END}", lambda _: block, text, flags=re.DOTALL)


def _seconds(kept: tuple[str, list[dict[str, Any]]]) -> float:
    return max(run["process_seconds"] for run in kept[1])


def _row(recipe: str, runs: list[dict[str, Any]]) -> str:
    of_sample = [run["test_accuracy"] for run in runs if "mnist_test_accuracy" in run]
    official = [run.get("mnist_test_accuracy", run["test_accuracy"]) for run in runs]
    seconds = [run["process_seconds"] for run in runs]
    seeds = " ".join(str(run["seed"]) for run in runs)
    data = load(recipe).data.name
    cells = [
        f"`{recipe}`",
        f"{runs[0]['examples']['train']:,} of {data}, {runs[0]['parameters']:,} parameters",
        _spread(official),
        _spread(of_sample) if of_sample else "",
        " to ".join(dict.fromkeys(f"{time:.1f}" for time in (min(seconds), max(seconds)))),
        f"`python results/final.py {recipe} {seeds}`",
    ]
    return f"| {' | '.join(cells)} |"


def _committee(kept: dict[str, Any]) -> str:
    members = " ".join(kept["members"])
    cells = [
        f"a committee of {len(kept['members'])}",
        "as its members",
        _spread([kept["test_accuracy"]]),
        "",
        f"{kept['process_seconds']:.1f}",
        f"`python results/committee.py {members}`",
    ]
    return f"| {' | '.join(cells)} |"


def _spread(accuracies: list[float]) -> str:
    """The mean and, of several seeds, their standard deviation, in percent."""
    spread = f" ± {100 * stdev(accuracies):.2f}" if len(accuracies) > 1 else ""
    return f"{100 * mean(accuracies):.2f} %{spread}"


if __name__ == "__main__":
    README.write_text(updated(README.read_text("utf-8")), "utf-8")
