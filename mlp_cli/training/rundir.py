"""The folder of a run: what is in it, and that only one training writes to it at a time."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from mlp_cli.errors import RunError
from mlp_cli.files import LEFT_OVER, locked, replacing
from mlp_cli.training.events import EpochDone


@dataclass(frozen=True)
class RunFolder:
    """The files of one run."""

    path: Path

    @property
    def config(self) -> Path:
        """The resolved config."""
        return self.path / "config.yaml"

    @property
    def best(self) -> Path:
        """The checkpoint of the best epoch."""
        return self.path / "best.npz"

    @property
    def last(self) -> Path:
        """The checkpoint that a run resumes from."""
        return self.path / "last.npz"

    @property
    def previous(self) -> Path:
        """The checkpoint that was there before the last one."""
        return self.path / "previous.npz"

    @property
    def metrics(self) -> Path:
        """A row for each epoch."""
        return self.path / "metrics.csv"

    @property
    def summary(self) -> Path:
        """The result."""
        return self.path / "summary.json"

    @property
    def curves(self) -> Path:
        """Loss and accuracy over the epochs, drawn."""
        return self.path / "curves.png"

    @property
    def confusion(self) -> Path:
        """What is taken for what, drawn."""
        return self.path / "confusion.png"

    @property
    def tensorboard(self) -> Path:
        """Event files, if they were asked for."""
        return self.path / "tensorboard"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other trainings out of the folder, and sweep out what a killed one left half done.

        Raises:
            RunError: another training has it, or what is left over cannot be removed.
        """
        with ExitStack() as held:
            try:
                held.enter_context(locked(self.path))
            except BlockingIOError:
                raise RunError(
                    f"{self.path}: another training writes to it; wait for it, or stop it with "
                    "Ctrl-C"
                ) from None
            self.sweep_out()
            yield

    def sweep_out(self) -> None:
        """Remove what a killed training left half done.

        Raises:
            RunError: it cannot be removed.
        """
        for path in self.path.glob(LEFT_OVER):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                why = error.strerror
                raise RunError(f"{path}: is left over and cannot be removed: {why}") from error

    def write_text(self, path: Path, text: str) -> None:
        """Write a file of this folder, whole or not at all."""
        with replacing(path) as file:
            file.write(text.encode())

    def write_summary(self, summary: dict[str, Any]) -> None:
        """Write summary.json."""
        self.write_text(self.summary, json.dumps(summary, indent=2) + "\n")

    def write_metrics(self, history: list[EpochDone]) -> None:
        """Write metrics.csv anew, with these epochs."""
        names = [spec.name for spec in fields(EpochDone)]
        self.write_text(
            self.metrics, csv_text([names, *(epoch.row().values() for epoch in history)])
        )

    def append_metrics(self, epoch: EpochDone) -> None:
        """Add an epoch to metrics.csv."""
        with self.metrics.open("a", newline="") as file:
            file.write(csv_text([epoch.row().values()]))


def csv_text(rows: Iterable[Iterable[object]]) -> str:
    """Rows of comma-separated values; None is empty."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
