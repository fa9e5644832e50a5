"""What TensorBoard reads of a run is what the run was, however often that was stopped."""

import errno
from pathlib import Path

import pytest
from toys import begin, stop_after, take_up, toy_config

pytest.importorskip("tensorboard", reason="not installed: pip install '.[tensorboard]'")

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import (
    EventAccumulator as PluginEventAccumulator,
)

from mlp_cli.errors import RunError
from mlp_cli.reports.board import Board
from mlp_cli.training.events import EpochDone

CONFIG = {"batch_size": 1, "epochs": 3, "dropout": 0.2}
TIMED = "samples_per_second"


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr("mlp_cli.training.loop.LEARNED_AT_ONCE", 1)


def curves(folder):
    """Every curve by its folder and name, as pairs of a step and a value.

    Points are read as TensorBoard reads them, and as scripts do, which has to be the same.
    """
    found, scripted = {}, {}
    for path in sorted({file.parent for file in Path(folder, "tensorboard").rglob("events.*")}):
        curve = path.relative_to(Path(folder, "tensorboard")).as_posix()
        read = PluginEventAccumulator(str(path), {"tensors": 0}).Reload()
        for tag in read.Tags()["tensors"]:
            found[curve, tag] = [(e.step, e.tensor_proto) for e in read.Tensors(tag)]
        read = EventAccumulator(str(path), {"scalars": 0}).Reload()
        for tag in read.Tags()["scalars"]:
            scripted[curve, tag] = [(e.step, e.value) for e in read.Scalars(tag)]
    for name, points in scripted.items():
        assert points == [(step, value.float_val[0]) for step, value in found[name]]
    return found | scripted


def followed(run, events=None):
    """Train with a board to the end, or until so many events were told and as Ctrl-C saves."""
    board = Board(run)
    for number, event in enumerate(run.train(), 1):
        board.tell(event)
        if number == events:
            run.save()
            break
    else:
        board.tell(run.finish("mlp train"))
    board.close()


def without_times(found):
    return {name: points for name, points in found.items() if name[1] != TIMED}


def test_the_curves_are_those_of_metrics_csv(tmp_path):
    run = begin(tmp_path / "run", toy_config(**CONFIG))
    followed(run)
    found = curves(tmp_path / "run")
    steps = run.trainer.steps
    for curve, tag, column in [
        ("train", "loss", "train_loss"),
        ("train", "accuracy", "train_accuracy"),
        ("train", TIMED, TIMED),
        ("validation", "loss", "val_loss"),
        ("validation", "accuracy", "val_accuracy"),
    ]:
        known = [(e.epoch * steps, pytest.approx(e.row()[column])) for e in run.trainer.history]
        assert found[curve, tag] == known
    assert [step for step, _ in found["train", "learning_rate"]][-1] == 3 * steps
    (config,) = [text.string_val[0].decode() for _, text in found[".", "config"]]
    assert "batch_size: 1\n" in config
    assert (".", "_hparams_/session_start_info") in found


def test_loss_within_an_epoch_is_the_mean_since_the_last_point(tmp_path):
    run = begin(tmp_path / "run", toy_config(**CONFIG))
    board, sums = Board(run), {0: 0.0}
    for event in run.train():
        board.tell(event)
        if isinstance(event, EpochDone):
            break
        sums[event.step] = event.train_loss * event.step
    board.close()
    points = curves(tmp_path / "run")["train", "step_loss"]
    assert len(points) > 10
    before = 0
    for step, loss in points:
        assert loss == pytest.approx((sums[step] - sums[before]) / (step - before), rel=1e-5)
        before = step


@pytest.mark.parametrize("events", [1, 13, 24, 25, 26, 50, 60, 75])
def test_stopped_and_taken_up_it_is_as_if_undisturbed(tmp_path, events):
    followed(begin(tmp_path / "whole", toy_config(**CONFIG)))
    followed(begin(tmp_path / "stopped", toy_config(**CONFIG)), events)
    followed(take_up(tmp_path / "stopped"))
    whole, stopped = (without_times(curves(tmp_path / name)) for name in ("whole", "stopped"))
    assert whole.keys() == stopped.keys()
    for name, points in whole.items():
        steps = [step for step, _ in points]
        assert [step for step, _ in stopped[name]] == steps
        if name[0] != "." and name[1] != "step_loss":  # one of its means starts anew
            assert stopped[name] == points


def test_what_its_checkpoint_does_not_know_is_taken_back(tmp_path):
    """Half a record, and an epoch that is kept and that nobody came to tell the board."""
    run = begin(tmp_path / "run", toy_config(**CONFIG))
    board = Board(run)
    for event in run.train():
        if isinstance(event, EpochDone) and event.epoch == 2:
            break
        board.tell(event)
    board.close()
    (file,) = (tmp_path / "run" / "tensorboard" / "train").iterdir()
    file.write_bytes(file.read_bytes()[:-5])
    followed(take_up(tmp_path / "run"))
    found = curves(tmp_path / "run")
    for curve in ("train", "validation"):
        steps = [step for step, _ in found[curve, "loss"]]
        assert steps == [epoch * run.trainer.steps for epoch in (1, 2, 3)]


def test_the_checkpoint_before_the_last_takes_the_epochs_after_it_back(tmp_path):
    run = begin(tmp_path / "run", toy_config(**CONFIG))
    board = Board(run)
    for event in run.train():
        board.tell(event)
    board.close()
    assert [step for step, _ in curves(tmp_path / "run")["train", "loss"]] == [24, 48, 72]
    Board(take_up(tmp_path / "run", name=str(tmp_path / "run" / "previous.npz"))).close()
    found = curves(tmp_path / "run")
    for tag in ("loss", "step_loss", "learning_rate"):
        assert max(step for step, _ in found["train", tag]) <= 48
    assert [step for step, _ in found["validation", "loss"]] == [24, 48]


def test_a_run_that_nobody_watched_at_first_is_told_from_its_beginning(tmp_path):
    stop_after(begin(tmp_path / "run", toy_config(**CONFIG)), 30)
    followed(take_up(tmp_path / "run"))
    assert [step for step, _ in curves(tmp_path / "run")["train", "loss"]] == [24, 48, 72]


def test_more_epochs_leave_one_result(tmp_path):
    config = toy_config(**CONFIG)
    followed(begin(tmp_path / "run", config))
    followed(take_up(tmp_path / "run", ("epochs", "4", "--epochs")))
    found = curves(tmp_path / "run")
    assert [step for step, _ in found["train", "loss"]] == [24, 48, 72, 96]
    assert len(found["test", "accuracy"]) == len(found[".", "result"]) == 1


def test_it_can_be_seen_after_each_epoch(tmp_path):
    run = begin(tmp_path / "run", toy_config(**CONFIG))
    board, epochs = Board(run), 0
    for event in run.train():
        board.tell(event)
        if isinstance(event, EpochDone):
            epochs += 1
            assert len(curves(tmp_path / "run")["validation", "accuracy"]) == epochs
    board.close()


def test_without_validation_there_is_no_such_curve(tmp_path):
    run = begin(tmp_path / "run", toy_config(data={"name": "mnist-5k", "validation": 0}))
    followed(run)
    assert {curve for curve, _ in curves(tmp_path / "run")} == {".", "train", "test"}


def test_a_full_disk_is_told_in_a_line(tmp_path, monkeypatch):
    run = begin(tmp_path / "run", toy_config(**CONFIG))
    board = Board(run)

    def full(file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("mlp_cli.reports.board.EventFile.flush", full)
    told = run.train()
    with pytest.raises(RunError, match="the run cannot be written: No space left on device"):
        list(map(board.tell, told))
    board.close()
    assert take_up(tmp_path / "run").trainer.position.epoch == 1
