"""``mlp train``: a config becomes a run, or a run goes on."""

import json
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli import blas
from mlp_cli.cli import completion
from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.cli.outputs import refuse_existing
from mlp_cli.cli.settings import set_option
from mlp_cli.errors import UsageError, command_line, visible

if TYPE_CHECKING:
    from mlp_cli.cli.screen import Screen
    from mlp_cli.config import Override
    from mlp_cli.training.checkpoint import Checkpoint
    from mlp_cli.training.loop import Trainer
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
    if find_lr:
        refuse_existing("--out", out)
    flags = {
        "epochs": ("--epochs", epochs),
        "batch_size": ("--batch-size", batch_size),
        "optimizer.learning_rate": ("--lr", lr),
        "seed": ("--seed", seed),
    }
    overrides = list(settings)
    overrides += [(key, value, flag) for key, (flag, value) in flags.items() if value is not None]
    said = {key: place for key, _, place in overrides}
    if "epochs" in said and "minutes" in said:
        raise UsageError(f"{said['epochs']}: {said['minutes']} plans the epochs; give one of them")
    if "epochs" in said:
        overrides.append(("minutes", "null", said["epochs"]))

    machine = blas.start()

    from mlp_cli.cli.board import see_it_is_here
    from mlp_cli.cli.screen import JsonScreen, LineScreen, Screen
    from mlp_cli.config import load
    from mlp_cli.reports.plan import plan, plan_text
    from mlp_cli.training.loop import Trainer
    from mlp_cli.training.names import new_run
    from mlp_cli.training.resume import checkpoint_of, to_resume
    from mlp_cli.training.run import Run

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
            run = _taken_up(folder, saved, overrides, data_dir, offline, mirror, machine, screen)
            return _follow(run, screen, data_dir, tensorboard)
    chosen = load(str(config), overrides)
    fetch = not (offline or dry_run)
    trainer = Trainer(
        chosen, open_data(chosen.data.name, data_dir, fetch, mirror), machine.threads or 1
    )
    if trainer.leaves_a_core:
        machine = blas.use_one_thread()
    if find_lr:
        return _find_lr(trainer, machine, out, as_json)
    if chosen.minutes is not None:
        from mlp_cli.training.budget import within_minutes

        trainer.config = within_minutes(trainer, machine.threads or 1, started)
    if dry_run:
        planned = plan(trainer, str(machine), out)
        click.echo(json.dumps(planned) if as_json else plan_text(trainer, planned))
        return 0
    folder = new_run(Path(str(config)).stem, out)
    with folder.held():
        return _follow(Run(folder, trainer, str(machine)), screen, data_dir, tensorboard)


def _find_lr(trainer: "Trainer", machine: blas.Blas, out: Path | None, as_json: bool) -> int:
    """Show how the loss changes with the learning rate."""
    from mlp_cli.reports.plan import banner
    from mlp_cli.reports.rangechart import range_text
    from mlp_cli.training.rangetest import range_test

    if not as_json:
        click.echo(banner(trainer, str(machine)) + "\n")
    test = range_test(trainer.config, trainer.dataset, machine.threads or 1)
    click.echo(json.dumps(test.to_json()) if as_json else range_text(test))
    if out is not None:
        from mlp_cli.reports.figures import draw_range_test

        draw_range_test(test, out)
        click.echo(f"Drawn into {visible(out)}", err=as_json)
    return 0


def _taken_up(
    folder: "RunFolder",
    saved: "Checkpoint",
    overrides: "list[Override]",
    data_dir: Path | None,
    offline: bool,
    mirror: tuple[str, ...],
    machine: blas.Blas,
    screen: "Screen",
) -> "Run":
    """The run to go on with."""
    from mlp_cli.training.resume import resume, resumed_config

    config = resumed_config(saved, overrides)
    dataset = open_data(saved.data_name, data_dir, not offline, mirror)
    run = resume(folder, saved, config, dataset, machine.threads or 1)
    run.blas = str(blas.use_one_thread() if run.trainer.leaves_a_core else machine)
    last = saved.versions.get("blas")
    if last not in (None, run.blas):
        screen.note(f"last saved with {last}; with {run.blas} the last bits may differ")
    return run


def _follow(run: "Run", screen: "Screen", data_dir: Path | None, tensorboard: bool) -> int:
    """Train to the end, or until a signal or a closed pipe, and show it."""
    from mlp_cli.cli.board import watched
    from mlp_cli.cli.interrupt import BY_SIGNAL, interruptible
    from mlp_cli.reports.figures import draw_confusion, draw_curves

    path = str(run.folder.path)
    same_data = [] if data_dir is None else ["--data-dir", str(data_dir)]
    going_on = command_line(["mlp", "train", "--resume", path, *same_data])
    screen.begin(run)
    with interruptible() as asked, watched(run, tensorboard, screen) as tell:
        for event in run.train():
            tell(event)
            try:
                screen.show(event, run)
            except OSError:  # nobody reads on, as after `| head`, or the disk is full
                run.save()
                click.echo(f"Saved. Go on with: {going_on}", err=True)
                raise
            if number := asked():
                run.save()
                screen.interrupted(going_on)
                return BY_SIGNAL + number
        result = run.finish(shlex.join(["mlp", *sys.argv[1:]]))
        tell(result)
    index = str(min(17, len(run.trainer.dataset.test) - 1))
    following = ["mlp", "predict", "--checkpoint", path, "--index", index, "--show", *same_data]
    screen.finish(run, result, command_line(following))
    if run.trainer.config.plots:
        draw_curves(run.trainer.history, run.folder.path / "curves.png")
        draw_confusion(
            result.test.confusion, run.trainer.dataset.classes, run.folder.path / "confusion.png"
        )
    return 0
