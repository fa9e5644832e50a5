"""``mlp runs``: what has been trained so far, and which settings made the difference."""

import json

import click

from mlp_cli.cli import completion
from mlp_cli.cli.colour import tell
from mlp_cli.cli.outputs import json_lines_option, json_option
from mlp_cli.cli.shown import refuse_twice
from mlp_cli.errors import UsageError


@click.group()
def runs() -> None:
    """List past runs, show one, or compare several.

    \b
    Examples:
      mlp runs list
      mlp runs show latest
      mlp runs compare runs/mnist-001 runs/mnist-002
    """


@runs.command("list")
@json_lines_option
def list_runs(as_json: bool) -> int:
    """List the runs of this folder, by data set, the best first.

    Best is the highest validation accuracy, or test accuracy where nothing was held out. What
    cannot be read is reported, the rest is listed, and the exit code is 1.

    \b
    Example:
      mlp runs list
    """
    from mlp_cli.reports.pastruns import list_text
    from mlp_cli.training.pastruns import past_runs

    found, faults = past_runs()
    if as_json:
        for run in found:
            click.echo(json.dumps(run.to_json()))
    elif found:
        click.echo(list_text(found))
    elif not faults:
        click.echo("There are no runs here yet; train one: mlp train --config quickstart")
    for fault in faults:
        tell(fault.told)
    return int(bool(faults))


@runs.command()
@click.argument("run", shell_complete=completion.runs)
@json_option
def show(run: str, as_json: bool) -> None:
    """Show the result, the curves and the config of RUN, a run folder or `latest`.

    \b
    Example:
      mlp runs show latest
    """
    from mlp_cli.reports.pastruns import run_text
    from mlp_cli.training.pastruns import past_run

    found = past_run(run)
    click.echo(json.dumps(found.to_json()) if as_json else run_text(found))


@runs.command()
@click.argument("names", nargs=-1, metavar="RUN...", shell_complete=completion.runs)
@json_option
def compare(names: tuple[str, ...], as_json: bool) -> None:
    """Set two or more run folders side by side: only what differs, and their curves overlaid.

    \b
    Example:
      mlp runs compare runs/mnist-001 runs/mnist-002 latest
    """
    from mlp_cli.reports.canvas import MARKS
    from mlp_cli.reports.pastruns import comparison_text
    from mlp_cli.training.pastruns import differences, past_run

    if not 2 <= len(names) <= len(MARKS):
        raise UsageError(f"mlp runs compare: name at least two run folders, {len(MARKS)} at most")
    found = [past_run(name) for name in names]
    refuse_twice((run.path for run in found), "name different runs")
    if as_json:
        told = {"runs": [run.to_json() for run in found], "differences": differences(found)}
        click.echo(json.dumps(told))
        return
    click.echo(comparison_text(found))
