"""x."""

import click


@click.command("config")
def config() -> None:
    """X."""
