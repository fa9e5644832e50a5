"""Trains a recipe once with each seed, as anybody would, and keeps what came out of it.

    python results/final.py minute 0 1 2

leaves the run in runs/minute-seed-0 and so on, and its metrics.csv and summary.json in
results/minute/0. The summary also gets the seconds of the whole process, and for a recipe on a
sample the accuracy on the test digits of the whole set.
"""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from mlp_cli.config import load
from mlp_cli.data.catalogue import CATALOGUE

HERE = Path(__file__).parent
MLP = [sys.executable, "-m", "mlp_cli"]


def main(recipe: str, *seeds: str) -> None:
    """Train, and tell each result."""
    for seed in seeds:
        run = Path("runs", f"{recipe}-seed-{seed}")
        if run.exists():
            sys.exit(f"{run} is there already; move it away to train {recipe} with {seed} anew")
        train = [*MLP, "train", "--config", recipe, "--seed", seed, "--out", str(run)]
        started = time.perf_counter()
        subprocess.run(train, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - started
        summary = json.loads((run / "summary.json").read_text())
        summary["command"] = f"mlp train --config {recipe} --seed {seed}"
        summary["process_seconds"] = round(seconds, 2)
        summary |= _on_the_whole_set(recipe, run)
        kept = HERE / recipe / seed
        kept.mkdir(parents=True, exist_ok=True)
        shutil.copy(run / "metrics.csv", kept)
        (kept / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
        print(recipe, seed, f"{summary['test_accuracy']:.2%}", f"{seconds:.1f} s")


def _on_the_whole_set(recipe: str, run: Path) -> dict[str, Any]:
    """How a recipe on a sample does on the test digits of the set that the sample is of."""
    known = CATALOGUE.get(load(recipe).data.name)
    if known is None or known.sample_of is None:
        return {}
    judge = [*MLP, "eval", str(run), "--data", known.sample_of, "--json"]
    told = subprocess.run(judge, check=True, capture_output=True, text=True)
    return {f"{known.sample_of}_test_accuracy": json.loads(told.stdout)["accuracy"]}


if __name__ == "__main__":
    main(*sys.argv[1:])
