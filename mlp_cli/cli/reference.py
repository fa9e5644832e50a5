"""The reference of the commands, docs/commands.md, from the commands themselves."""

import inspect
from collections.abc import Iterator

import click

from mlp_cli.cli.exits import EXITS
from mlp_cli.cli.main import mlp

ASIDE = "\b\n"  # what click does not wrap begins so: examples


def commands() -> str:
    """A list of all commands, and of each its usage, its help, its examples and its options."""
    found = list(_walk(click.Context(mlp, info_name="mlp", **mlp.context_settings)))
    index = [
        f"- [`{ctx.command_path}`](#{_anchor(ctx)}): {_first_line(ctx.command)}" for ctx in found
    ]
    return "\n\n".join(["\n".join(index), *map(_section, found)])


def exit_codes() -> str:
    """A table of the exit codes."""
    return "\n".join(["| code | says |", "|---|---|", *(f"| {n} | {EXITS[n]} |" for n in EXITS)])


def _walk(ctx: click.Context) -> Iterator[click.Context]:
    """A command, and those in it."""
    yield ctx
    if isinstance(ctx.command, click.Group):
        for name, inner in ctx.command.commands.items():
            yield from _walk(click.Context(inner, parent=ctx, info_name=name))


def _section(ctx: click.Context) -> str:
    """All that a command's help says."""
    usage = " ".join([ctx.command_path, *ctx.command.collect_usage_pieces(ctx)])
    paragraphs = inspect.cleandoc(ctx.command.help or "").split("\n\n")
    parts = [f"## {ctx.command_path}", f"`{usage}`", *map(_paragraph, paragraphs)]
    records = [
        record
        for param in ctx.command.params
        if isinstance(param, click.Option) and (record := param.get_help_record(ctx))
    ]
    if records:
        rows = [f"| `{_cell(names)}` | {_cell(meaning)} |" for names, meaning in records]
        parts.append("\n".join(["| option | meaning |", "|---|---|", *rows]))
    return "\n\n".join(parts)


def _paragraph(text: str) -> str:
    """A paragraph of a help text; a heading with commands under it becomes a block of them."""
    if not text.startswith(ASIDE):
        return text.replace("\n", " ")
    title, *lines = text.removeprefix(ASIDE).splitlines()
    return "\n".join([title, "", "```sh", *map(str.strip, lines), "```"])


def _first_line(command: click.Command) -> str:
    return _paragraph(inspect.cleandoc(command.help or "").split("\n\n")[0])


def _anchor(ctx: click.Context) -> str:
    return ctx.command_path.replace(" ", "-")


def _cell(text: str) -> str:
    return text.replace("|", r"\|")
