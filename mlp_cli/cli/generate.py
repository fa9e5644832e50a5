"""``mlp data generate``: as many digits as wanted, made of those of a data set."""

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli.cli import completion
from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.cli.outputs import json_option, new_file
from mlp_cli.errors import UsageError, visible

if TYPE_CHECKING:
    from mlp_cli.data.augment import Augmentation

MOST = 2**32 - 1  # examples, by the header of an IDX file


@click.command()
@click.argument("name", shell_complete=completion.data_sets)
@click.option(
    "--count",
    required=True,
    type=click.IntRange(1, MOST),
    metavar="N",
    help="How many training examples.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    callback=new_file,
    metavar="DIR",
    help="The folder to make.",
)
@click.option(
    "--augment",
    metavar="VALUE",
    help="How far each is changed, as in a config.  [default: what suits the data set]",
)
@click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    metavar="N",
    help="Which random numbers.",
)
@json_option
@data_dir_option
def generate(
    name: str,
    count: int,
    out: Path,
    augment: str | None,
    seed: int,
    as_json: bool,
    data_dir: Path | None,
) -> int:
    """Write many training examples made of few: each turned, slanted, stretched, moved and bent.

    DIR gets IDX files for `data: DIR`. Its test part is that of NAME, unchanged. Each original
    comes about as often, so all deformations of a digit are spread over DIR, and a validation part
    held out of it has siblings among what is learned: trust the test part.

    \b
    Examples:
      mlp data generate mnist --count 5000000 --out ./many
      mlp data generate mnist-5k --count 20000 --out ./more --augment '{name: digits, rotate: 8}'
    """
    from tqdm import tqdm

    from mlp_cli.cli.interrupt import BY_SIGNAL, interruptible
    from mlp_cli.data.catalogue import find
    from mlp_cli.data.dataset import is_path
    from mlp_cli.data.generate import disk_space
    from mlp_cli.data.generate import generate as write

    if not is_path(name):
        find(name)  # a name that is not known is told before its augmentation is missed
    augmentation = _augmentation(name, augment)
    dataset = open_data(name, data_dir)
    size = f"{disk_space(dataset, count) / 1e6:,.0f} MB"
    with (
        interruptible() as asked,
        tqdm(desc=f"{out}, {size}", total=count, leave=False, disable=None) as bar,
    ):

        def progress(done: int) -> None:
            bar.update(done)
            if asked():
                raise KeyboardInterrupt

        try:
            write(dataset, count, augmentation, seed, out, progress)
        except KeyboardInterrupt:
            bar.close()
            click.echo("Interrupted; nothing was kept.", err=True)
            return BY_SIGNAL + asked()
    if as_json:
        sizes = {"train": count, "test": len(dataset.test), "seed": seed}
        click.echo(json.dumps({"folder": str(out), "made_of": dataset.name} | sizes))
        return 0
    place = str(out) if len(out.parts) > 1 else f"./{out}"
    click.echo(
        f"{visible(str(out))}: {count:,} made of the {len(dataset.train):,} training examples of "
        f"{visible(dataset.name)}, and its {len(dataset.test):,} test examples as they are; {size}"
    )
    plain = re.fullmatch(r"[\w./-]+", place)  # in YAML, too
    setting = shlex.quote(f"data={{name: {place if plain else json.dumps(place)}, validation: 0}}")
    click.echo(f"next: mlp train --config mnist --set {visible(setting)}")
    return 0


def _augmentation(name: str, value: str | None) -> "Augmentation":
    """How far to change: as said, or as suits a data set of the catalogue."""
    from mlp_cli.config import from_plain
    from mlp_cli.data.augment import safe_for

    if value is None:
        chosen = safe_for(name)
    else:
        said = ("augment", value, f"--augment {value}")
        chosen = from_plain({"data": name}, "--augment", [said]).augment
    if chosen is None:
        raise UsageError(f"--augment: say how an image of {name} may be changed: digits or clothes")
    return chosen
