"""A training that is no longer finite stops, and says where and what to try."""

import numpy as np
import pytest
from toys import toy_config, toy_dataset

from mlp_cli.errors import DivergedError
from mlp_cli.training.loop import Trainer


@pytest.mark.parametrize(
    ("after", "parameter", "value", "told"),
    [
        (0, -1, np.nan, "epoch 1, by step 1: the loss"),  # of an output
        (1, -1, np.nan, "epoch 1, by step 2: the loss"),
        (1, -1, -np.inf, "epoch 1, by step 2: the loss"),  # infinite, where this is the class
        (2, -1, np.nan, "epoch 1, by step 3: the loss"),
        (
            3,
            80 + 12,
            -np.inf,
            "epoch 1, by step 3: a weight",
        ),  # of a unit that relu then switches off
        (4, -1, np.nan, "epoch 2, by step 1: the loss"),
    ],
)
def test_the_place_of_what_is_not_finite_is_told(after, parameter, value, told):
    trainer = Trainer(toy_config(batch_size=10), toy_dataset())
    events = trainer.fit()
    for _ in range(after):
        next(events)
    trainer.network.theta[parameter] = value
    with pytest.raises(DivergedError, match=f"^the training diverged at {told} is no longer"):
        next(events)


def test_weights_that_are_finite_and_too_large_are_told_by_the_validation_loss():
    trainer = Trainer(toy_config(batch_size=10), toy_dataset())
    events = trainer.fit()
    for _ in range(3):
        next(events)
    trainer.network.theta[:] = 3e38
    with pytest.raises(DivergedError, match="at epoch 1, by step 3: the validation loss"):
        next(events)


def test_of_steps_taken_at_once_the_last_is_told():
    trainer = Trainer(toy_config(batch_size=2), toy_dataset())  # 5 steps at once
    events = trainer.fit()
    next(events)
    trainer.network.theta[-1] = np.nan
    with pytest.raises(DivergedError, match="at epoch 1, by step 10: the loss"):
        next(events)


@pytest.mark.parametrize("batch_size", [1, 8, "all"])
@pytest.mark.parametrize("validation", [0, 6])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_rate_far_too_large_is_told_with_epoch_step_and_advice(batch_size, validation, optimizer):
    config = toy_config(
        batch_size=batch_size,
        data={"name": "mnist-5k", "validation": validation},
        optimizer={"name": optimizer, "learning_rate": 1e30},
        loss="mse",
        output="identity",
    )
    with pytest.raises(
        DivergedError, match=r"^the training diverged at epoch \d, by step"
    ) as caught:
        list(Trainer(config, toy_dataset()).fit())
    message = str(caught.value)
    assert "try a smaller optimizer.learning_rate" in message
    assert "\n" not in message
