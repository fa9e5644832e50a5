"""x."""

import click


@click.command("data")
def data() -> None:
    """X."""
