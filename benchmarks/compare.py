"""Seconds per epoch of ``mlp train`` and of other libraries, measured in turns."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import click
from cases import CASES, Case
from racing import (
    MLP,
    PEERS,
    Ratio,
    open_mnist,
    output,
    python_option,
    rounds_option,
    version,
)

from mlp_cli.cli.datasets import data_dir_option
from mlp_cli.config import to_yaml
from mlp_cli.reports.tables import percent


@dataclass(frozen=True)
class Training:
    """How one process trained."""

    seconds: float  # per epoch: the median, without the first
    test_accuracy: float

    @classmethod
    def of(cls, epoch_seconds: list[float], test_accuracy: float) -> "Training":
        """Leaves the first epoch out: JAX compiles in it, and the others warm up."""
        return cls(median(epoch_seconds[1:]), test_accuracy)


@dataclass(frozen=True)
class Round:
    """All who train, once each, one after the other."""

    peak: float  # GFLOP/s of a large matrix product
    ours: Training
    theirs: Mapping[str, Training]


# The file of each peer, and the distribution that it needs.
SCRIPTS = {
    "jax": ("jax_mlp.py", "jax"),
    "torch": ("torch_eager.py", "torch"),
    "torch-loader": ("torch_loader.py", "torch"),
    "sklearn": ("sklearn_mlp.py", "scikit-learn"),
}


def train_ours(case: Case, directory: Path) -> Training:
    """Train with ``mlp train``, in a folder that is then removed."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "case.yaml").write_text(to_yaml(case.config()))
        command = [*MLP, "train", "--config=case.yaml", f"--data-dir={directory}", "--json"]
        *epochs, summary = map(json.loads, output(command, folder).splitlines())
    return Training.of([epoch["epoch_seconds"] for epoch in epochs], summary["test_accuracy"])


def train_theirs(peer: str, case: Case, directory: Path, python: str) -> Training:
    """Train with a peer."""
    script, _ = SCRIPTS[peer]
    command = [python, str(PEERS / script), f"--data={directory / 'mnist'}", *case.arguments()]
    return Training.of(**json.loads(output(command)))


def table(case: Case, rounds: list[Round]) -> str:
    """A case's medians: ours, then a line per peer with its ratio to ours."""
    ours = [each.ours.seconds for each in rounds]
    shares = [case.gigaflop / each.ours.seconds / each.peak for each in rounds]
    accuracy = median(each.ours.test_accuracy for each in rounds)
    lines = [
        f"{case}",
        f"  {'mlp':<14}{median(ours):8.3f} s   {percent(accuracy)}   "
        f"{case.gigaflop / median(ours):.1f} GFLOP/s, {100 * median(shares):.0f} % of the peak",
    ]
    for peer in rounds[0].theirs:
        theirs = [each.theirs[peer].seconds for each in rounds]
        accuracy = median(each.theirs[peer].test_accuracy for each in rounds)
        lines.append(
            f"  {peer:<14}{median(theirs):8.3f} s   {percent(accuracy)}   {Ratio.of(theirs, ours)}"
        )
    return "\n".join(lines)


@click.command()
@rounds_option
@python_option
@data_dir_option
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([case.name for case in CASES]),
    help="This case and no other; may be repeated.",
)
@click.option(
    "--peer",
    "chosen",
    multiple=True,
    type=click.Choice(list(SCRIPTS)),
    default=list(SCRIPTS),
    help="This peer and no other; may be repeated.",
)
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write all rounds here.")
def compare(
    rounds: int,
    python: str,
    data_dir: Path | None,
    only: tuple[str, ...],
    chosen: tuple[str, ...],
    file: Path | None,
) -> None:
    """Train each case with mlp and with every peer, in turns, and tell who took how long."""
    directory, _ = open_mnist(data_dir)
    versions = {peer: version(python, SCRIPTS[peer][1]) for peer in chosen}
    for peer, found in versions.items():
        click.echo(f"{peer:<14}{found or f'absent: {python} has no {SCRIPTS[peer][1]}'}")
    peers = [peer for peer in chosen if versions[peer]]
    results = {}
    for case in CASES:
        if only and case.name not in only:
            continue
        done = []
        for number in range(1, rounds + 1):
            click.echo(f"{case.name}: round {number} of {rounds}", err=True)
            peak = float(output([MLP[0], str(PEERS.parent / "peak.py")]))
            ours = train_ours(case, directory)
            theirs = {peer: train_theirs(peer, case, directory, python) for peer in peers}
            done.append(Round(peak, ours, theirs))
        click.echo(f"\n{table(case, done)}")
        results[case.name] = [asdict(each) for each in done]
    if file is not None:
        file.write_text(json.dumps({"versions": versions, "cases": results}, indent=2))


compare()
