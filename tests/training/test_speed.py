"""What is measured of a training's speed is what was meant, whatever the machine."""

import os
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import pytest
from toys import toy_config, toy_dataset

from mlp_cli.errors import DivergedError
from mlp_cli.training import speed
from mlp_cli.training.loop import Trainer
from mlp_cli.training.speed import Speed, flops_per_example, measure

MEASURED = Speed(
    sizes=(20, 4, 3),
    examples=1000,
    batch_size=10,
    steps=100,
    measured_epochs=2.0,
    epoch_seconds=0.5,
    one_thread_epoch_seconds=None,
    larger_batch_epoch_seconds=None,
    peak_gflops=0.01,
    parts={},
    load_average=None,
    cores=2,
)


@pytest.fixture
def ticking(monkeypatch):
    """A clock that goes on by 1 each time it is read, and turns of 5."""
    monkeypatch.setattr(speed, "perf_counter", count().__next__)
    monkeypatch.setattr(speed, "SECONDS", 5)


@pytest.fixture
def short(monkeypatch):
    """Turns that are over at once, and a peak of a small product."""
    monkeypatch.setattr(speed, "SECONDS", 0)
    monkeypatch.setattr(speed, "PEAK_SIZE", 64)


@contextmanager
def as_it_is():
    yield


def toy_speed(threads=1, one_thread=as_it_is, **keys):
    return measure(toy_config(**keys), toy_dataset(), threads, one_thread)


@pytest.mark.parametrize(
    ("sizes", "flops"),
    [
        ((784, 10), 2 * 2 * 7840),  # z and dW
        ((20, 4, 3), 2 * 2 * 80 + 3 * 2 * 12),
        ((784, 1024, 1024, 10), 4 * 784 * 1024 + 6 * (1024 * 1024 + 10240)),
    ],
)
def test_the_operations_of_an_example(sizes, flops):
    assert flops_per_example(sizes) == flops


def test_rates_follow_from_the_seconds_of_an_epoch():
    assert MEASURED.samples_per_second == 2000
    assert MEASURED.gflops == pytest.approx(392 * 2000 / 1e9)
    assert MEASURED.share_of_peak == pytest.approx(0.0784)
    told = MEASURED.to_json()
    assert told["samples_per_second"] == 2000
    assert told["epoch_seconds"] == 0.5


@pytest.mark.parametrize(
    ("changed", "small"),
    [
        ({}, True),
        ({"batch_size": 63}, True),
        ({"batch_size": 64}, False),
        ({"examples": 10, "epoch_seconds": 0.005}, False),  # there is no larger batch
        ({"peak_gflops": 0.008}, True),
        ({"peak_gflops": 0.0078}, False),
    ],
)
def test_a_batch_is_small_if_the_peak_is_far_and_a_larger_one_possible(changed, small):
    assert replace(MEASURED, **changed).batch_is_small == small


def test_the_peak_is_the_fastest_products(ticking):
    assert speed.product_gflops() == 2 * 2048**3 / 1e9  # a tick each


def test_each_full_piece_is_timed_but_the_first(ticking, monkeypatch):
    """24 examples in batches of 7: three pieces, a short one, the epoch's end, two pieces more."""
    monkeypatch.setattr(speed, "SECONDS", 11)
    trainer = Trainer(toy_config(batch_size=7, epochs=9), toy_dataset())
    assert speed.seconds_of_pieces(trainer) == [1, 1, 1, 1]
    assert (trainer.position.epoch, trainer.position.step) == (1, 2)


def test_a_turn_taken_by_the_first_piece_is_its_time(short):
    trainer = Trainer(toy_config(batch_size="all", epochs=9), toy_dataset())
    (seconds,) = speed.seconds_of_pieces(trainer)
    assert seconds > 0
    assert trainer.position.step == 1


def test_an_epochs_seconds_are_reckoned_from_the_median_piece(monkeypatch):
    monkeypatch.setattr(speed, "seconds_of_pieces", lambda _: [0.2, 0.1, 9.0])
    monkeypatch.setattr(speed, "TURNS", 0)
    monkeypatch.setattr(speed, "PEAK_SIZE", 64)
    found = toy_speed(batch_size=7)
    assert found.epoch_seconds == pytest.approx(0.2 * 24 / 7)
    assert found.measured_epochs == pytest.approx(3 * 7 / 24)


def test_what_is_measured_is_the_config_s_and_goes_on_past_its_end(short):
    found = toy_speed(batch_size=10, epochs=1, early_stopping={"patience": 1})
    assert found.sizes == (20, 4, 3)
    assert (found.examples, found.batch_size, found.steps) == (24, 10, 3)
    assert toy_speed(batch_size="all").batch_size == 24
    assert sum(found.parts.values()) == pytest.approx(1)
    assert found.cores == os.cpu_count()


def test_one_thread_is_measured_where_there_are_more(short, monkeypatch):
    entered = []

    @contextmanager
    def one_thread():
        entered.append(True)
        yield
        entered.append(False)

    assert toy_speed(1, one_thread).one_thread_epoch_seconds is None
    assert entered == []
    assert toy_speed(2, one_thread).one_thread_epoch_seconds > 0
    assert entered == [True, False]


def test_a_larger_batch_is_measured_where_the_batch_is_small(short, monkeypatch):
    monkeypatch.setattr(speed, "product_gflops", lambda: 1e9)
    assert toy_speed(batch_size=4).larger_batch_epoch_seconds > 0
    assert toy_speed(batch_size="all").larger_batch_epoch_seconds is None
    monkeypatch.setattr(speed, "product_gflops", lambda: 1e-9)
    assert toy_speed(batch_size=4).larger_batch_epoch_seconds is None


def test_validation_is_no_part_of_it(short, monkeypatch):
    monkeypatch.setattr("mlp_cli.training.loop.mean_loss", lambda *_: pytest.fail("validated"))
    monkeypatch.setattr(speed, "SECONDS", 0.01)
    assert toy_speed(batch_size="all").measured_epochs > 1


def test_the_load_is_that_before_or_not_known(short, monkeypatch):
    monkeypatch.setattr(os, "getloadavg", lambda: (1.5, 0.0, 0.0))
    assert toy_speed().load_average == 1.5
    monkeypatch.delattr(os, "getloadavg")
    assert toy_speed().load_average is None


def test_a_training_that_diverges_has_no_speed(short):
    with pytest.raises(DivergedError):
        toy_speed(optimizer={"name": "sgd", "lr": 1e30}, batch_size=1)
