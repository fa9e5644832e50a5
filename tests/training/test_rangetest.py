"""In a range test the rate rises evenly, up to the highest or until the loss explodes."""

import numpy as np
import pytest
from toys import toy_config, toy_dataset

from mlp_cli.errors import DivergedError
from mlp_cli.training import rangetest
from mlp_cli.training.rangetest import (
    EXPLODED,
    HIGHEST,
    LOWEST,
    PIECES,
    SMOOTHING,
    RangeTest,
    range_test,
)

BATCH_SIZES = [1, 2, 7, 24, "all"]  # 24 of them: 3 pieces an epoch, or 4, or one


@pytest.fixture
def undaunted(monkeypatch):
    """No loss is too large."""
    monkeypatch.setattr(rangetest, "EXPLODED", np.inf)


def toy_test(**keys):
    return range_test(toy_config(**keys), toy_dataset())


@pytest.mark.parametrize("batch_size", BATCH_SIZES)
def test_the_rate_rises_geometrically_to_the_highest(undaunted, batch_size):
    test = toy_test(batch_size=batch_size)
    assert len(test.rates) == len(test.losses) == PIECES
    assert test.rates[0] >= LOWEST
    assert test.rates[-1] == pytest.approx(HIGHEST)
    powers = np.log10(test.rates)
    steps = np.diff(powers)
    assert steps.min() > 0
    even = np.linspace(powers[0], powers[-1], PIECES)
    np.testing.assert_allclose(powers, even, atol=steps.max())  # an epoch's last piece is shorter


def test_full_pieces_are_one_factor_apart(undaunted):
    test = toy_test(batch_size="all")
    assert test.rates[0] == pytest.approx(LOWEST)
    factors = np.divide(test.rates[1:], test.rates[:-1])
    np.testing.assert_allclose(factors, (HIGHEST / LOWEST) ** (1 / (PIECES - 1)))


@pytest.mark.parametrize("batch_size", BATCH_SIZES)
def test_it_ends_when_the_loss_explodes(batch_size):
    wild = {"optimizer": {"name": "sgd"}, "loss": "sse", "output": "identity"}
    test = toy_test(batch_size=batch_size, **wild)
    assert len(test.rates) < PIECES
    assert np.isfinite(test.losses).all()
    lowest = np.minimum.accumulate(test.losses)
    assert (test.losses <= EXPLODED * lowest)[:-1].all()


def test_the_losses_are_running_means_of_the_pieces(monkeypatch):
    heard = [2.0, 1.0, 4.0, 0.5]
    monkeypatch.setattr(rangetest, "_losses", lambda _: zip([1, 2, 3, 4], heard, strict=True))
    test = toy_test()
    for i in range(len(heard)):
        weights = SMOOTHING ** np.arange(i, -1, -1)
        assert test.losses[i] == pytest.approx(np.average(heard[: i + 1], weights=weights))


def test_the_first_loss_is_that_of_the_untrained_network(undaunted):
    test = toy_test(batch_size="all", init="zeros")
    assert test.losses[0] == pytest.approx(np.log(3))
    assert min(test.losses) < np.log(3)


@pytest.mark.parametrize(
    ("best", "suggested"),
    [(0.01, 0.001), (0.0234, 0.002), (0.0956, 0.01), (10.0, 1.0), (1e-6, 1e-7)],
)
def test_a_tenth_of_the_rate_of_the_lowest_loss_is_suggested(best, suggested):
    test = RangeTest((best / 2, best, 2 * best), (2.0, 1.0, 3.0))
    assert test.suggested == suggested
    assert test.to_json() == {
        "suggested": suggested,
        "rates": (best / 2, best, 2 * best),
        "losses": (2.0, 1.0, 3.0),
    }


@pytest.mark.parametrize(
    ("losses", "drawn"),
    [
        ((2.0, 1.0, 3.5), (2.0, 1.0, 3.0)),
        ((9.0, 1.0, 1e30), (9.0, 1.0, 9.0)),
        ((9.0, 1.0, 2.0), (9.0, 1.0, 2.0)),
        ((2.0,), (2.0,)),
    ],
)
def test_a_drawing_has_not_to_reach_up_to_the_explosion(losses, drawn):
    assert RangeTest((1e-3, 1e-2, 1e-1)[: len(losses)], losses).drawn == drawn


@pytest.mark.parametrize(
    "keys",
    [
        {"schedule": {"name": "one_cycle"}, "epochs": 1},
        {"schedule": "plateau", "early_stopping": {"patience": 1}},
        {"optimizer": {"name": "adam", "learning_rate": 0.5}},
        {"minutes": 1},
    ],
    ids=str,
)
def test_the_config_s_own_rate_schedule_and_end_do_not_matter(keys):
    assert toy_test(**keys) == toy_test()


def test_it_is_the_same_each_time_and_follows_from_the_seed():
    keys = {"batch_size": 7, "dropout": 0.2, "norm": "batch", "augment": "digits"}
    assert toy_test(**keys) == toy_test(**keys) != toy_test(**keys, seed=1)


def test_a_network_that_is_not_finite_from_the_start_is_told():
    init = {"name": "uniform", "limit": 1e30}
    with pytest.raises(DivergedError):
        toy_test(init=init, loss="mse", output="identity")
