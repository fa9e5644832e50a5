"""The learning rate range test (Smith 2017): the rate rises until the loss explodes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from mlp_cli.config import Config
from mlp_cli.data.split import Dataset
from mlp_cli.errors import DivergedError
from mlp_cli.nn import Moment, Schedule, option
from mlp_cli.nn.schedules import Factors
from mlp_cli.training.events import StepsDone
from mlp_cli.training.loop import Trainer
from mlp_cli.training.speed import endless

LOWEST, HIGHEST = 1e-6, 10.0
PIECES = 200  # losses from the lowest rate to the highest
SMOOTHING = 0.9  # share of the running loss that the next one leaves
EXPLODED = 3.0  # times the lowest running loss
LOWERED = 0.99  # of the first running loss: what is above has taught nothing
BELOW = 10.0  # the suggestion is the rate of the lowest running loss divided by this


@dataclass(frozen=True)
class Rising(Schedule):
    """η · (HIGHEST / LOWEST)^(step / over): the one factor that rises above 1."""

    over: int = option(1, "steps from the lowest rate to the highest", ge=1)

    def falling(self, moment: Moment) -> Factors:
        return (HIGHEST / LOWEST) ** np.minimum(moment.step / self.over, 1)


@dataclass(frozen=True)
class RangeTest:
    """What was seen while the rate rose."""

    rates: tuple[float, ...]
    losses: tuple[float, ...]  # running means, one a rate

    @property
    def suggested(self) -> float | None:
        """A tenth of the rate of the lowest running loss, to one digit; None if none is lower."""
        if min(self.losses) > LOWERED * self.losses[0]:
            return None
        best = self.rates[int(np.argmin(self.losses))]
        return float(f"{best / BELOW:.0e}")

    @property
    def drawn(self) -> tuple[float, ...]:
        """The losses, the last no higher than it takes to see that it exploded."""
        top = max([EXPLODED * min(self.losses), *self.losses[:-1]])
        return (*self.losses[:-1], min(self.losses[-1], top))

    def to_json(self) -> dict[str, object]:
        """All of it by name."""
        return {"suggested": self.suggested, "rates": self.rates, "losses": self.losses}


def range_test(config: Config, dataset: Dataset, threads: int = 1) -> RangeTest:
    """Train with a rising learning rate, and keep nothing but the losses.

    Raises:
        DataError: the data set has too few examples for what the config holds out.
        DivergedError: even the lowest rate gives no finite loss.
    """
    optimizer = replace(config.optimizer, learning_rate=LOWEST)
    trainer = endless(replace(config, optimizer=optimizer), dataset, threads)
    at_once = trainer.batches.batch_size // trainer.batch_size  # an epoch's last may be fewer
    epochs, pieces = divmod(PIECES, -(-trainer.steps // at_once))
    rising = Rising(over=epochs * trainer.steps + pieces * at_once - 1)
    trainer.config = replace(trainer.config, schedule=rising)
    rates: list[float] = []
    losses: list[float] = []
    running = 0.0
    try:
        for rate, loss in islice(_losses(trainer), PIECES):
            running += (1 - SMOOTHING) * (loss - running)
            rates.append(rate)
            losses.append(running / (1 - SMOOTHING ** len(rates)))  # as if there had been no start
            if losses[-1] > EXPLODED * min(losses):
                break
    except DivergedError:
        if not losses:
            raise
    return RangeTest(tuple(rates), tuple(losses))


def _losses(trainer: Trainer) -> Iterator[tuple[float, float]]:
    """Train, and tell the rate and the mean loss of every steps that are taken at once."""
    seen, total = 0, 0.0
    for event in trainer.fit():
        if isinstance(event, StepsDone):
            at = trainer.position
            yield event.learning_rate, (at.loss_sum - total) / (at.seen - seen)
            seen, total = at.seen, at.loss_sum
        else:
            seen, total = 0, 0.0
