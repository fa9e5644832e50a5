"""A sweep: trainings with other settings, chosen by what the ones before them came to.

A trial is judged on validation examples alone: the engine lets go of the test set at once. Its
values follow from the seed, its number and the trials before it, so a sweep that was stopped and
taken up again makes the same trials as one left alone.
"""

from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import TypeAlias

import optuna
from optuna.trial import TrialState

from mlp_cli.config import Config, from_plain, to_yaml
from mlp_cli.config.spacecheck import with_values
from mlp_cli.data.split import Dataset, Split
from mlp_cli.errors import DivergedError, RunError, reason, visible
from mlp_cli.training.events import EpochDone, StepsDone
from mlp_cli.training.loop import Trainer
from mlp_cli.training.names import BEST
from mlp_cli.training.run import told
from mlp_cli.training.rundir import RunFolder
from mlp_cli.training.sampling import distribution, grid_point, grid_size, pruner, sampler
from mlp_cli.training.study import Plan
from mlp_cli.training.trials import (
    NUMBER,
    RESULT,
    Result,
    Trial,
    best_trial,
    settled,
    write_trials,
)

DATA = "data checksum"  # an attribute of the study


@dataclass(frozen=True)
class Begun:
    """A trial is about to start."""

    number: int  # counted from 1
    values: dict[str, str]  # YAML, by key
    epochs: int  # at most


@dataclass(frozen=True)
class Further:
    """One of several trials that are under way has come to the end of an epoch."""

    number: int
    epoch: EpochDone


@dataclass(frozen=True)
class Waited:
    """Nothing is new, and the sweep may be stopped now."""


Happening: TypeAlias = Begun | StepsDone | EpochDone | Further | Waited | Trial


class Sweep:
    """A study and the folder that keeps its trials.

    Args:
        path: the folder.
        study: has the trials done.
        plan: what was asked for.
        dataset: what to train on; of its test set nothing is kept.
        threads: as for ``Trainer``.
        sparing: the context of a trial, told whether the trial would leave a core to others.

    Raises:
        RunError: the trials done were made on other data.
    """

    together = False  # whether several trials may be under way at a time

    def __init__(
        self,
        path: Path,
        study: optuna.Study,
        plan: Plan,
        dataset: Dataset,
        threads: int,
        sparing: Callable[[bool], AbstractContextManager[None]],
    ) -> None:
        self.path, self.study, self.plan = path, study, plan
        if study.user_attrs.get(DATA, dataset.checksum) != dataset.checksum:
            raise RunError(
                f"{path}: its trials were made on other data than {dataset.name} is now; start a "
                "new sweep"
            )
        study.set_user_attr(DATA, dataset.checksum)
        self.base, self.space = from_plain(plan.config, plan.source), plan.dimensions()
        nothing = Split(dataset.train.images[:0], dataset.train.labels[:0])
        self.dataset = replace(dataset, test=nothing)
        self.trials = settled(study, self.space)
        self.total = plan.trials
        if plan.sampler == "grid":
            self.total = min(plan.trials, grid_size(self.space))
        self._threads, self._sparing = threads, sparing
        study.pruner = pruner(plan.prune, self.base.epochs)

    @property
    def best(self) -> Trial | None:
        """The best complete trial so far."""
        return best_trial(self.trials)

    def _config_of(self, values: dict[str, str]) -> Config:
        """What a trial of these values is trained by."""
        said = [(key, text, key) for key, text in values.items()]
        return with_values(self.plan.config, self.plan.source, said)

    def run(self) -> Generator[Happening, None, None]:
        """Make the trials that are still to be made; each is safe in the study before it is told.

        Raises:
            RunError: a file of the folder cannot be written.
        """
        while len(self.trials) < self.total:
            yield from self._trial()

    def _trial(self) -> Iterator[Happening]:
        begun, trial, config = self._next()
        yield begun
        history: list[EpochDone] = []
        done, why = False, ""
        try:
            trainer = Trainer(config, self.dataset, self._threads)
            history = trainer.history
            with self._sparing(trainer.leaves_a_core):
                yield from self._epochs(trainer, trial, begun.number)
            done = trainer.done
        except (DivergedError, MemoryError) as error:
            why = reason(error)
        yield self._settle(begun.number, trial, history, done, why)

    def _epochs(
        self, trainer: Trainer, trial: optuna.Trial, number: int
    ) -> Iterator[StepsDone | EpochDone]:
        """Train to the end, or until the trial is pruned, and keep config and metrics."""
        self._open_folder(number, trainer.config)
        for event in trainer.fit():
            if isinstance(event, EpochDone):
                self._keep(number, event)
                trial.report(event.val_accuracy or 0.0, event.epoch - 1)
            yield event
            if isinstance(event, EpochDone) and not trainer.done and trial.should_prune():
                return

    def _next(self, running: Collection[int] = ()) -> tuple[Begun, optuna.Trial, Config]:
        """The first trial that is neither done nor running, with its values and its config."""
        taken = {trial.number for trial in self.trials}.union(running)
        number = next(number for number in count(1) if number not in taken)
        seed = self.base.seed
        self.study.sampler = sampler(self.plan.sampler, seed, number)
        if self.plan.sampler == "grid" and not self.study.get_trials(states=(TrialState.WAITING,)):
            point = grid_point(self.space, seed, number)
            self.study.enqueue_trial(point, user_attrs={NUMBER: number})
        trial = self.study.ask({each.key: distribution(each) for each in self.space})
        number = trial.user_attrs.get(NUMBER, number)  # a killed sweep may have left one to be made
        trial.set_user_attr(NUMBER, number)
        values = {each.key: each.text(trial.params[each.key]) for each in self.space}
        config = self._config_of(values)
        return Begun(number, values, config.epochs), trial, config

    def _folder(self, number: int) -> RunFolder:
        return RunFolder(self.path / f"trial-{number:03d}")

    def _open_folder(self, number: int, config: Config) -> None:
        """Make a trial's folder, with its config and no epoch."""
        folder = self._folder(number)
        with told(folder):
            folder.path.mkdir(exist_ok=True)
            folder.sweep_out()
            folder.write_text(folder.config, to_yaml(config))
            folder.write_metrics([])

    def _keep(self, number: int, epoch: EpochDone) -> None:
        folder = self._folder(number)
        with told(folder):
            folder.append_metrics(epoch)

    def _settle(
        self, number: int, trial: optuna.Trial, history: list[EpochDone], done: bool, why: str
    ) -> Trial:
        """Tell the study what came of a trial, and give it as the study has it."""
        result = Result.of(history, why)
        state = TrialState.COMPLETE if done else TrialState.PRUNED
        trial.set_user_attr(RESULT, asdict(result))
        self.study.tell(
            trial,
            result.val_accuracy if done else None,
            TrialState.FAIL if why else state,
        )
        self.trials = settled(self.study, self.space)
        return next(each for each in self.trials if each.number == number)

    def finish(self) -> Trial:
        """Write trials.csv and best.yaml, and give the best trial.

        Raises:
            RunError: they cannot be written, or no trial is complete.
        """
        folder, best = RunFolder(self.path), self.best
        with told(folder):
            write_trials(self.trials, self.space, self.path / "trials.csv")
            if best is None:
                raise RunError(f"{self.path}: no trial came to its end; trials.csv says why")
            accuracy = f"{100 * (best.result.val_accuracy or 0.0):.2f} %"
            name = visible(self.path.resolve().name)
            head = f"# Trial {best.number} of {len(self.trials)} in {name}: {accuracy}"
            text = f"{head} right on validation.\n{to_yaml(self._config_of(best.values))}"
            folder.write_text(self.path / BEST, text)
        return best
