"""``mlp train``: a config becomes a run, or a run goes on."""

import json
import os
import shlex
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli import blas
from mlp_cli.cli import completion
from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.cli.findlr import find_rate
from mlp_cli.cli.follow import follow
from mlp_cli.cli.outputs import refuse_existing
from mlp_cli.cli.ranks import accompany
from mlp_cli.cli.settings import set_option
from mlp_cli.errors import UsageError
from mlp_cli.launcher import place_of

if TYPE_CHECKING:
    from mlp_cli.cli.screen import Screen
    from mlp_cli.config import Override
    from mlp_cli.training.checkpoint import Checkpoint
    from mlp_cli.training.ranks import Alone
    from mlp_cli.training.run import Run
    from mlp_cli.training.rundir import RunFolder


@click.command(context_settings={"allow_extra_args": True})
@click.option(
    "--config",
    "-c",
    metavar="FILE",
    shell_complete=completion.configs,
    help="A YAML file, or the name of a recipe.",
)
@click.option(
    "--resume",
    metavar="RUN",
    shell_complete=completion.runs,
    help="Go on with a run folder, or with `latest`.",
)
@set_option
@click.option("--epochs", metavar="N", help="Sets epochs, instead of minutes.")
@click.option("--batch-size", metavar="N|all", help="Sets batch_size.")
@click.option("--lr", metavar="RATE", help="Sets optimizer.learning_rate.")
@click.option("--seed", metavar="N", help="Sets seed.")
@data_dir_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Make this the run folder, or with --find-lr this PNG.  [default: the next runs/NAME-001]",
)
@click.option("--mirror", metavar="URL", multiple=True, help="Fetch data from here first.")
@click.option("--offline", is_flag=True, help="Fetch nothing.")
@click.option("--find-lr", is_flag=True, help="Try learning rates, draw the losses, suggest one.")
@click.option("--dry-run", is_flag=True, help="Show the plan and train nothing.")
@click.option("--tensorboard", is_flag=True, help="Write RUN/tensorboard for TensorBoard, live.")
@click.option("--quiet", "-q", is_flag=True, help="Show nothing but errors.")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print JSON: epochs and summary, or the plan.",
)
def train(
    config: str | None,
    resume: str | None,
    settings: "tuple[Override, ...]",
    epochs: str | None,
    batch_size: str | None,
    lr: str | None,
    seed: str | None,
    data_dir: Path | None,
    out: Path | None,
    mirror: tuple[str, ...],
    offline: bool,
    find_lr: bool,
    dry_run: bool,
    tensorboard: bool,
    quiet: bool,
    as_json: bool,
) -> int | None:
    """Train a network as a config says, and keep all of it in a run folder.

    Ctrl-C saves the run; `--resume` goes on exactly where it stopped.

    \b
    Examples:
      mlp train --config quickstart
      mlp train --config mnist --set layers=[256,128] --set optimizer.lr=3e-4 --epochs 20
      mlp train --config mnist --find-lr
      mlp train --resume latest
    """
    started = time.perf_counter()
    place = place_of(os.environ)
    if place.rank:
        return accompany(place, data_dir)
    if extra := click.get_current_context().args:
        raise UsageError(
            f"{extra[0]}: belongs to no option; to train by a config: "
            f"mlp train --config {shlex.quote(extra[0])}"
        )
    if (config is None) == (resume is None):
        raise UsageError(
            "give either --config FILE (`mlp config list` names the recipes) or --resume RUN"
        )
    if dry_run and (quiet or tensorboard):
        raise UsageError("--dry-run: only prints a plan; leave --quiet and --tensorboard out")
    if find_lr and (dry_run or quiet or resume or lr or epochs or tensorboard):
        others = "--resume, --dry-run, --quiet, --lr, --epochs and --tensorboard"
        raise UsageError(f"--find-lr: tries a config with all rates; leave {others} out")
    if place.size > 1 and (find_lr or dry_run):
        raise UsageError(
            f"{'--find-lr' if find_lr else '--dry-run'}: is for one process; leave mpirun out"
        )
    if find_lr:
        refuse_existing("--out", out)
    flags = {
        "epochs": ("--epochs", epochs),
        "batch_size": ("--batch-size", batch_size),
        "optimizer.learning_rate": ("--lr", lr),
        "seed": ("--seed", seed),
    }
    overrides = _overrides(settings, flags)

    machine = blas.start()

    from mlp_cli.cli.board import see_it_is_here
    from mlp_cli.cli.screen import JsonScreen, LineScreen, Screen
    from mlp_cli.config import load
    from mlp_cli.reports.plan import plan, plan_text
    from mlp_cli.training.names import new_run
    from mlp_cli.training.ranks import Alone, world
    from mlp_cli.training.resume import checkpoint_of, to_resume
    from mlp_cli.training.run import Run
    from mlp_cli.training.shared import maker

    ranks = world(place) if place.size > 1 else Alone()

    see_it_is_here(tensorboard)
    screen = JsonScreen() if as_json else Screen() if quiet else LineScreen()
    if resume is not None:
        if out is not None:
            raise UsageError("--out: a resumed run stays in its folder; leave --out out")
        if dry_run:
            raise UsageError("--dry-run: plans a new run; `mlp inspect` shows one to resume")
        folder = to_resume(resume)
        with folder.held():
            saved = checkpoint_of(folder, resume)
            run = _taken_up(
                folder, saved, overrides, data_dir, offline, mirror, machine, screen, ranks
            )
            return follow(run, screen, data_dir, tensorboard, ranks)
    chosen = load(str(config), overrides)
    fetch = not (offline or dry_run)
    dataset = open_data(chosen.data.name, data_dir, fetch, mirror)
    trainer = maker(ranks)(chosen, dataset, machine.threads or 1)
    if trainer.leaves_a_core:
        machine = blas.use_one_thread()
    if find_lr:
        return find_rate(trainer, machine, out, as_json)
    if chosen.minutes is not None:
        from mlp_cli.training.budget import within_minutes

        trainer.config = within_minutes(trainer, machine.threads or 1, started)
    if dry_run:
        planned = plan(trainer, str(machine), out)
        click.echo(json.dumps(planned) if as_json else plan_text(trainer, planned))
        return 0
    folder = new_run(Path(str(config)).stem, out)
    with folder.held():
        run = Run(folder, trainer, ranks.noted(str(machine)))
        return follow(run, screen, data_dir, tensorboard, ranks)


def _overrides(
    settings: "tuple[Override, ...]", flags: dict[str, tuple[str, str | None]]
) -> "list[Override]":
    """What the command line says beside the config; flags last, for they are in force."""
    overrides = list(settings)
    overrides += [(key, value, flag) for key, (flag, value) in flags.items() if value is not None]
    said = {key: where for key, _, where in overrides}
    if "epochs" in said and "minutes" in said:
        raise UsageError(f"{said['epochs']}: {said['minutes']} plans the epochs; give one of them")
    if "epochs" in said:
        overrides.append(("minutes", "null", said["epochs"]))
    return overrides


def _taken_up(
    folder: "RunFolder",
    saved: "Checkpoint",
    overrides: "list[Override]",
    data_dir: Path | None,
    offline: bool,
    mirror: tuple[str, ...],
    machine: blas.Blas,
    screen: "Screen",
    ranks: "Alone",
) -> "Run":
    """The run to go on with."""
    from mlp_cli.training.resume import resume, resumed_config
    from mlp_cli.training.shared import maker

    config = resumed_config(saved, overrides)
    dataset = open_data(saved.data_name, data_dir, not offline, mirror)
    run = resume(folder, saved, config, dataset, machine.threads or 1, maker(ranks))
    if run.trainer.leaves_a_core:
        machine = blas.use_one_thread()
    run.blas = ranks.noted(str(machine))
    last = saved.versions.get("blas")
    if last not in (None, run.blas):
        screen.note(f"last saved with {last}; with {run.blas} the last bits may differ")
    return run
