"""The trials of a sweep that came to an end, and the table of them."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from msgspec import convert
from optuna import Study
from optuna.trial import TrialState

from mlp_cli.config.space import Space
from mlp_cli.config.starter import flow
from mlp_cli.files import replacing
from mlp_cli.training.events import EpochDone, best_epoch
from mlp_cli.training.rundir import csv_text

RESULT, NUMBER = "result", "number"  # attributes of a trial
STATES = {
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
}


@dataclass(frozen=True)
class Result:
    """What came of a trial; of its best epoch, if it had one."""

    val_accuracy: float | None
    val_loss: float | None
    best_epoch: int | None
    epochs: int  # done
    seconds: float
    why: str = ""  # it failed

    @classmethod
    def of(cls, history: list[EpochDone], why: str = "") -> "Result":
        """The result of a trial with these epochs."""
        best = best_epoch(history) if history else None
        seconds = round(sum(epoch.epoch_seconds for epoch in history), 3)
        if best is None:
            return cls(None, None, None, 0, seconds, why)
        return cls(best.val_accuracy, best.val_loss, best.epoch, len(history), seconds, why)


@dataclass(frozen=True)
class Trial:
    """One that is complete, was pruned, or failed."""

    number: int  # counted from 1
    state: str
    values: dict[str, str]  # YAML, by key
    result: Result


def settled(study: Study, space: Space) -> list[Trial]:
    """The trials that came to an end, in order; those stopped from outside did not.

    Raises:
        KeyError, TypeError, ValueError, MsgspecError: they are of no sweep of this space.
    """
    found: list[Trial] = []
    for frozen in study.get_trials(deepcopy=False, states=tuple(STATES)):
        result = convert(frozen.user_attrs.get(RESULT, asdict(Result.of([]))), Result)
        if frozen.state is not TrialState.FAIL or result.why:
            values = {each.key: each.text(frozen.params[each.key]) for each in space}
            number = frozen.user_attrs.get(NUMBER, len(found) + 1)
            found.append(Trial(number, STATES[frozen.state], values, result))
    return sorted(found, key=lambda trial: trial.number)


def states(trials: Sequence[Trial]) -> dict[str, int]:
    """How many are complete, pruned and failed, of those that there are."""
    return dict(Counter(trial.state for trial in trials))


def best_trial(trials: Sequence[Trial]) -> Trial | None:
    """The complete one of the highest validation accuracy, then the lowest loss, then the first."""
    complete = [trial for trial in trials if trial.state == STATES[TrialState.COMPLETE]]
    return max(complete, key=_merit, default=None)


def _merit(trial: Trial) -> tuple[float, float, int]:
    return trial.result.val_accuracy or 0.0, -(trial.result.val_loss or 0.0), -trial.number


def write_trials(trials: Sequence[Trial], space: Space, path: Path) -> None:
    """Write a table with a row for each trial and a column for each key."""
    names = ["trial", "state", *asdict(Result.of([])), *(each.key for each in space)]
    rows = [[t.number, t.state, *asdict(t.result).values(), *_plain(t)] for t in trials]
    with replacing(path) as file:
        file.write(csv_text([names, *rows]).encode())


def _plain(trial: Trial) -> list[str]:
    return [flow(json.loads(text)) for text in trial.values.values()]
