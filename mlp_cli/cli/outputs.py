"""What a command puts out: JSON for scripts, and files, never over one that is there."""

import os
from pathlib import Path

import click

from mlp_cli.errors import UsageError

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
json_lines_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line."
)


def new_file(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """The callback of an option that names a file, which must not be there yet.

    Raises:
        UsageError: something of this name is there.
    """
    refuse_existing(param.opts[0], value)
    return value


def new_folder(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """The callback of an option that names a folder to fill, which must be new or empty.

    Raises:
        UsageError: it holds something, or cannot be looked into.
    """
    if value is None or not os.path.lexists(value):
        return value
    try:
        filled = any(value.iterdir())
    except OSError as error:
        raise UsageError(
            f"{param.opts[0]} {value}: cannot be used: {error.strerror}; name another folder"
        ) from error
    if filled:
        raise UsageError(f"{param.opts[0]} {value}: holds files already; name another folder")
    return value


def refuse_existing(flag: str, path: Path | None) -> None:
    """The same for a flag that names a file only beside another.

    Raises:
        UsageError: something of this name is there.
    """
    if path is not None and os.path.lexists(path):
        raise UsageError(f"{flag} {path}: is there already; name another file")
