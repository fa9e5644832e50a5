"""A sweep: trainings with other settings, chosen by what the ones before them came to.

A trial is judged on validation examples alone: the engine lets go of the test set at once. Its
values follow from the seed, its number and the trials before it, so a sweep that was stopped and
taken up again makes the same trials as one left alone.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import optuna
from optuna.trial import TrialState

from mlp_cli.config import Config, from_plain, to_yaml
from mlp_cli.config.spacecheck import with_values
from mlp_cli.data.split import Dataset, Split
from mlp_cli.errors import DivergedError, RunError, visible
from mlp_cli.training.events import EpochDone, StepsDone
from mlp_cli.training.loop import Trainer
from mlp_cli.training.run import told
from mlp_cli.training.rundir import RunFolder
from mlp_cli.training.sampling import distribution, grid_point, grid_size, pruner, sampler
from mlp_cli.training.study import Plan
from mlp_cli.training.trials import RESULT, Result, Trial, best_trial, settled, write_trials

BEST = "best.yaml"


@dataclass(frozen=True)
class Begun:
    """A trial is about to start."""

    number: int  # counted from 1
    values: dict[str, str]  # YAML, by key
    epochs: int  # at most


class Sweep:
    """A study and the folder that keeps its trials.

    Args:
        path: the folder.
        study: has the trials done.
        plan: what was asked for.
        dataset: what to train on; of its test set nothing is kept.
        threads: as for ``Trainer``.
        sparing: the context of a trial, told whether the trial would leave a core to others.
    """

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

    def config_of(self, trial: Trial | Begun) -> Config:
        """What a trial is trained by."""
        said = [(key, text, key) for key, text in trial.values.items()]
        return with_values(self.plan.config, self.plan.source, said)

    def run(self) -> Iterator[Begun | StepsDone | EpochDone | Trial]:
        """Make the trials that are still to be made; each is safe in the study before it is told.

        Raises:
            RunError: a file of the folder cannot be written.
        """
        while len(self.trials) < self.total:
            yield from self._trial(len(self.trials) + 1)

    def _trial(self, number: int) -> Iterator[Begun | StepsDone | EpochDone | Trial]:
        trial = self._ask(number)
        values = {each.key: each.text(trial.params[each.key]) for each in self.space}
        begun = Begun(number, values, 0)
        config = self.config_of(begun)
        yield replace(begun, epochs=config.epochs)
        history: list[EpochDone] = []
        state, why = TrialState.COMPLETE, ""
        try:
            trainer = Trainer(config, self.dataset, self._threads)
            history = trainer.history
            with self._sparing(trainer.leaves_a_core):
                yield from self._epochs(trainer, trial, number)
            if not trainer.done:
                state = TrialState.PRUNED
        except (DivergedError, MemoryError) as error:
            state, why = TrialState.FAIL, str(error) or "memory is short"
        result = Result.of(history, why)
        trial.set_user_attr(RESULT, asdict(result))
        self.study.tell(trial, result.val_accuracy if state is TrialState.COMPLETE else None, state)
        self.trials = settled(self.study, self.space)
        yield self.trials[-1]

    def _epochs(
        self, trainer: Trainer, trial: optuna.Trial, number: int
    ) -> Iterator[StepsDone | EpochDone]:
        """Train to the end, or until the trial is pruned, and keep config and metrics."""
        folder = RunFolder(self.path / f"trial-{number:03d}")
        with told(folder):
            folder.path.mkdir(exist_ok=True)
            folder.sweep_out()
            folder.write_text(folder.config, to_yaml(trainer.config))
            folder.write_metrics([])
        for event in trainer.fit():
            if isinstance(event, EpochDone):
                with told(folder):
                    folder.append_metrics(event)
                trial.report(event.val_accuracy or 0.0, event.epoch - 1)
            yield event
            if isinstance(event, EpochDone) and not trainer.done and trial.should_prune():
                return

    def _ask(self, number: int) -> optuna.Trial:
        """The next trial, with its values."""
        seed = self.base.seed
        self.study.sampler = sampler(self.plan.sampler, seed, number)
        if self.plan.sampler == "grid" and not self.study.get_trials(states=(TrialState.WAITING,)):
            self.study.enqueue_trial(grid_point(self.space, seed, number))
        return self.study.ask({each.key: distribution(each) for each in self.space})

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
            text = f"{head} right on validation.\n{to_yaml(self.config_of(best))}"
            folder.write_text(self.path / BEST, text)
        return best
