"""``mlp config``: the recipes, a config with its every value, and a file to start from."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli.cli import completion
from mlp_cli.cli.outputs import json_lines_option, json_option
from mlp_cli.cli.settings import set_option
from mlp_cli.errors import UsageError, command_line, visible

if TYPE_CHECKING:
    from mlp_cli.config import Override


@click.group()
def config() -> None:
    """List the recipes, show what a config comes to, or start one of your own.

    \b
    Examples:
      mlp config list
      mlp config show quickstart
      mlp config init my.yaml
    """


@config.command("list")
@json_lines_option
def list_recipes(as_json: bool) -> None:
    """List the recipes that come with the program.

    \b
    Example:
      mlp config list
    """
    from mlp_cli.config import recipes

    for name, path in recipes().items():
        first, *_ = path.read_text("utf-8").splitlines()
        about = first.removeprefix("# ")
        told = {"recipe": name, "about": about, "file": str(path)}
        click.echo(json.dumps(told) if as_json else f"{name:<26}  {about}")


@config.command()
@click.argument("file", required=False, shell_complete=completion.configs)
@set_option
@click.option("--schema", is_flag=True, help="Print the JSON Schema that any config obeys.")
@json_option
def show(file: str | None, settings: "tuple[Override, ...]", schema: bool, as_json: bool) -> None:
    """Show every value of FILE, a YAML file or a recipe's name; without it, the defaults.

    \b
    Examples:
      mlp config show quickstart --set optimizer.lr=3e-4
      mlp config show --schema > mlp.schema.json
    """
    from mlp_cli.config import load, to_plain, to_yaml
    from mlp_cli.config.jsonschema import json_schema
    from mlp_cli.config.starter import defaults

    if schema:
        if file is not None or settings:
            raise UsageError("--schema: is the same for every config; leave FILE and --set out")
        click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
        return
    chosen = load(file, settings) if file else defaults(settings)
    click.echo(json.dumps(to_plain(chosen)) if as_json else to_yaml(chosen).rstrip("\n"))


@config.command()
@click.argument("file", default="config.yaml", shell_complete=completion.files)
def init(file: str) -> None:
    """Write a config with every key, its default and its meaning to FILE, or to stdout as `-`.

    \b
    Examples:
      mlp config init my.yaml
      mlp train --config my.yaml
    """
    from mlp_cli.config.starter import starter
    from mlp_cli.files import replacing

    if file == "-":
        click.echo(starter(), nl=False)
        return
    path = Path(file)
    try:
        if path.exists():
            raise UsageError(f"{file}: is there already; name another file, or `-` for the screen")
        with replacing(path) as target:
            target.write(starter().encode())
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror}") from error
    train = command_line(["mlp", "train", "--config", file])
    click.echo(f"Wrote {visible(file)}. Train with it: {train}")
