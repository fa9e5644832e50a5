"""A run goes on as it was: what contradicts it, or is not its data, is refused."""

from dataclasses import replace

import pytest
from toys import begin, complete, stop_after, take_up, toy_config, toy_dataset

from mlp_cli.data.split import Split
from mlp_cli.errors import CheckpointError, ConfigError, UsageError

WITH_AN_END = ["linear", "cosine", "one_cycle", {"name": "constant", "warmup": 0.2}]


@pytest.mark.parametrize("schedule", WITH_AN_END)
def test_a_schedule_laid_out_for_its_end_takes_no_more_epochs(tmp_path, schedule):
    complete(begin(tmp_path, toy_config(epochs=2, schedule=schedule)))
    with pytest.raises(UsageError, match=r"^epochs: the schedule \w+ was laid out for 2 epochs"):
        take_up(tmp_path, ("epochs", "5", "--epochs"))


def test_fewer_epochs_are_refused(tmp_path):
    complete(begin(tmp_path, toy_config(epochs=2)))
    with pytest.raises(UsageError, match="not fewer; got 1"):
        take_up(tmp_path, ("epochs", "1", "--epochs"))


@pytest.mark.parametrize(
    ("key", "value", "named"),
    [
        ("seed", "1", "seed"),
        ("batch_size", "64", "batch_size"),
        ("optimizer.lr", "0.5", "optimizer"),
        ("layers", "[5]", "layers"),
        ("data.validation", "3", "data"),
    ],
)
def test_a_flag_that_contradicts_the_run_is_refused(tmp_path, key, value, named):
    stop_after(begin(tmp_path, toy_config()), 1)
    told = f"^--flag: a resumed run keeps its settings, and its {named} would change;"
    with pytest.raises(UsageError, match=told):
        take_up(tmp_path, (key, value, "--flag"))


def test_flags_that_repeat_what_the_run_has_are_accepted(tmp_path):
    stop_after(begin(tmp_path, toy_config()), 1)
    same = [("seed", "0", "--seed"), ("optimizer.lr", "1e-3", "--lr"), ("epochs", "3", "--epochs")]
    assert take_up(tmp_path, *same).trainer.config == toy_config()


def test_a_flag_that_is_wrong_is_a_fault_of_the_config(tmp_path):
    stop_after(begin(tmp_path, toy_config()), 1)
    with pytest.raises(ConfigError, match=r"--epochs: epochs must be .* got 'many'"):
        take_up(tmp_path, ("epochs", "many", "--epochs"))


@pytest.mark.parametrize(
    ("schedules", "advice"),
    [
        (["constant", {"name": "step", "every": 1}, "plateau"], "give it more with --epochs$"),
        (WITH_AN_END, r"and the schedule \w+ ends with them; start a new run$"),
    ],
)
def test_a_complete_run_is_refused_with_what_can_be_done(tmp_path, schedules, advice):
    for number, schedule in enumerate(schedules):
        folder = tmp_path / str(number)
        complete(begin(folder, toy_config(epochs=2, schedule=schedule)))
        with pytest.raises(UsageError, match=rf"complete: all 2 epochs are done[;,] {advice}"):
            take_up(folder)


@pytest.mark.parametrize("overrides", [[], [("epochs", "9", "--epochs")]])
def test_a_run_that_stopped_early_is_complete(tmp_path, overrides):
    still = {"name": "sgd", "learning_rate": 1e-30}
    run = begin(tmp_path, toy_config(epochs=5, optimizer=still, early_stopping={"patience": 1}))
    complete(run)
    assert run.trainer.position.epoch == 2
    with pytest.raises(UsageError, match=r"complete: it stopped early; .* more patience"):
        take_up(tmp_path, *overrides)


def other_data(change):
    dataset = toy_dataset()
    images, labels = dataset.train.images.copy(), dataset.train.labels.copy()
    match change:
        case "more examples":
            return toy_dataset(train=33)
        case "another pixel":
            images[3, 4] ^= 1
        case "two labels exchanged":
            labels[[0, 1]] = labels[[1, 0]]
        case "other classes":
            dataset = replace(dataset, classes=("a", "b", "c"))
        case "another shape":
            dataset = replace(dataset, shape=(5, 4))
    return replace(dataset, train=Split(images, labels))


@pytest.mark.parametrize(
    "change",
    ["more examples", "another pixel", "two labels exchanged", "other classes", "another shape"],
)
def test_changed_data_are_refused(tmp_path, change):
    stop_after(begin(tmp_path, toy_config()), 1)
    with pytest.raises(CheckpointError, match="trained on other data than"):
        take_up(tmp_path, dataset=other_data(change))
