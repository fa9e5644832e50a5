"""A trial's values follow from the seed, its number and the trials before it; a grid has all."""

import pytest

optuna = pytest.importorskip("optuna")

from mlp_cli.config.space import Choice, Range
from mlp_cli.errors import ConfigError, UsageError
from mlp_cli.training.sampling import distribution, grid_point, grid_size, pruner, sampler

SPACE = (
    Range("epochs", 1, 4, None, False, "space.yaml:1"),
    Range("dropout", 0.0, 0.3, 0.1, False, "space.yaml:2"),
    Choice("layers", ("[8]", "[9, 8]"), ("space.yaml:3", "space.yaml:3")),
)
RATE = Range("optimizer.learning_rate", 1e-4, 1e-1, None, True, "space.yaml:4")


def test_a_grid_has_each_point_once_in_an_order_that_follows_from_the_seed():
    points = [grid_point(SPACE, 3, number) for number in range(1, grid_size(SPACE) + 1)]
    distinct = {tuple(point.values()) for point in points}
    assert len(points) == len(distinct) == 4 * 4 * 2
    assert points == [grid_point(SPACE, 3, number) for number in range(1, 33)]
    assert points != [grid_point(SPACE, 4, number) for number in range(1, 33)]
    known = {each.key: distribution(each) for each in SPACE}
    for point in points:
        for key, value in point.items():
            assert known[key]._contains(known[key].to_internal_repr(value))


def test_a_grid_without_end_is_refused():
    with pytest.raises(ConfigError, match=r"^space.yaml:4: optimizer.learning_rate has no end"):
        grid_size((*SPACE, RATE))
    wide = Range("batch_size", 1, 1_000_000, None, False, "space.yaml:5")
    with pytest.raises(UsageError, match="32,000,000 points"):
        grid_size((*SPACE, wide))


@pytest.mark.parametrize("name", ["tpe", "random"])
def test_values_follow_from_seed_number_and_the_trials_before(name):
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    known = {each.key: distribution(each) for each in (*SPACE, RATE)}

    def asked(seed, lost=()):
        study = optuna.create_study(direction="maximize")
        values = []
        for number in range(1, 16):
            study.sampler = sampler(name, seed, number)
            trial = study.ask(known)
            if number in lost:  # stopped from outside, and made anew
                study.tell(trial, state=optuna.trial.TrialState.FAIL)
                study.sampler = sampler(name, seed, number)
                trial = study.ask(known)
            values.append(trial.params)
            study.tell(trial, -abs(trial.params["dropout"] - 0.2))
        return values

    assert asked(1) == asked(1) == asked(1, lost=(1, 12, 15)) != asked(2)


def test_of_the_first_quarter_of_the_epochs_nothing_is_pruned():
    assert pruner(True, 20)._n_warmup_steps == 5
    assert pruner(True, 1)._n_warmup_steps == 1
    assert isinstance(pruner(False, 20), optuna.pruners.NopPruner)
