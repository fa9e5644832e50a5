"""The loop sees every training example once an epoch, and measures what it says it measures."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import toy_config, toy_dataset

from mlp_cli.data.batches import Batches
from mlp_cli.errors import DataError
from mlp_cli.nn import Descent, Moment
from mlp_cli.training import loop
from mlp_cli.training.events import EpochDone, StepsDone
from mlp_cli.training.loop import Trainer, split_rows

# A rate so small that the weights hold still, in float32 as in exact numbers.
STILL = {"name": "sgd", "learning_rate": 1e-30}


@pytest.fixture
def orders(monkeypatch):
    """The orders in which examples are asked for, as they are asked for."""
    seen = []
    cut = Batches.cut

    def spy(self, order):
        if isinstance(order, np.ndarray):  # judging asks so
            return cut(self, order)
        pieces = list(order)
        seen.append(np.concatenate(pieces))
        return cut(self, iter(pieces))

    monkeypatch.setattr(Batches, "cut", spy)
    return seen


def train(config, dataset=None):
    trainer = Trainer(config, dataset or toy_dataset())
    return trainer, list(trainer.fit())


def test_each_epoch_is_a_permutation_of_the_training_rows_and_another_one(orders):
    config = toy_config(batch_size=7, data={"name": "mnist-5k", "validation": 0})
    trainer, _ = train(config)
    assert len(orders) == config.epochs
    assert all(sorted(order) == trainer.train_rows.tolist() for order in orders)
    assert not any(np.array_equal(a, b) for a, b in itertools.combinations(orders, 2))


def test_the_seed_decides_the_order(orders):
    for seed in (0, 0, 1):
        train(toy_config(epochs=1, seed=seed, data={"name": "mnist-5k", "validation": 0}))
    same, again, other = orders
    assert np.array_equal(same, again)
    assert not np.array_equal(same, other)


@pytest.mark.parametrize("batch_size", [1, 5, 7])
def test_without_dropout_the_number_of_steps_at_once_changes_no_bit(batch_size, monkeypatch):
    """7 steps of 1, 1 of 5, 1 of 7 for each event; one by one; an epoch in one."""
    thetas = []
    for at_once in (7, 1, 1000):
        monkeypatch.setattr(loop, "LEARNED_AT_ONCE", at_once)
        trainer, events = train(toy_config(batch_size=batch_size, optimizer="adam", epochs=2))
        thetas.append((trainer.network.theta.tobytes(), events[-1].train_loss))
    assert thetas[0] == (thetas[1][0], pytest.approx(thetas[1][1], rel=1e-12))
    assert thetas[2] == (thetas[1][0], pytest.approx(thetas[1][1], rel=1e-12))


@pytest.mark.parametrize("batch_size", [1, 7, 10, 24, 1000, "all"])
def test_a_short_last_batch_counts_with_its_true_weight(batch_size):
    config = toy_config(batch_size=batch_size, epochs=1, optimizer=STILL)
    trainer, events = train(config)
    done = events[-1]
    train_split, rows = trainer.dataset.train, trainer.train_rows
    x, labels = train_split.images[rows] / 255, train_split.labels[rows]
    probabilities = trainer.network.probabilities(x.astype(np.float32))
    mean = -np.log(probabilities[np.arange(len(rows)), labels]).mean()
    assert done.train_loss == pytest.approx(mean, rel=1e-5)
    assert done.train_accuracy == (probabilities.argmax(axis=1) == labels).mean()


def test_the_events_count_steps_and_epochs_from_1():
    trainer, events = train(toy_config(batch_size=10, epochs=2))
    steps = [(e.epoch, e.step, e.steps) for e in events if isinstance(e, StepsDone)]
    assert trainer.steps == 3  # of 24 examples: 10, 10 and 4
    assert steps == [(epoch, step, 3) for epoch in (1, 2) for step in (1, 2, 3)]
    assert [e.epoch for e in events if isinstance(e, EpochDone)] == [1, 2]
    assert [type(e) for e in events[:4]] == [StepsDone, StepsDone, StepsDone, EpochDone]


def test_the_running_mean_ends_as_the_epochs_mean():
    _, events = train(toy_config(batch_size=10, epochs=1))
    last, done = events[-2:]
    assert (last.train_loss, last.train_accuracy) == (done.train_loss, done.train_accuracy)


def test_validation_is_measured_with_weights_still_and_dropout_off():
    trainer, events = train(toy_config(dropout=0.5, input_dropout=0.3, epochs=1))
    val, rows = trainer.dataset.train, trainer.val_rows
    x = (val.images[rows] / 255).astype(np.float32)
    probabilities = trainer.network.probabilities(x)  # as after the last step, nothing dropped
    right = probabilities[np.arange(len(rows)), val.labels[rows]]
    assert events[-1].val_loss == pytest.approx(-np.log(right).mean(), rel=1e-5)


def test_dropout_draws_anew_at_every_step(monkeypatch):
    asked = []
    stream = Trainer._learn.__globals__["stream"]
    monkeypatch.setitem(
        Trainer._learn.__globals__, "stream", lambda *key: (asked.append(key), stream(*key))[1]
    )
    train(toy_config(dropout=0.5, batch_size=12, epochs=2, seed=5))
    drawn = [key for key in asked if key[1] == "dropout"]
    assert drawn == [(5, "dropout", epoch, step) for epoch in (0, 1) for step in (0, 1)]


def test_steps_taken_at_once_drop_other_neurons_each(monkeypatch):
    monkeypatch.setattr(loop, "LEARNED_AT_ONCE", 24)
    trainer = Trainer(toy_config(dropout=0.5, batch_size=8, layers=[40]), toy_dataset())
    masks, backward = [], trainer.network.backward

    def seen(h, w):
        masks.append(w.mask[1].tobytes())
        backward(h, w)

    monkeypatch.setattr(trainer.network, "backward", seen)
    next(trainer.fit())
    assert len(set(masks)) == len(masks) == 3


def test_threads_share_the_optimizers_step():
    wide = Trainer(toy_config(layers=[60_000]), toy_dataset(), threads=2)
    assert len(wide.descent._shares) == 2
    assert len(Trainer(toy_config(), toy_dataset(), threads=2).descent._shares) == 1


def test_the_schedule_sees_steps_and_the_history():
    config = toy_config(
        batch_size=12,
        schedule={"name": "linear", "final": 0.5},
        optimizer={"name": "sgd", "learning_rate": 0.1},
    )
    _, events = train(config)
    rates = [e.learning_rate for e in events if isinstance(e, EpochDone)]
    moments = [Moment(step=last, steps=6, epoch_steps=2) for last in (1, 3, 5)]
    assert rates == pytest.approx([0.1 * config.schedule(moment) for moment in moments])
    assert rates[0] > rates[1] > rates[2] > 0.05


def test_plateau_lowers_the_rate_when_validation_no_longer_improves():
    schedule = {"name": "plateau", "patience": 1, "gamma": 0.5}
    _, events = train(toy_config(optimizer=STILL, schedule=schedule, epochs=4))
    rates = [e.learning_rate / 1e-30 for e in events if isinstance(e, EpochDone)]
    assert rates == pytest.approx([1, 1, 0.5, 0.25])


def test_early_stopping_waits_as_long_as_it_is_told():
    config = toy_config(optimizer=STILL, epochs=9, early_stopping={"patience": 2})
    trainer, events = train(config)
    assert [e.epoch for e in events if isinstance(e, EpochDone)] == [1, 2, 3]
    assert trainer.stopped_early
    assert trainer.done


def test_the_network_learns():
    trainer, events = train(toy_config(layers=[16], epochs=60, batch_size=8))
    assert events[-1].val_accuracy == 1
    assert not trainer.stopped_early


def test_the_optimizer_counts_steps_from_1_over_all_epochs(monkeypatch):
    seen = []
    monkeypatch.setattr(Descent, "step", lambda self, grad, lr, t: seen.append(t))
    train(toy_config(batch_size=10, epochs=2))
    assert seen == [1, 2, 3, 4, 5, 6]


@given(
    labels=st.lists(st.integers(0, 4), min_size=2, max_size=80),
    limit=st.none() | st.integers(2, 90),
    share=st.floats(0, 0.7),
    seed=st.integers(0, 9),
)
def test_held_out_rows_are_disjoint_from_the_training_rows_and_stratified(
    labels, limit, share, seed
):
    labels = np.array(labels)
    data = {"name": "mnist-5k", "limit": limit, "validation": share}
    train_rows, val_rows = split_rows(toy_config(seed=seed, data=data), labels)
    used = np.concatenate([train_rows, val_rows])
    assert len(set(used.tolist())) == len(used) == min(limit or len(labels), len(labels))
    assert abs(len(val_rows) - share * len(used)) <= 0.5 or len(val_rows) == 1
    assert (len(val_rows) > 0) == (share > 0)
    for label in range(5):
        held_out = np.count_nonzero(labels[val_rows] == label)
        fair = np.count_nonzero(labels[used] == label) * len(val_rows) / len(used)
        assert abs(held_out - fair) < 1


@pytest.mark.parametrize("share", [1e-9, 0.01, 0.049])
def test_a_share_of_few_examples_holds_out_one(share):
    data = {"name": "mnist-5k", "validation": share}
    train_rows, val_rows = split_rows(toy_config(data=data), np.arange(10) % 2)
    assert (len(train_rows), len(val_rows)) == (9, 1)


def test_holding_everything_out_is_refused():
    with pytest.raises(DataError, match=r"holds out 30 of 30 training examples"):
        Trainer(toy_config(data={"name": "mnist-5k", "validation": 30}), toy_dataset(train=30))


@pytest.mark.parametrize(
    ("augment", "width", "leaves"),
    [("digits", 4, True), (None, 4, False), ("digits", 30000, False)],
)
def test_a_core_is_left_to_the_warp_where_the_network_is_small(augment, width, leaves):
    trainer = Trainer(toy_config(augment=augment, layers=[width]), toy_dataset())
    assert trainer.leaves_a_core == leaves


def test_each_epoch_sees_other_images_and_validation_the_images_themselves(monkeypatch):
    seen = []
    trainer = Trainer(toy_config(augment="digits", epochs=2, batch_size="all"), toy_dataset())
    learn, score = trainer.network.learn, trainer.network.score

    def spied(method):
        def call(x, labels, *rest):
            seen.append((method.__name__, np.sort(x.sum(axis=1)), len(labels)))
            return method(x, labels, *rest)

        return call

    monkeypatch.setattr(trainer.network, "learn", spied(learn))
    monkeypatch.setattr(trainer.network, "score", spied(score))
    list(trainer.fit())
    (_, first, n), (_, judged, m), (_, second, _), (_, again, _) = seen
    assert [name for name, *_ in seen] == ["learn", "score"] * 2
    assert (n, m) == (24, 6)
    assert not np.isclose(first, second).any()
    np.testing.assert_array_equal(judged, again)
    own = trainer.dataset.train.images[trainer.val_rows].sum(axis=1) / 255
    np.testing.assert_allclose(judged, np.sort(own), rtol=1e-5)
