"""A training's curves as TensorBoard reads them: event files, written by TensorBoard's own package.

What has a folder of its own is a curve of its own in the same chart: train and validation loss lie
over each other, and so do those of other runs.
"""

import time
from pathlib import Path
from typing import Any

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.summary.writer.record_writer import RecordWriter

from mlp_cli.config import to_plain, to_yaml
from mlp_cli.reports.verdict import result_text
from mlp_cli.training.events import EpochDone, StepsDone
from mlp_cli.training.pastruns import flattened
from mlp_cli.training.run import Result, Run, told

EVENTS = "events.out.tfevents."  # and a number
POINTS = 20  # within an epoch, of what is told by the step


class Board:
    """The event files of a run, from where it is now; the x of all curves is the step.

    A run that goes on takes back what was written of steps that its checkpoint does not know, and
    one that was not watched before gets the epochs that it has behind it.
    """

    def __init__(self, run: Run) -> None:
        self._run, self._files = run, dict[str, EventFile]()
        self._share, self._seen, self._loss_sum = 0, 0, 0.0  # of this epoch, as last told
        trainer, at = run.trainer, run.trainer.position
        done, behind = at.epoch * trainer.steps, trainer.history
        self._first = 0
        if run.folder.tensorboard.is_dir():
            # Between two epochs, the last one may have been kept and not written here any more.
            self._first = done + at.step + 1 if at.step else done
            behind = [] if at.step else behind[-1:]
        self._from_here()
        config = to_plain(trainer.config)
        settings = {k: v for k, v in flattened(config).items() if v is not None}
        with told(run.folder):
            self._write("", 0, hparams_pb(_simple(settings), str(run.folder.path)))
            self._write("", 0, text_pb("config", _block(to_yaml(config), "yaml")))
            for epoch in behind:
                self._epoch(epoch)
            self._flush()

    def tell(self, event: StepsDone | EpochDone | Result) -> None:
        """Write what has come; after an epoch and at the end it can be seen.

        Raises:
            RunError: it cannot be written.
        """
        with told(self._run.folder):
            match event:
                case StepsDone():
                    self._steps(event)
                    return
                case EpochDone():
                    self._epoch(event)
                case Result():
                    self._result(event)
            self._flush()

    def close(self) -> None:
        """Write what is left.

        Raises:
            RunError: it cannot be written.
        """
        with told(self._run.folder):
            for file in self._files.values():
                file.close()

    def _steps(self, event: StepsDone) -> None:
        share = event.step * POINTS // event.steps
        if share == self._share or event.step == event.steps:  # an epoch's end has its own
            return
        self._share = share
        at = self._run.trainer.position
        loss = (at.loss_sum - self._loss_sum) / (at.seen - self._seen)
        self._seen, self._loss_sum = at.seen, at.loss_sum
        step = (event.epoch - 1) * event.steps + event.step
        self._write("train", step, _point("step_loss", loss))
        self._write("train", step, _point("learning_rate", event.learning_rate))

    def _epoch(self, event: EpochDone) -> None:
        step = event.epoch * self._run.trainer.steps
        for tag in ("learning_rate", "samples_per_second"):
            self._write("train", step, _point(tag, getattr(event, tag)))
        self._measures("train", step, event.train_loss, event.train_accuracy)
        if event.val_loss is not None and event.val_accuracy is not None:
            self._measures("validation", step, event.val_loss, event.val_accuracy)
        self._from_here()

    def _result(self, result: Result) -> None:
        step = result.best.epoch * self._run.trainer.steps
        self._measures("test", step, result.test.loss, result.test.accuracy)
        self._write(
            "", step, text_pb("result", _block(result_text(result, self._run.trainer.config)))
        )

    def _measures(self, curve: str, step: int, loss: float, accuracy: float) -> None:
        self._write(curve, step, _point("loss", loss), _point("accuracy", accuracy))

    def _from_here(self) -> None:
        """Of the epoch under way, only what comes from now on is in the next point."""
        at = self._run.trainer.position
        self._share = at.step * POINTS // self._run.trainer.steps
        self._seen, self._loss_sum = at.seen, at.loss_sum

    def _write(self, curve: str, step: int, *summaries: Summary) -> None:
        if curve not in self._files:
            first = self._first if curve in ("train", "validation") else 0
            self._files[curve] = EventFile(self._run.folder.tensorboard / curve, first)
        for summary in summaries:
            self._files[curve].add(step=step, summary=summary)

    def _flush(self) -> None:
        for file in self._files.values():
            file.flush()


class EventFile:
    """A new event file in a folder, to be read after those that are there.

    Args:
        folder: is made if it is missing.
        step: from here on, what earlier files say is no longer true.
    """

    def __init__(self, folder: Path, step: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        there = [path.name.removeprefix(EVENTS) for path in folder.glob(f"{EVENTS}*")]
        number = 1 + max((int(name) for name in there if name.isdecimal()), default=-1)
        self._records = RecordWriter((folder / f"{EVENTS}{number:04d}").open("xb"))
        self.add(file_version="brain.Event:2")
        self.add(step=step, session_log=SessionLog(status=SessionLog.START))

    def add(self, **what: Any) -> None:
        """Write an event of now."""
        self._records.write(Event(wall_time=time.time(), **what).SerializeToString())

    def flush(self) -> None:
        """Let others see it."""
        self._records.flush()

    def close(self) -> None:
        """Nothing more comes."""
        self._records.close()


def _point(tag: str, value: float) -> Summary:
    return Summary(value=[Summary.Value(tag=tag, simple_value=value)])


def _simple(settings: dict[str, Any]) -> dict[str, bool | int | float | str]:
    """Values of a config as a table of runs can have them."""
    return {
        key: value if isinstance(value, bool | int | float) else str(value)
        for key, value in settings.items()
    }


def _block(text: str, language: str = "") -> str:
    """Markdown that shows a text as it is."""
    return f"```{language}\n{text.rstrip()}\n```"
