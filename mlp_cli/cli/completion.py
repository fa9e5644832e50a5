"""What Tab offers: recipes, data sets and runs by name; files where none of them is meant."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli import shipped

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    Items = list[CompletionItem[str]]


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> "Items":
    """Files, as the shell itself completes them."""
    return _offered([], incomplete)


def configs(ctx: click.Context, param: click.Parameter, incomplete: str) -> "Items":
    """Recipes, and the YAML files of this folder."""
    recipes = sorted(path.stem for path in shipped.RECIPES.glob("*.yaml"))
    return _offered([*recipes, *sorted(map(str, Path().glob("*.y*ml")))], incomplete)


def data_sets(ctx: click.Context, param: click.Parameter, incomplete: str) -> "Items":
    """The data sets of the catalogue."""
    from mlp_cli.data.catalogue import CATALOGUE

    return _offered(CATALOGUE, incomplete)


def runs(ctx: click.Context, param: click.Parameter, incomplete: str) -> "Items":
    """``latest``, and the runs of this folder."""
    return _offered(_runs(incomplete), incomplete)


def sweeps(ctx: click.Context, param: click.Parameter, incomplete: str) -> "Items":
    """The folders of sweeps among the runs of this folder."""
    from mlp_cli.training.names import DATABASE, RUNS

    return _offered(sorted(str(path.parent) for path in RUNS.glob(f"*/{DATABASE}")), incomplete)


def checkpoints(ctx: click.Context, param: click.Parameter, incomplete: str) -> "Items":
    """The same, and ``shipped``."""
    return _offered([shipped.NAME, *_runs(incomplete)], incomplete)


def _runs(incomplete: str) -> list[str]:
    """Runs by their names; as paths where a path was begun, and those that lie elsewhere."""
    from mlp_cli.training.names import LATEST, RUNS, folders

    paths = sorted(folder.path for folder in folders() if os.path.isfile(folder.last))
    short = RUNS if os.sep not in incomplete else None
    latest = [LATEST] if paths else []
    return [*latest, *(path.name if path.parent == short else str(path) for path in paths)]


def _offered(words: Iterable[str], incomplete: str) -> "Items":
    """The words that begin so, or else the shell's own files."""
    from click.shell_completion import CompletionItem

    found = [CompletionItem(word) for word in words if word.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]
