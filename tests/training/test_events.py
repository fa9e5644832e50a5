"""The best epoch is one that everybody would choose."""

from hypothesis import given
from hypothesis import strategies as st

from mlp_cli.training.events import EpochDone, best_epoch


def row(epoch, val_accuracy, val_loss):
    return EpochDone(epoch, 1.0, 0.5, val_loss, val_accuracy, 0.1, 1.0, 100.0)


few = st.sampled_from([0.0, 0.5, 1.0])


@given(st.lists(st.tuples(few, few), min_size=1, max_size=8))
def test_the_best_has_the_highest_accuracy_then_the_lowest_loss_then_came_first(measured):
    history = [row(i, accuracy, loss) for i, (accuracy, loss) in enumerate(measured, 1)]
    best = best_epoch(history)
    for other in history:
        assert best.val_accuracy >= other.val_accuracy
        if best.val_accuracy == other.val_accuracy:
            assert best.val_loss <= other.val_loss
            if best.val_loss == other.val_loss:
                assert best.epoch <= other.epoch


def test_without_validation_it_is_the_last():
    assert best_epoch([row(1, None, None), row(2, None, None)]).epoch == 2


def test_a_row_has_the_columns_of_metrics_csv_in_order():
    assert list(row(1, 0.5, 1.0).row()) == [
        "epoch",
        "train_loss",
        "train_accuracy",
        "val_loss",
        "val_accuracy",
        "learning_rate",
        "epoch_seconds",
        "samples_per_second",
    ]
