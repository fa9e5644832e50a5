"""``mlp sweep``: a space of settings is searched for those that read most held-out digits right."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli import blas
from mlp_cli.cli import completion
from mlp_cli.cli.cluster import connected, dask_option, described, see_all_is_here, workers_option
from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.cli.outputs import json_lines_option
from mlp_cli.cli.settings import set_option
from mlp_cli.errors import UsageError, command_line

if TYPE_CHECKING:
    from mlp_cli.config import Override
    from mlp_cli.data.split import Dataset
    from mlp_cli.training.study import Plan

TRIALS = 50


@click.command()
@click.option(
    "--config",
    "-c",
    metavar="FILE",
    shell_complete=completion.configs,
    help="A YAML file, or the name of a recipe.",
)
@click.option(
    "--space",
    metavar="FILE",
    shell_complete=completion.files,
    help="A YAML file: keys, each with a range or choices.",
)
@click.option(
    "--resume",
    metavar="RUN",
    shell_complete=completion.sweeps,
    help="Go on with the folder of a sweep.",
)
@click.option(
    "--trials",
    type=click.IntRange(min=1),
    help=f"So many in all.  [default: {TRIALS}; of a grid, all]",
)
@click.option("--sampler", type=click.Choice(["tpe", "random", "grid"]), help="[default: tpe]")
@click.option("--no-prune", is_flag=True, help="Train every trial to its end.")
@click.option("--storage", metavar="URL", help="Keep the study there, not in the folder.")
@workers_option
@dask_option
@set_option
@click.option("--seed", metavar="N", help="Sets seed, which trials and search follow from.")
@data_dir_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Make this the folder.  [default: the next runs/sweep-NAME-001]",
)
@click.option("--mirror", metavar="URL", multiple=True, help="Fetch data from here first.")
@click.option("--offline", is_flag=True, help="Fetch nothing.")
@json_lines_option
def sweep(
    config: str | None,
    space: str | None,
    resume: str | None,
    trials: int | None,
    sampler: str | None,
    no_prune: bool,
    storage: str | None,
    workers: int | None,
    dask: str | None,
    settings: "tuple[Override, ...]",
    seed: str | None,
    data_dir: Path | None,
    out: Path | None,
    mirror: tuple[str, ...],
    offline: bool,
    as_json: bool,
) -> int:
    """Search a space of settings for those that read most validation examples right.

    The space is YAML: keys as for --set, each with low and high, or choices. The test set is not
    looked at. Ctrl-C keeps all trials that are done; `--resume` makes the others.

    \b
    Examples:
      mlp sweep --config mnist --space space.yaml --trials 50
      mlp sweep --config mnist --space space.yaml --sampler grid --no-prune
      mlp sweep --resume runs/sweep-mnist-001 --trials 80 --workers 2
      mlp train --config runs/sweep-mnist-001/best.yaml
    """
    if resume is None and (config is None or space is None):
        raise UsageError("give --config FILE and --space FILE, or --resume RUN")
    if resume is not None and (config or space or sampler or no_prune or settings or seed or out):
        raise UsageError(
            "--resume: a sweep keeps its settings; leave all but --trials, --storage, who trains "
            "and where data come from out, or start a new sweep"
        )
    machine = blas.start()
    see_all_is_here(workers, dask)

    from mlp_cli.cli.sweeping import follow
    from mlp_cli.training.names import new_sweep
    from mlp_cli.training.rundir import RunFolder
    from mlp_cli.training.study import begin, database, sweep_folder, take_up, without_password
    from mlp_cli.training.sweep import Sweep

    def data(plan: "Plan") -> "Dataset":
        return open_data(plan.config["data"]["name"], data_dir, not offline, mirror)

    if resume is None:
        flags = [("seed", seed, "--seed")] if seed is not None else []
        asked = _plan(str(config), str(space), [*settings, *flags], sampler, not no_prune, trials)
        data(asked)  # before anything is made
        there = None
    else:
        asked, there = None, sweep_folder(resume, storage)
    with connected(workers, dask) as client:
        path = there or new_sweep(Path(str(config)).stem, out)
        with RunFolder(path).held(), database(path, storage) as opened:
            study, plan = begin(path, opened, asked) if asked else take_up(path, opened, trials)
            if client is None:
                made = Sweep(path, study, plan, data(plan), machine.threads or 1, blas.sparing)
            else:
                from mlp_cli.training.cluster import ClusterSweep

                made = ClusterSweep(path, study, plan, data(plan), client, data_dir)
            same = {
                "--storage": storage and without_password(storage),
                "--workers": workers,
                "--dask": dask,
                "--data-dir": data_dir,
            }
            said = [str(word) for pair in same.items() if pair[1] for word in pair]
            going_on = command_line(["mlp", "sweep", "--resume", str(path), *said])
            where = str(machine) if client is None else described(workers, dask)
            return follow(made, where, as_json, going_on)


def _plan(
    config: str,
    space: str,
    overrides: "list[Override]",
    sampler: str | None,
    prune: bool,
    trials: int | None,
) -> "Plan":
    """What the command line asks for, checked."""
    from mlp_cli.config import load, to_plain
    from mlp_cli.config.spacereader import whole_key
    from mlp_cli.training.sampling import grid_size
    from mlp_cli.training.study import Plan

    chosen = load(config, overrides)
    try:
        text = Path(space).read_text("utf-8")
    except (OSError, ValueError) as error:
        raise UsageError(f"--space {space}: cannot be read: {error}") from error
    plan = Plan(to_plain(chosen), config, text, space, sampler or "tpe", prune, trials or TRIALS)
    dimensions = plan.dimensions()
    searched = {dimension.key for dimension in dimensions}
    for key, _, place in overrides:
        whole = whole_key(key)
        if any(whole == each or whole.startswith(f"{each}.") for each in searched):
            raise UsageError(f"{place}: {space} searches {key}; leave it out here or there")
    if not chosen.data.validation:
        raise UsageError("data.validation: is what trials are judged on; set it above 0")
    if chosen.minutes is not None:
        raise UsageError(
            "minutes: trials are compared at the same epochs; give --set minutes=null and epochs"
        )
    if sampler == "grid":
        size = grid_size(dimensions)
        plan = replace(plan, trials=trials or size)
    return plan
