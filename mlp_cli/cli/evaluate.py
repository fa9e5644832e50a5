"""x."""

import click


@click.command("eval")
def evaluate() -> None:
    """X."""
