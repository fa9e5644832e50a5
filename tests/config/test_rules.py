"""What one key demands of another, told where the config breaks it."""

import pytest
from hypothesis import given

import configs
from mlp_cli.config import Config
from mlp_cli.config.load import read
from mlp_cli.config.rules import broken
from mlp_cli.config.tree import parse
from mlp_cli.errors import ConfigError
from mlp_cli.nn import LOSSES


@given(configs.configs())
def test_nothing_is_broken_where_all_rules_hold(config: Config) -> None:
    assert list(broken(config)) == []


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (
            "data: {name: mnist,\n validation: 1.5}",
            "a.yaml:2: data.validation as a share must be < 1, got 1.5",
        ),
        ("data: fashion", "a.yaml:1: no data set is called 'fashion': did you mean fashion-mnist?"),
        (
            "data: mnist-5k\naugment: clothes",
            "a.yaml:2: augment clothes mirrors images, and a mirrored one of mnist-5k is another; "
            "use digits",
        ),
        (
            "data: {name: fashion-mnist,\n upstrokes: 0.5}",
            "a.yaml:2: fashion-mnist has no class 1 to draw upstrokes on; leave it out",
        ),
        (
            "data: {name: kmnist,\n nondigits: 0.5}",
            "a.yaml:2: kmnist has not the classes 0 to 9, and what is no digit may be one of its "
            "own; leave it out",
        ),
        (
            "loss: hinge\ndata: {name: mnist,\n nondigits: 0.5}",
            "a.yaml:3: loss hinge learns nothing of drawings that are no digits; leave "
            "data.nondigits out, or set another loss",
        ),
        (
            "data: mnist\nlayers: [8]\nactivation: [relu, tanh]",
            "a.yaml:3: activation lists 2 layers, but layers has 1",
        ),
        (
            "data: mnist\nhidden: []\ndropout: [0.5]",
            "a.yaml:3: dropout lists 1 layers, but layers has 0",
        ),
        (
            "data: mnist\nlayers: [8, 8]\nnoise: [0.1]",
            "a.yaml:3: noise lists 1 layers, but layers has 2",
        ),
        (
            "data: mnist\nbatch_size: 1\nnorm: batch",
            "a.yaml:3: norm batch needs batch_size to be above 1: one example has no variance",
        ),
        (
            "data: mnist\noutput: identity\nloss: cross_entropy",
            "a.yaml:3: loss cross_entropy makes no sense on identity outputs; "
            "set output to softmax or sigmoid, or another loss",
        ),
        (
            "data: {name: mnist, validation: 0}\nearly_stopping: {}",
            "a.yaml:2: early_stopping needs data.validation to be above 0",
        ),
        (
            "data: {name: mnist, validation: 0.0}\nschedule: reduce_on_plateau",
            "a.yaml:2: schedule plateau needs data.validation to be above 0",
        ),
    ],
)
def test_a_broken_rule(lines: str, problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(parse(lines, "a.yaml"))
    (line,) = caught.value.problems
    assert line.startswith(problem)


@pytest.mark.parametrize("output", ["softmax", "sigmoid", "identity"])
@pytest.mark.parametrize("loss", list(LOSSES))
def test_a_loss_names_the_outputs_it_makes_sense_on(loss: str, output: str) -> None:
    tree = parse(f"{{data: mnist, loss: {loss}, output: {output}}}", "a.yaml")
    if output in LOSSES[loss].outputs:
        assert read(tree).loss.name == loss
    else:
        with pytest.raises(ConfigError, match=f"loss {loss} makes no sense on {output} outputs"):
            read(tree)


@pytest.mark.parametrize(("norm", "batch_size"), [("batch", 2), ("batch", "all")])
def test_a_norm_that_has_what_it_needs_is_allowed(norm: str, batch_size: object) -> None:
    config = read(parse(f"{{data: mnist, norm: {norm}, batch_size: {batch_size}}}", "a.yaml"))
    assert (config.norm.name, config.batch_size) == (norm, batch_size)


def test_all_broken_rules_are_told() -> None:
    with pytest.raises(ConfigError) as caught:
        read(parse("{data: nist, dropout: [0, 0], loss: bce}", "a.yaml"))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("data", ["mnits", "{name: mnits}", "{limit: 9, name: mnits}"])
def test_an_unknown_data_set_is_told_beside_the_faults_of_keys(data: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(parse(f"epochs: 0\ndata: {data}\n", "a.yaml"))
    key, name = caught.value.problems
    assert key == "a.yaml:1: epochs must be a whole number >= 1, got 0"
    assert name.startswith("a.yaml:2: no data set is called 'mnits': did you mean mnist? known are")


@pytest.mark.parametrize("data", ["[mnist]", "3", "{name: [3]}", "./digits", "kmnist"])
def test_other_faults_of_data_are_told_once(data: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(parse(f"data: {data}\nepochs: 0", "a.yaml"))
    assert not [line for line in caught.value.problems if "no data set is called" in line]
