"""``mlp walkthrough``: what is under the hood, live, by the program's own code."""

import click

from mlp_cli import blas


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
        if step and number:
            click.pause("  — any key goes on —")
        click.echo(f"{page}\n")
