"""A training shared out: the same steps as by one process, each rank on its part of each batch."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mlp_cli.config import Config
from mlp_cli.data.batches import Batches
from mlp_cli.data.split import Dataset
from mlp_cli.errors import UsageError
from mlp_cli.nn.types import Floats
from mlp_cli.training import checkpoint
from mlp_cli.training.evaluate import total_loss
from mlp_cli.training.events import EpochDone, StepsDone
from mlp_cli.training.loop import Maker, Trainer
from mlp_cli.training.ownrows import OwnRows, Parts
from mlp_cli.training.ranks import Alone, Ranks


class SharedTrainer(Trainer):
    """One rank's trainer; up to how sums are rounded all ranks together are a ``Trainer``.

    Args:
        config: what to train, and how.
        dataset: what to train on.
        threads: as of a ``Trainer``.
        ranks: share the work.

    Raises:
        DataError: as for a ``Trainer``.
        UsageError: the config asks for what can only be had of a whole batch, or of a clock.
    """

    def __init__(self, config: Config, dataset: Dataset, threads: int, ranks: Ranks) -> None:
        if config.norm is not None:
            raise UsageError(
                f"norm: {config.norm.name} is over whole batches, of which each of {ranks.size} "
                "ranks has a part; leave norm out (norm=null), or train without mpirun"
            )
        if config.minutes is not None:
            raise UsageError("minutes: are measured by one process alone; set epochs under mpirun")
        super().__init__(config, dataset, threads)
        self.ranks = ranks
        self._own = cache(self._find_own)
        self.batches = Batches(self.batches.split, self.batches.batch_size, own=self._own)

    def fit(self) -> Iterator[StepsDone | EpochDone]:
        """Train as a ``Trainer`` does; the first rank begins by telling where all are to start."""
        if self.ranks.rank == 0:
            self.ranks.told(checkpoint.of(self, Path("the first rank's training")))
        yield from super().fit()

    def _teach(
        self,
        x: Floats,
        labels: NDArray[np.intp],
        rng: np.random.Generator | None,
        descend: Callable[[], None],
    ) -> tuple[float, int]:
        """The same for this rank's x and all labels; without any x it takes the steps too."""
        parts = self._parts(len(labels))
        draws = None if rng is None else OwnRows(rng, parts)
        averaged = self.config.loss.averaged
        taken = 0

        def descend_together() -> None:
            nonlocal taken
            rows, whole = parts[taken]
            if averaged:
                self.network.grad *= (rows.stop - rows.start) / whole
            self.ranks.add(self.network.grad)
            descend()
            taken += 1
            if draws is not None:
                draws.batch = taken

        loss, right = 0.0, 0
        if len(x):
            first = parts[0][0]
            own = labels[self._own(len(labels))]
            loss, right = self.network.learn(
                x, own, draws, first.stop - first.start, descend_together
            )
        while taken < len(parts):
            self.network.grad.fill(0)
            descend_together()
        loss_sum, all_right = self.ranks.sums(loss, right)
        return loss_sum, int(all_right)

    def _validate(self) -> tuple[float, float]:
        rows = self.val_rows[self.ranks.rows(len(self.val_rows))]
        own = total_loss(self.network, self.dataset.train, rows)
        loss, right = self.ranks.sums(*own)
        return loss / len(self.val_rows), right / len(self.val_rows)

    def _parts(self, examples: int) -> Parts:
        """This rank's part of each batch in so many examples."""
        size = self.batch_size
        wholes = [min(size, examples - start) for start in range(0, examples, size)]
        return [(self.ranks.rows(whole), whole) for whole in wholes]

    def _find_own(self, examples: int) -> NDArray[np.bool_]:
        """Which of so many examples, batch after batch, are this rank's."""
        own = np.zeros(examples, np.bool_)
        for i, (rows, _) in enumerate(self._parts(examples)):
            own[i * self.batch_size :][rows] = True
        return own


def maker(ranks: Alone) -> Maker:
    """What makes trainers for these ranks."""
    return partial(SharedTrainer, ranks=ranks) if isinstance(ranks, Ranks) else Trainer
