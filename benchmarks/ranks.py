"""Seconds per epoch of ``mpirun -n N mlp train``, and a model of where more ranks stop paying.

A step of N ranks on a batch of B takes, with P parameters,

    t(N) = a + 6 P (B / N) / F + 2 (N − 1) / N · 4 P / A + (N − 1) L

F, in flop/s, and a, in seconds, are what a rank reaches and what it does whatever its share: from
one rank's steps with B and with B / 2. A, in bytes/s, and L, in seconds, are of an all-reduce by
two ranks: of P numbers, and of one.
"""

import json
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
from cases import CASES, Case
from racing import MLP, open_mnist, output, rounds_option

from mlp_cli.cli.datasets import data_dir_option
from mlp_cli.config import to_yaml

MPIRUN = str(Path(sys.executable).with_name("mpirun"))
THREADS = "OPENBLAS_NUM_THREADS"
EXAMPLES = 20_000  # of MNIST's: a step takes as long as among all
RANKS = (1, 2, 4, 8, 16)
MOST = 4096  # ranks that are looked at
RACED = CASES[:3]
MEASURED = {"1 rank": (1, 1), "2 ranks": (2, 1), "1 process, 2 threads": (1, 2)}


@dataclass(frozen=True)
class Model:
    """What a step takes, by measurements of one rank and of two."""

    parameters: int
    batch_size: int
    fixed: float  # a, seconds
    flops: float  # F, a second
    bandwidth: float  # A, bytes a second
    latency: float  # L, seconds

    @classmethod
    def of(cls, case: Case, whole: float, half: float, many: float, one: float) -> "Model":
        """From seconds: a step with B and with B / 2, and all-reduces of P numbers and of one."""
        P = parameters(case)
        shared = 2 * (whole - half)
        flops = 6 * P * case.batch_size / shared
        return cls(P, case.batch_size, whole - shared, flops, 4 * P / (many - one), one)

    def step(self, ranks: int) -> float:
        """Seconds of a step of so many ranks."""
        learning = 6 * self.parameters * self.batch_size / ranks / self.flops
        adding = 2 * (ranks - 1) / ranks * 4 * self.parameters / self.bandwidth
        return self.fixed + learning + adding + (ranks - 1) * self.latency

    @property
    def most(self) -> int:
        """The number of ranks beyond which a step takes no less."""
        return min(range(1, MOST), key=self.step)


def parameters(case: Case) -> int:
    """Weights and biases."""
    pairs = zip(case.sizes, case.sizes[1:], strict=False)
    return sum((n_in + 1) * n_out for n_in, n_out in pairs)


def step_seconds(case: Case, directory: Path, ranks: int, threads: int = 1) -> float:
    """Train, and give the seconds of a step: of the median epoch without the first."""
    config = case.config()
    config["data"]["limit"] = EXAMPLES
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "case.yaml").write_text(to_yaml(config))
        command = [*MLP, "train", "--config=case.yaml", f"--data-dir={directory}", "--json"]
        *epochs, _ = map(json.loads, output(launched(command, ranks, threads), folder).splitlines())
    return median(e["epoch_seconds"] for e in epochs[1:]) / -(-EXAMPLES // case.batch_size)


def adding_seconds(numbers: int) -> float:
    """Seconds of an all-reduce of so many float32 by two ranks."""
    script = str(Path(__file__).with_name("adding.py"))
    return float(output(launched([sys.executable, script, str(numbers)], ranks=2, threads=1)))


def launched(command: list[str], ranks: int, threads: int) -> list[str]:
    """The command that starts another on so many ranks, each with so many threads."""
    return [MPIRUN, "-n", str(ranks), "env", f"{THREADS}={threads}", *command]


def report(case: Case, rounds: list[dict[str, float]]) -> str:
    """What was measured, and what follows."""
    mid = {name: median(each[name] for each in rounds) for name in rounds[0]}
    model = Model.of(case, mid["1 rank"], mid["half"], mid["many"], mid["one"])
    epoch = {name: mid[name] * -(-60_000 // case.batch_size) for name in MEASURED}
    one, two = 1e3 * mid["1 rank"], 1e3 * mid["2 ranks"]
    predicted = "  ".join(f"{n}: {1e3 * model.step(n):.3f}" for n in RANKS)
    P, B = model.parameters, model.batch_size
    return "\n".join(
        [
            f"{case}: {P:,} parameters",
            *(f"  {name:<24}{epoch[name]:8.3f} s an epoch" for name in MEASURED),
            f"  a step of one rank      {6 * P * B / 1e9:8.3f} Gflop at {model.flops / 1e9:.1f} "
            f"Gflop/s, and {1e3 * model.fixed:.3f} ms that are not shared",
            f"  an all-reduce           {4 * P / 1e6:8.3f} MB at {model.bandwidth / 1e9:.2f} GB/s, "
            f"and {1e6 * model.latency:.1f} µs a rank beside the first",
            f"  ms a step, predicted    {predicted}",
            f"  ms a step, measured     1: {one:.3f}  2: {two:.3f}",
            f"  more ranks pay up to    {model.most}",
        ]
    )


@click.command()
@rounds_option
@data_dir_option
@click.option("--only", type=click.Choice([case.name for case in RACED]), help="This case alone.")
def main(rounds: int, data_dir: Path | None, only: str | None) -> None:
    """Measure in turns, and print a paragraph a case; needs MNIST and an idle machine."""
    directory, _ = open_mnist(data_dir)
    os.environ.pop(THREADS, None)
    for case in RACED:
        if only not in (None, case.name):
            continue
        half = replace(case, batch_size=case.batch_size // 2)
        turns = [
            {name: step_seconds(case, directory, *how) for name, how in MEASURED.items()}
            | {"half": step_seconds(half, directory, 1)}
            | {"many": adding_seconds(parameters(case)), "one": adding_seconds(1)}
            for _ in range(rounds)
        ]
        click.echo(report(case, turns) + "\n")


main()
