"""Colour on a terminal: it makes what the words say quick to find, and says nothing by itself."""

import os
import re
from typing import Any

import click


def wanted() -> bool | None:
    """False where no colour is wanted; None: on a terminal.

    It is not where ``NO_COLOR`` is set (https://no-color.org), nor on a terminal that has none.
    """
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def paint(text: str, pattern: str, **style: Any) -> str:
    """A text with what matches painted, by the options of ``click.style``."""
    return re.sub(pattern, lambda found: click.style(found[0], **style), text, flags=re.MULTILINE)


def tell(text: str, head: str = "^Error(?=:)") -> None:
    """Say something on stderr, with errors in red and warnings in yellow.

    Args:
        text: is said.
        head: what its errors begin with.
    """
    text = paint(text, head, fg="red", bold=True)
    click.echo(paint(text, "^Warning(?=:)", fg="yellow", bold=True), err=True, color=wanted())
