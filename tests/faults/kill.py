"""Kills trainings at random moments, and resumes them: python tests/faults/kill.py 300.

Each has to end with the bits of one that was left alone, and with each epoch once in metrics.csv.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from toys import bits

from mlp_cli.files import LEFT_OVER

# Small epochs and a network that is not: half of the time goes into checkpoints.
CONFIG = """\
data: {name: mnist-5k, limit: 500, validation: 100}
layers: [64]
dropout: 0.2
epochs: 60
plots: false
"""
MLP = [sys.executable, "-m", "mlp_cli"]
STARTING = 0.3  # seconds that a process takes at least before it trains


@dataclass
class Counts:
    """What was done."""

    kills: int = 0
    in_a_write: int = 0  # of them, while a file was being written
    trainings: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.in_a_write} of them while a file was written; all of "
            f"{self.trainings} trainings ended with the same bits, each epoch once in metrics.csv"
        )


def kill(number: int, folder: Path, seed: int = 0) -> Counts:
    """Kill trainings so often, and go on with each until it ends.

    Raises:
        AssertionError: one ended otherwise than undisturbed, or could not go on.
    """
    rng = random.Random(seed)
    (folder / "tiny.yaml").write_text(CONFIG)
    started = time.perf_counter()
    _train(folder, "whole").communicate()
    whole = _result(folder / "whole")
    lasting = time.perf_counter() - started
    counts = Counts()
    while counts.kills < number:
        name = f"killed-{counts.trainings}"
        while not (folder / name / "summary.json").exists():
            running = _train(folder, name)
            try:
                running.wait(STARTING + rng.random() * (lasting - STARTING) / 2)
            except subprocess.TimeoutExpired:
                running.kill()
                counts.kills += 1
                counts.in_a_write += any((folder / name).glob(LEFT_OVER))
            _, errors = running.communicate()
            assert running.returncode in (0, -signal.SIGKILL), errors.decode()
        assert _result(folder / name) == whole, f"{name} ended otherwise"
        left = _files(folder / name) ^ _files(folder / "whole")
        assert not left, f"{name} has files left over, or none: {left}"
        counts.trainings += 1
    return counts


def _train(folder: Path, name: str) -> "subprocess.Popen[bytes]":
    """A training in a process of its own, begun or taken up."""
    begun = (folder / name / "last.npz").exists()
    what = ["--resume", name] if begun else ["--config", "tiny.yaml", "--out", name]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.Popen(
        [*MLP, "train", *what, "--quiet"], cwd=folder, env=environment, stderr=subprocess.PIPE
    )


def _files(run: Path) -> set[str]:
    return {path.name for path in run.iterdir()}


def _result(run: Path) -> list[object]:
    """All that a training leaves, but for its times."""
    rows = [line.split(",")[:-2] for line in (run / "metrics.csv").read_text().splitlines()]
    return [bits(run / "best.npz"), bits(run / "last.npz"), rows]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print(kill(int(sys.argv[1]), Path(place)))
