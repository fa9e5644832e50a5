"""``mlp eval``: how good is a trained network, or are several together?"""

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mlp_cli import blas
from mlp_cli.cli import completion
from mlp_cli.cli.colour import paint, tell
from mlp_cli.cli.datasets import data_dir_option, open_data
from mlp_cli.cli.outputs import json_option, new_folder
from mlp_cli.cli.shown import note_unfinished, refuse_twice
from mlp_cli.errors import UsageError, visible

if TYPE_CHECKING:
    from mlp_cli.data.augment import Augmentation
    from mlp_cli.training.checkpoint import Checkpoint
    from mlp_cli.training.subject import Part

MEANS_LOSS = "cross_entropy"  # the loss of a mean of answers, whatever they were trained with


@click.command("eval")
@click.argument(
    "checkpoints",
    nargs=-1,
    required=True,
    metavar="CHECKPOINT...",
    shell_complete=completion.checkpoints,
)
@click.option(
    "--split",
    type=click.Choice(["test", "validation", "train"]),
    default="test",
    show_default=True,
    help="Which examples, as the training divided them.",
)
@click.option(
    "--data",
    "data_name",
    metavar="NAME",
    shell_complete=completion.data_sets,
    help="Another data set than the training's.",
)
@click.option(
    "--copies",
    metavar="N",
    type=click.IntRange(1, 1000),
    help="Judge also the mean answer to an image and N changed copies of it.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    callback=new_folder,
    metavar="DIR",
    help="Write also a page of HTML with pictures, DIR/report.html.",
)
@data_dir_option
@json_option
def evaluate(
    checkpoints: tuple[str, ...],
    split: "Part",
    data_name: str | None,
    copies: int | None,
    report: Path | None,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Judge each CHECKPOINT: an .npz file, a run folder (its best epoch), `latest` or `shipped`.

    Several are a committee: the mean of their probabilities is judged, on the first one's data.

    \b
    Examples:
      mlp eval latest
      mlp eval runs/mnist-001 --split validation --json
      mlp eval runs/minute-001 runs/minute-002 runs/minute-003
      mlp eval latest --copies 16
      mlp eval latest --report report
    """
    blas.start()

    from mlp_cli.data.stored import LARGE
    from mlp_cli.data.warp import Warp
    from mlp_cli.reports.plan import words
    from mlp_cli.reports.tables import evaluation_text, measures_text, percent
    from mlp_cli.training.checkpoint import load
    from mlp_cli.training.committee import judge_together
    from mlp_cli.training.evaluate import judge
    from mlp_cli.training.names import find_checkpoint
    from mlp_cli.training.subject import common_subject

    paths = list(map(find_checkpoint, checkpoints))
    refuse_twice(paths, "a committee has different members")
    members = [load(path) for path in paths]
    for saved in members:
        note_unfinished(saved)
    networks = [saved.network().folded() for saved in members]
    dataset = open_data(data_name or members[0].data_name, data_dir)
    shown, rows, warning = common_subject(members, dataset, split)
    if warning:
        tell(f"Warning: {visible(warning)}, so this accuracy says little about new ones.")
    if report is not None and len(rows) * math.prod(dataset.shape) > LARGE:
        raise UsageError(
            f"--report: has its examples at hand, and {len(rows):,} are too many for that; leave "
            "it out, or choose another --split"
        )
    warp = None if copies is None else Warp(_limits(members, dataset.name), dataset.shape)
    asked = list(zip(networks, shown, strict=True))
    each = [judge(network, examples, rows, dataset.classes) for network, examples in asked]
    plain = each[0] if len(each) == 1 else judge_together(asked, rows, dataset.classes)
    changed = None
    if copies is not None and warp is not None:
        changed = judge_together(asked, rows, dataset.classes, copies, warp)
    page = None
    if report is not None:
        from mlp_cli.reports.evaluationpage import Judged, write_page
        from mlp_cli.training.committee import mean_answers
        from mlp_cli.training.robustness import robustness

        part = (dataset.test if split == "test" else dataset.train).take(rows)
        titles = [saved.title for saved in members]
        judged = Judged(titles, dataset.name, split, warning, part, dataset.shape, plain)
        uprights = [saved.config.data.deskew for saved in members]
        upset = robustness(list(zip(networks, uprights, strict=True)), part, dataset.shape)
        page = write_page(judged, mean_answers(asked, rows), upset, report)
    names = [saved.name for saved in members]
    if as_json:
        about: dict[str, object] = {"checkpoint": names[0]}
        if len(each) > 1:
            about = {"checkpoints": names, "accuracies": [one.accuracy for one in each]}
        about |= {"data": dataset.name, "split": split, "warning": warning, **plain.to_json()}
        if changed is not None:
            about["with_copies"] = {"copies": copies, **changed.to_json()}
        if page is not None:
            about["report"] = str(page)
        click.echo(json.dumps(about))
        return
    for name, one in zip(names, each, strict=True):
        alone = "" if len(each) == 1 else f"   {percent(one.accuracy)} alone"
        click.echo(f"checkpoint         {visible(name)}{alone}")
    click.echo(f"data               {visible(dataset.name)}, {split}")
    judged_by = words(members[0].config.loss) if len(each) == 1 else MEANS_LOSS
    click.echo(paint(evaluation_text(plain, judged_by), "^accuracy .*", bold=True))
    if changed is not None:
        click.echo(f"\nThe mean answer to each image and {copies} changed copies of it:")
        click.echo(measures_text(changed, MEANS_LOSS))
    if page is not None:
        click.echo(f"\nreport             {visible(page)}")


def _limits(members: "list[Checkpoint]", data: str) -> "Augmentation":
    """How far copies may be changed: as in training, or as is safe for the data."""
    from mlp_cli.data.augment import safe_for

    trained, *others = dict.fromkeys(saved.config.augment for saved in members)
    if others:
        raise UsageError("--copies: these were trained with different augment; judge each alone")
    limits = trained or safe_for(data)
    if limits is None:
        raise UsageError(
            f"--copies: how an image of {data} may be changed is not known; judge a network that "
            "was trained with augment"
        )
    return limits
