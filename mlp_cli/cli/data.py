"""``mlp data``: which data sets there are, and whether they are here."""

import json
from pathlib import Path

import click

from mlp_cli.cli import completion
from mlp_cli.cli.colour import paint
from mlp_cli.cli.datasets import data_dir_option, fetch, open_data
from mlp_cli.cli.generate import generate
from mlp_cli.cli.outputs import json_lines_option, new_file
from mlp_cli.errors import DataError, visible


@click.group()
def data() -> None:
    """List, fetch, check, look at and generate data sets.

    \b
    Example:
      mlp data download mnist
    """


data.add_command(generate)


@data.command("list")
@data_dir_option
@json_lines_option
def list_(data_dir: Path | None, as_json: bool) -> None:
    """List the data sets known by name.

    \b
    Example:
      mlp data list
    """
    from mlp_cli.data.catalogue import CATALOGUE
    from mlp_cli.data.directory import data_directory, folder, missing

    directory = data_directory(data_dir)
    for record in CATALOGUE.values():
        absent = len(missing(record, directory))
        state = {0: "here", len(record.files): "not here"}.get(absent, "in part")
        train, test = record.examples
        if as_json:
            about = {"data": record.name, "title": record.title, "licence": record.licence}
            about |= {"state": state, "folder": str(folder(record, directory))}
            sizes = {"train": train, "test": test, "classes": record.classes}
            click.echo(json.dumps(about | sizes))
            continue
        click.echo(
            f"{record.name:<14} {state:<9} {train:>7,} + {test:,} examples, "
            f"{len(record.classes)} classes   {record.title} ({record.licence})"
        )
    if not as_json:
        click.echo(f"\nThe data directory is {visible(directory)}.")


@data.command()
@click.argument(
    "names", nargs=-1, required=True, metavar="NAME...", shell_complete=completion.data_sets
)
@data_dir_option
@click.option("--mirror", metavar="URL", multiple=True, help="Try this address first.")
@json_lines_option
def download(
    names: tuple[str, ...], data_dir: Path | None, mirror: tuple[str, ...], as_json: bool
) -> None:
    """Fetch data sets; files that are whole already stay as they are.

    \b
    Examples:
      mlp data download mnist
      mlp data download mnist --mirror file:///media/stick/mnist
    """
    from mlp_cli.data.catalogue import find
    from mlp_cli.data.directory import data_directory, folder

    directory = data_directory(data_dir)
    for record in [find(name) for name in names]:
        fetch(record, directory, mirror)
        place = folder(record, directory)
        told = {"data": record.name, "folder": str(place)}
        click.echo(json.dumps(told) if as_json else f"{record.name}: whole, in {place}")


@data.command()
@click.argument("names", nargs=-1, metavar="[NAME...]", shell_complete=completion.data_sets)
@data_dir_option
@json_lines_option
def verify(names: tuple[str, ...], data_dir: Path | None, as_json: bool) -> None:
    """Check the files of data sets against their published checksums.

    Without a NAME, all that are here, even in part, are checked.

    \b
    Example:
      mlp data verify mnist
    """
    from mlp_cli.data import directory as places
    from mlp_cli.data.catalogue import find

    directory = places.data_directory(data_dir)
    bad = []
    for record in [find(name) for name in names] or places.records_here(directory):
        for file, status in places.verify(record, directory).items():
            path = places.folder(record, directory) / file
            told = {"data": record.name, "file": str(path), "status": status}
            line = paint(f"{status:<8} {visible(path)}", "^(damaged|missing)", fg="red")
            click.echo(json.dumps(told) if as_json else line)
            if status != "ok":
                bad.append(record)
    if bad:
        remedies = dict.fromkeys(places.remedy(record, directory) for record in bad)
        raise DataError(f"not all files are whole; {'; '.join(remedies)}")


@data.command()
@click.argument("name", shell_complete=completion.data_sets)
@data_dir_option
@click.option(
    "--count",
    default=20,
    show_default=True,
    type=click.IntRange(1, 400),
    metavar="N",
    help="How many examples.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    callback=new_file,
    help="Draw the sheet into this PNG instead.",
)
def show(name: str, data_dir: Path | None, count: int, out: Path | None) -> None:
    """Show some training examples of a data set, each under its label.

    \b
    Examples:
      mlp data show mnist-5k
      mlp data show mnist --count 100 --out sheet.png
    """
    from mlp_cli.randomness import stream

    dataset = open_data(name, data_dir)
    chosen = stream(0, "show").permutation(len(dataset.train))[:count]
    labels = dataset.train.labels[chosen]
    images = dataset.train.images[chosen].reshape(-1, *dataset.shape)
    if out is None:
        from mlp_cli.reports.terminal import sheet_text

        click.echo(sheet_text(images, [dataset.classes[label] for label in labels]))
    else:
        from mlp_cli.reports.figures import draw_sheet, drawable

        names = drawable(dataset.classes)
        draw_sheet(images, [names[label] for label in labels], out)
        click.echo(f"Drawn into {visible(out)}")
