"""What a finished run's numbers mean, in plain sentences."""

import math

from mlp_cli.config import Config
from mlp_cli.reports.tables import percent
from mlp_cli.training.run import Result

PARTED = 0.01  # accuracy by which training has to lead validation, if chance leads by less
UNLEARNED = 0.8  # accuracy on its own training examples below which a network has learned little


def result_text(result: Result, config: Config) -> str:
    """The end of a training: its best epoch, cost against validation, and the test accuracy."""
    best, test = result.best, result.test
    low, high = test.accuracy_interval
    return "\n".join(
        [
            f"best epoch   {best.epoch}",
            f"training     cost {result.train_cost:.4f}, accuracy {percent(result.train_accuracy)}",
            *(
                [f"validation   loss {best.val_loss:.4f}, accuracy {percent(best.val_accuracy)}"]
                if best.val_loss is not None and best.val_accuracy is not None
                else []
            ),
            f"test         loss {test.loss:.4f}, accuracy {percent(test.accuracy)} "
            f"(95 % interval {percent(low)} to {percent(high)})",
            *verdict(result, config),
        ]
    )


def verdict(result: Result, config: Config) -> list[str]:
    """A sentence on how far training and validation have parted; none without validation.

    They have parted when training leads by a point of accuracy, and by more than two standard
    errors √(q(1 − q)/(N + 4)) of the validation accuracy p, so that chance alone hardly does it;
    q = (pN + 2)/(N + 4) (Agresti & Coull 1998).
    """
    p = result.best.val_accuracy
    if p is None:
        return []
    own = result.train_accuracy
    q = (p * result.val_examples + 2) / (result.val_examples + 4)
    chance = 2 * math.sqrt(q * (1 - q) / (result.val_examples + 4))
    if own - p >= max(PARTED, chance):
        return [
            f"Overfitting: it knows its training examples {100 * (own - p):.1f} points better "
            f"than new ones (cost {result.train_cost:.4f} against {result.best.val_loss:.4f}). "
            f"{_remedies(config)} may help."
        ]
    if own < UNLEARNED:
        return [
            f"Underfitting: it knows only {percent(own)} of its own training examples. More "
            "epochs, another learning_rate or more neurons may help."
        ]
    return ["No sign of overfitting: it does about as well on new examples as on its own."]


def _remedies(config: Config) -> str:
    """What helps against overfitting and is not in use yet."""
    remedies = ["more data"]
    if config.augment is None:
        remedies.append("augment")
    if not any(config.per_layer(config.dropout)):
        remedies.append("dropout")
    if not config.optimizer.weight_decay:
        remedies.append("optimizer.weight_decay")
    if config.early_stopping is None:
        remedies.append("early_stopping")
    *others, last = remedies
    return (f"{', '.join(others)} or {last}" if others else last).capitalize()
