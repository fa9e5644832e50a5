"""Overfitting: twenty digits learned by heart, and what dropout does against it."""

from mlp_cli.config import Config, from_plain
from mlp_cli.data.split import Dataset
from mlp_cli.nn.regularizers import draw_dropout_mask
from mlp_cli.reports.canvas import Canvas, limits
from mlp_cli.reports.tables import percent
from mlp_cli.reports.walkthrough.page import Page
from mlp_cli.training.evaluate import mean_loss
from mlp_cli.training.events import EpochDone
from mlp_cli.training.loop import Trainer

LEARNED, HELD_OUT = 20, 500
EPOCHS = 60
DROPOUT, OF_PIXELS = 0.5, 0.4


def twenty_digits(digits: Dataset) -> Page:
    """Training and validation loss part, and part less with dropout."""
    parts = []
    for title, *rates in (("without dropout", 0.0, 0.0), ("with dropout", DROPOUT, OF_PIXELS)):
        trainer = Trainer(_config(digits, *rates), digits)
        history = [event for event in trainer.fit() if isinstance(event, EpochDone)]
        own = mean_loss(trainer.network, digits.train, trainer.train_rows)
        new = mean_loss(trainer.network, digits.train, trainer.val_rows)
        parts += [
            f"  {title}: {percent(own[1])} of its own, {percent(new[1])} of {HELD_OUT} others; "
            f"loss {own[0]:.3f} and {new[0]:.3f}",
            *_chart(history),
            "",
        ]
    text = "\n".join(
        [
            f"A network of 128 neurons learns {LEARNED} digits, {EPOCHS} times each. It soon",
            "knows them by heart and no longer learns what a digit is: overfitting. Dropout",
            f"switches half of the neurons and {OF_PIXELS} of the pixels off, others each step, so",
            "that none relies on another. More digits help most. • is the loss while training,",
            "× that on unseen digits:",
            "",
            *parts[:-1],
        ]
    )
    return Page("Overfitting, and dropout against it", text, (draw_dropout_mask, Trainer.fit))


def _config(digits: Dataset, dropout: float, of_pixels: float) -> Config:
    data = {"name": digits.name, "limit": LEARNED + HELD_OUT, "validation": HELD_OUT}
    rates = {"dropout": dropout, "input_dropout": of_pixels}
    keys = {"data": data, "layers": [128], **rates, "batch_size": 10, "epochs": EPOCHS}
    return from_plain(keys, "walkthrough")


def _chart(history: list[EpochDone]) -> list[str]:
    epochs = [epoch.epoch for epoch in history]
    own = [epoch.train_loss for epoch in history]
    new = [epoch.val_loss or 0.0 for epoch in history]
    canvas = Canvas((1, len(epochs)), limits([0.0, *own, *new]))
    canvas.points(epochs, new, "×")
    canvas.points(epochs, own, "•")
    return [*canvas.lines(), f"{canvas.axis({1: '1', len(epochs): str(len(epochs))})}  epoch"]
