"""Each kind of fault has a line that names the place, the key, the rule, the value, a remedy."""

import pytest

from mlp_cli.config.load import read
from mlp_cli.config.tree import parse
from mlp_cli.errors import ConfigError

KEYS = (
    "data, augment, layers, activation, dropout, input_dropout, norm, noise, input_noise, init, "
    "output, loss, optimizer, schedule, batch_size, epochs, minutes, early_stopping, "
    "seed, plots"
)


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read(parse(text, "a.yaml"))
    return caught.value.problems


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("epochs: 0", "epochs must be a whole number >= 1, got 0"),
        ("epochs: 1.5", "epochs must be a whole number >= 1, got 1.5"),
        ("epochs: true", "epochs must be a whole number >= 1, got true"),
        ("epochs:", "epochs must be a whole number >= 1, got null"),
        ("epochs: '3'", "epochs must be a whole number >= 1, got '3'"),
        ("seed: -1", "seed must be a whole number >= 0, got -1"),
        ("batch_size: some", "batch_size must be a whole number >= 1 or all, got 'some'"),
        ("plots: off", "plots must be true or false, got 'off'"),
        (
            "layers: 128",
            "layers must be a list in brackets, each a whole number >= 1 and <= 1,000,000, got 128",
        ),
        (
            "hidden: [0]",
            "layers must be a list in brackets, each a whole number >= 1 and <= 1,000,000, got [0]",
        ),
        ("input_dropout: 1", "input_dropout must be a number >= 0 and < 1, got 1"),
        ("input_dropout: .nan", "input_dropout must be a number >= 0 and < 1, got nan"),
        ("dropout: [0.5, 1]", "dropout[1] must be a number >= 0 and < 1, got 1"),
        ("optimizer: {lr: 0}", "optimizer.learning_rate must be a number > 0, got 0"),
        ("optimizer: {lr: .inf}", "optimizer.learning_rate must be a number > 0, got inf"),
        (
            "optimizer: {clip_norm: 0}",
            "optimizer.clip_norm must be a number > 0 or null, got 0",
        ),
        (
            "activation: [relu, {name: elu, alpha: 0}]",
            "activation[1].alpha must be a number > 0, got 0",
        ),
        ("early_stopping: 3", "early_stopping must be a mapping of keys to values, got 3"),
        (
            "early_stopping: {patience: 0}",
            "early_stopping.patience must be a whole number >= 1, got 0",
        ),
        ("epoch: 3", "epoch is no key; did you mean epochs?"),
        ("optimizer: {lrr: 0.1}", "optimizer.lrr is no key; did you mean lr?"),
        ("lr: 0.1", "lr is no key here; did you mean optimizer.lr?"),
        (
            "learning_rate: 0.1",
            "learning_rate is no key here; did you mean optimizer.learning_rate?",
        ),
        ("validation: 5", "validation is no key here; did you mean data.validation?"),
        (
            "label_smoothing: 0.1",
            "label_smoothing is no key here; did you mean loss.label_smoothing?",
        ),
        ("rate: 3", f"rate is no key; known: {KEYS}"),
        (
            "optimizer: {name: adam, lerning_rate: 1}",
            "optimizer.lerning_rate is no key; did you mean learning_rate?",
        ),
        ("activation: {name: tanh, slope: 1}", "activation.slope is no key; known: none"),
        ("optimizer: {learning_rate: 1, lr: 2}", "optimizer.lr is learning_rate again; keep one"),
        ("optimizer: adm", "optimizer must name a known optimizer, got 'adm'; did you mean adam?"),
        ("loss: squard", "loss must name a known loss, got 'squard'; did you mean squared?"),
        (
            "output: relu",
            "output must name a known activation, got 'relu'; known: softmax, sigmoid, identity",
        ),
        (
            "init: {limit: 3}",
            "init must name a known init, got null; "
            "known: uniform, he, glorot, lecun, orthogonal, zeros",
        ),
        (
            "schedule: [step]",
            "schedule must name a known schedule, got ['step']; did you mean step?",
        ),
        (
            "loss: {name: {a: 1}}",
            "loss must name a known loss, got {'a': 1}; "
            "known: cross_entropy, binary_cross_entropy, mse, sse, mae, hinge",
        ),
    ],
)
def test_a_fault(line: str, problem: str) -> None:
    assert problems(f"data: mnist\n{line}\n") == (f"a.yaml:2: {problem}",)


@pytest.mark.parametrize("text", ["[1]", "5", "word"])
def test_a_config_is_a_mapping(text: str) -> None:
    (line,) = problems(text)
    assert line.startswith("a.yaml:1: a config must be a mapping of keys to values, got ")


def test_data_must_be_given() -> None:
    assert problems("") == ("a.yaml: data is missing",)
    assert problems("epochs: 3") == ("a.yaml:1: data is missing",)
    assert problems("data: {limit: 5}") == ("a.yaml:1: data.name is missing",)


def test_a_long_value_is_cut() -> None:
    (line,) = problems(f"{{data: mnist, epochs: {'x' * 500}}}")
    assert len(line) < 120
    assert line.endswith("xxx...")


def test_a_key_under_both_of_its_names() -> None:
    text = "data: mnist\nlayers: [5]\nhidden: [6]\n"
    assert problems(text) == ("a.yaml:3: hidden is layers again; keep one",)


def test_all_faults_of_a_file_in_its_order() -> None:
    text = """\
seed: -1
data:
  nam: mnist
optimzer:
  name: adam
layers:
  - 8
  - 0
loss:
  name: cross_entropy
  label_smoothing: 2
"""
    assert problems(text) == (
        "a.yaml:1: seed must be a whole number >= 0, got -1",
        "a.yaml:3: data.nam is no key; did you mean name?",
        "a.yaml:2: data.name is missing",
        "a.yaml:4: optimzer is no key; did you mean optimizer?",
        "a.yaml:6: layers must be a list in brackets, each a whole number >= 1 and <= 1,000,000, "
        "got [8, 0]",
        "a.yaml:11: loss.label_smoothing must be a number >= 0 and < 1, got 2",
    )
