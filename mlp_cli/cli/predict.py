"""x."""

import click


@click.command("predict")
def predict() -> None:
    """X."""
