"""What a training is about to do is told in numbers that are true."""

from pathlib import Path

import pytest
from toys import toy_config, toy_dataset

from mlp_cli.reports.plan import banner, layer_table, network_line, plan, plan_text
from mlp_cli.training.loop import Trainer


def trainer(**keys):
    return Trainer(toy_config(**keys), toy_dataset())


def told(planned, folder=None):
    return plan_text(planned, plan(planned, "", folder))


def test_the_banner_counts_examples_layers_and_steps():
    shown = trainer(
        layers=[5, 4], batch_size=10, optimizer={"name": "momentum", "lr": 0.02}, seed=7
    )
    data, network, training, steps, matrices = banner(shown, "OpenBLAS 9").splitlines()
    assert data == "data         mnist-5k: 24 to train, 6 to validate, 12 to test"
    # 20·5 + 5 + 5·4 + 4 + 4·3 + 3
    assert network == "network      20 → 5 relu → 4 relu → 3 softmax, 144 parameters"
    assert training == (
        "training     momentum (learning_rate 0.02), schedule constant, loss cross_entropy"
    )
    assert steps == "steps        3 an epoch, batches of 10, 3 epochs, seed 7"
    assert matrices == "matrices     OpenBLAS 9"


def test_the_banner_says_how_images_are_changed():
    lines = banner(trainer(augment={"name": "digits", "rotate": 8}), "").splitlines()
    assert lines[1] == "augment      digits (rotate 8)"
    assert "augment" not in banner(trainer(), "")


@pytest.mark.parametrize("batch_size", ["all", 24, 1000])
def test_all_examples_at_once_are_the_whole_set(batch_size):
    assert "1 an epoch, batches of the whole set" in banner(trainer(batch_size=batch_size), "")


def test_a_learned_slope_is_a_parameter():
    assert network_line(trainer(activation="prelu").network).endswith(
        f"4 prelu → 3 softmax, {20 * 4 + 4 + 4 * 3 + 3 + 4} parameters"
    )


def test_the_table_has_a_line_for_each_layer():
    network = trainer(layers=[5, 4], dropout=[0.2, 0.5], input_dropout=0.1).network
    _, *rows = (line.split() for line in layer_table(network).splitlines())
    assert rows == [
        ["1", "5", "relu", "20", "×", "5", "5", "0.1"],
        ["2", "4", "relu", "5", "×", "4", "4", "0.2"],
        ["3", "3", "softmax", "4", "×", "3", "3", "0.5"],
    ]


def test_the_plan_counts_all_steps_and_the_memory():
    text = told(trainer(layers=[50_000], batch_size=10, optimizer="adam"), Path("mine"))
    assert "9 steps in all" in text
    n = 20 * 50_000 + 50_000 + 50_000 * 3 + 3
    assert f"{4 * 4 * n / 1e6:.1f} MB for parameters, slopes and the optimizer's memory" in text
    assert "The run would be kept in mine." in text
    assert "kept in a new folder in ./runs." in told(trainer())


def test_the_memory_of_a_batch_is_enough_to_judge_a_thousand_examples_at_once():
    def memory(batch_size, train, test):
        config = toy_config(layers=[5_000], batch_size=batch_size)
        text = told(Trainer(config, toy_dataset(train, test)))
        (line,) = [line for line in text.splitlines() if "for the activations" in line]
        return float(line.split()[0])

    learned = memory(1_000, train=1_900, test=12)
    assert learned >= 2 * 1_000 * 5_000 * 4 / 1e6  # the layer's activations and their slopes
    assert memory(10, train=1_900, test=12) == learned
    assert memory(10, train=30, test=1_500) == learned
    assert memory(10, train=30, test=12) < learned / 10
    assert memory(1_500, train=1_900, test=12) > learned
