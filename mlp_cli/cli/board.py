"""``mlp train --tensorboard``: who watches a training beside the screen."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeAlias

from mlp_cli.errors import MlpError, command_line

if TYPE_CHECKING:
    from mlp_cli.cli.screen import Screen
    from mlp_cli.training.events import EpochDone, StepsDone
    from mlp_cli.training.run import Result, Run

Tell: TypeAlias = "Callable[[StepsDone | EpochDone | Result], None]"
INSTALL = "pip install 'mlp-cli[tensorboard]'"


def see_it_is_here(wanted: bool) -> None:
    """See that TensorBoard is there if it is wanted.

    Raises:
        MlpError: it is not.
    """
    if wanted and find_spec("tensorboard") is None:
        raise MlpError(f"--tensorboard needs a package that is not here: {INSTALL}")


@contextmanager
def watched(run: "Run", wanted: bool, screen: "Screen") -> "Iterator[Tell]":
    """Give what is to be told of each event and of the result; it writes for TensorBoard, or not.

    A run that was watched before is watched when it goes on, whether or not that is said again.
    """
    if not (wanted or run.folder.tensorboard.is_dir()):
        yield lambda event: None
        return
    if find_spec("tensorboard") is None:
        screen.note(f"{run.folder.tensorboard} ends here, for a package is missing: {INSTALL}")
        yield lambda event: None
        return

    from mlp_cli.reports.board import Board

    screen.note(
        f"to watch it: {command_line(['tensorboard', '--logdir', str(run.folder.path.parent)])}"
    )
    with closing(Board(run)) as board:
        yield board.tell
