"""``mlp walkthrough``: what is under the hood, live, by the program's own code."""

import sys

import click

from mlp_cli import blas

ENDING = ("q", "\x1b")  # q and Esc


@click.command()
@click.option("--step", is_flag=True, help="Wait for a key before each page but the first.")
def walkthrough(step: bool) -> None:
    """See a network work and learn: a neuron, activations, losses, slopes, steps, overfitting.

    Every number comes from the code that trains networks here, and each page names its lines.

    \b
    Examples:
      mlp walkthrough
      mlp walkthrough --step
    """
    blas.start()

    from mlp_cli import shipped
    from mlp_cli.data.dataset import open_dataset
    from mlp_cli.reports.walkthrough import pages

    for number, page in enumerate(pages(open_dataset("mnist-5k", shipped.DATA))):
        if step and number and not _goes_on():
            return
        click.echo(f"{page}\n")


def _goes_on() -> bool:
    """Wait for a key, if there is somebody to type one; q ends the walk, as Ctrl-C does."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    click.echo("  — any key goes on, q ends —", nl=False)
    try:
        return click.getchar() not in ENDING
    except EOFError:  # Ctrl-D
        return False
    finally:
        click.echo()
