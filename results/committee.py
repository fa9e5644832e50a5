"""Judges finished runs as a committee, and keeps what came out of it.

    python results/committee.py record/0 ten-minutes/0 ten-minutes/1

reads the runs that results/final.py left for these recipes and seeds, and writes committee.json:
the accuracy of their mean probabilities, that of each alone, and the seconds of all trainings.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
KEPT = HERE / "committee.json"


def main(*members: str) -> None:
    """Judge, and tell the result."""
    if len(members) < 2:
        sys.exit(__doc__)
    runs = [f"runs/{member.replace('/', '-seed-')}" for member in members]
    judge = [sys.executable, "-m", "mlp_cli", "eval", *runs, "--json"]
    told = json.loads(subprocess.run(judge, check=True, stdout=subprocess.PIPE).stdout)
    summaries = [json.loads((HERE / member / "summary.json").read_text()) for member in members]
    if told["accuracies"] != [summary["test_accuracy"] for summary in summaries]:
        sys.exit("these runs are not those whose summaries are kept here")
    kept = {
        "members": members,
        "test_accuracy": told["accuracy"],
        "test_loss": told["loss"],
        "accuracies": dict(zip(members, told["accuracies"], strict=True)),
        "process_seconds": round(sum(summary["process_seconds"] for summary in summaries), 2),
        "command": f"mlp eval {' '.join(runs)}",
    }
    KEPT.write_text(json.dumps(kept, indent=2) + "\n")
    print(f"{kept['test_accuracy']:.2%}", f"{kept['process_seconds']:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
