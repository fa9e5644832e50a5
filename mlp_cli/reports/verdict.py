"""What a finished run's numbers mean, in plain sentences."""

from mlp_cli.training.run import Result

PARTED = 0.01  # accuracy by which training must lead validation to be called overfitting


def result_text(result: Result) -> str:
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
            *overfitting(result),
        ]
    )


def overfitting(result: Result) -> list[str]:
    """A sentence on how far training and validation have parted; none without validation."""
    accuracy = result.best.val_accuracy
    if accuracy is None:
        return []
    gap = result.train_accuracy - accuracy
    if gap >= PARTED:
        return [
            f"Overfitting: it knows its training examples {100 * gap:.1f} points better than "
            "new ones. More data, dropout, weight_decay or early_stopping help."
        ]
    return ["No overfitting to speak of: it does about as well on new examples as on its own."]


def percent(fraction: float) -> str:
    """A fraction in per cent."""
    return f"{100 * fraction:.2f} %"
