"""Hints are told exactly where they hold, and the text tells what was measured."""

import pytest

from mlp_cli.reports.speed import hints, speed_text
from mlp_cli.training.speed import Speed

PARTS = {"gather": 0.05, "forward": 0.3, "loss": 0.05, "backward": 0.4, "optimizer": 0.1}


def speed(**changed):
    measured = {
        "sizes": (784, 30, 10),
        "examples": 54_000,
        "batch_size": 10,
        "steps": 5_400,
        "measured_epochs": 3.0,
        "epoch_seconds": 0.2,
        "one_thread_epoch_seconds": 0.2,
        "larger_batch_epoch_seconds": 0.2,
        "peak_gflops": 400.0,
        "parts": PARTS | {"rest": 0.1},
        "load_average": 1.0,
        "cores": 2,
    }
    return Speed(**(measured | changed))


def test_where_nothing_is_slow_nothing_is_told():
    assert hints(speed(), "OpenBLAS", None) == []
    silent = speed(
        load_average=None, one_thread_epoch_seconds=None, larger_batch_epoch_seconds=None
    )
    assert hints(silent, "accelerate", None) == []


def test_a_faster_kernel_that_is_not_in_use():
    (hint,) = hints(speed(), "OpenBLAS", "SkylakeX")
    assert "faster matrix kernel, SkylakeX, is not in use" in hint


@pytest.mark.parametrize(
    ("load", "cores", "told"),
    [(1.01, 2, "load 1.0 on 2 cores"), (0.6, 1, "load 0.6 on 1 core)"), (4.0, 8, None)],
)
def test_other_programs_at_work(load, cores, told):
    found = hints(speed(load_average=load, cores=cores), "OpenBLAS", None)
    assert len(found) == (told is not None)
    assert all(told in hint for hint in found)


@pytest.mark.parametrize(("seconds", "told"), [(0.15, True), (0.19, True), (0.191, False)])
def test_one_thread_that_is_faster_by_a_twentieth(seconds, told):
    found = hints(speed(one_thread_epoch_seconds=seconds), "OpenBLAS", None)
    assert len(found) == told
    assert all(f"{seconds} s an epoch instead of 0.2 s" in hint for hint in found)
    assert all("OPENBLAS_NUM_THREADS=1" in hint for hint in found)


@pytest.mark.parametrize(("seconds", "told"), [(0.15, True), (0.19, True), (0.191, False)])
def test_a_larger_batch_that_is_faster_by_a_twentieth(seconds, told):
    found = hints(speed(larger_batch_epoch_seconds=seconds), "MKL", None)
    assert len(found) == told
    assert all(f"batch_size 128 an epoch takes {seconds} s instead of 0.2 s" in x for x in found)


def test_the_text_tells_what_was_measured():
    *lines, last = speed_text(speed(), []).splitlines()
    assert lines[0] == "peak         400 GFLOP/s, in a float32 product of 2048 × 2048"
    assert lines[1] == "epoch        0.2 s"
    assert lines[2] == "one thread   0.2 s"
    assert lines[3] == "examples     270,000 a second"
    # 4·784·30 + 6·30·10 operations an example
    assert lines[4] == "products     25.9 GFLOP/s, 6.5 % of the peak"
    assert "backward     40.0 % of a step" in lines
    assert last == "rest         10.0 % of a step"


def test_an_epoch_that_was_not_trained_whole_is_said_to_be_reckoned():
    part = speed(measured_epochs=0.254, one_thread_epoch_seconds=None)
    text = speed_text(part, [])
    assert "epoch        0.2 s, reckoned from 25.4 % of one\n" in text
    assert "one thread" not in text


def test_hints_stand_below_in_lines_that_fit():
    long = " ".join(["word"] * 20)
    *_, empty, first, second, third = speed_text(speed(), [long, "short"]).splitlines()
    assert empty == ""
    assert first == "hint         " + " ".join(["word"] * 13)
    assert second == "             " + " ".join(["word"] * 7)
    assert third == "hint         short"
