"""Many examples: the loss of each, their cost, and how many are looked at before a step."""

import numpy as np

from mlp_cli.config import Config, from_plain
from mlp_cli.data.batches import Batches
from mlp_cli.data.split import Dataset
from mlp_cli.nn import Network
from mlp_cli.reports.walkthrough.page import Page
from mlp_cli.training.evaluate import mean_loss
from mlp_cli.training.loop import Trainer

SHOWN = 5
BATCHES: tuple[int | str, ...] = (1, 32, "all")
EPOCHS = 3


def small(digits: Dataset, **keys: object) -> Config:
    """A config of a small network on a few real digits."""
    plain = {"data": {"name": digits.name, "limit": 600, "validation": 100}, "layers": [30]}
    return from_plain({**plain, "optimizer": {"name": "sgd", "lr": 0.05}, **keys}, "walkthrough")


def loss_and_cost(digits: Dataset) -> Page:
    """Five losses and their mean."""
    trainer = Trainer(small(digits), digits)
    rows = trainer.val_rows[:SHOWN]
    ((x, labels),) = Batches(digits.train, SHOWN).cut(rows)
    each = [trainer.network.score(x[i : i + 1], labels[i : i + 1])[0] for i in range(SHOWN)]
    cost, _ = mean_loss(trainer.network, digits.train, rows)
    lines = [
        f"  a {digits.classes[label]}: {loss:.4f}" for label, loss in zip(labels, each, strict=True)
    ]
    text = "\n".join(
        [
            "Loss is what one example costs, cost what training makes smaller: the mean of many.",
            "A network that has learned nothing yet, asked for five digits:",
            "",
            *lines,
            "",
            f"  their cost: ({' + '.join(f'{loss:.4f}' for loss in each)}) / {SHOWN} = {cost:.4f}",
            f"  a guess among ten has a loss of ln 10 = {np.log(10):.4f}",
        ]
    )
    return Page("Loss against cost", text, (Network.score, mean_loss))


def batches(digits: Dataset) -> Page:
    """SGD, batches, and the whole set."""
    lines = ["  examples a step   steps   cost after each epoch          validation   seconds"]
    for size in BATCHES:
        trainer = Trainer(small(digits, batch_size=size, epochs=EPOCHS), digits)
        for _ in trainer.fit():
            pass
        costs = "  ".join(f"{epoch.train_loss:7.3f}" for epoch in trainer.history)
        last = trainer.history[-1]
        seconds = sum(epoch.epoch_seconds for epoch in trainer.history)
        share = 100 * (last.val_accuracy or 0)
        steps = EPOCHS * trainer.steps
        lines.append(f"  {size!s:>15} {steps:>7}   {costs}   {share:>15.1f} % {seconds:>9.3f}")
    text = "\n".join(
        [
            "500 real digits, three times each. After one example (stochastic gradient descent) a",
            "step is quick and rough, after all of them (gradient descent) sure but rare; batches",
            "are between, and use the processor best:",
            "",
            *lines,
        ]
    )
    return Page("One example, a batch, the whole set", text, (Trainer.fit, Network.learn))
