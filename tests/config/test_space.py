"""A space is read, tried on its config, and told of with a line for each mistake."""

import json

import pytest

from mlp_cli.config import from_plain, to_plain
from mlp_cli.config.space import Choice, Range
from mlp_cli.config.spacecheck import load_space, with_values
from mlp_cli.errors import ConfigError

SPACE = """\
optimizer.lr: {low: 1e-4, high: 1e-2, log: true}
layers: {choices: [[128], [256, 128]]}
dropout: {low: 0, high: 0.5, step: 0.1}
batch_size: {low: 16, high: 64, step: 16}
optimizer: {choices: [sgd, {name: adam, beta1: 0.8}]}
data.deskew: {choices: [true, false]}
"""


def load(text, **keys):
    plain = to_plain(from_plain({"data": "mnist-5k", **keys}, "my.yaml"))
    return load_space(text, "space.yaml", plain, "my.yaml")


def faults(text, **keys):
    with pytest.raises(ConfigError) as caught:
        load(text, **keys)
    return list(caught.value.problems)


def test_ranges_and_choices_are_what_was_said():
    rate, layers, dropout, batch, optimizer, deskew = load(SPACE)
    assert rate == Range("optimizer.learning_rate", 1e-4, 1e-2, None, True, "space.yaml:1")
    assert layers.points == ("[128]", "[256, 128]")
    assert [dropout.point(i) for i in range(dropout.count)] == [
        "0.0",
        "0.1",
        "0.2",
        "0.3",
        "0.4",
        "0.5",
    ]
    assert [batch.point(i) for i in range(batch.count)] == ["16", "32", "48", "64"]
    assert rate.count is None
    assert isinstance(optimizer, Choice)
    assert [json.loads(point) for point in deskew.points] == [True, False]


def test_whole_numbers_where_all_that_is_said_is_whole():
    (whole,) = load("batch_size: {low: 1, high: 9}")
    assert (whole.whole, whole.count, whole.text(3)) == (True, 9, "3")
    for bounds in ("{low: 0, high: 0.5}", "{low: 0.0, high: 1}", "{low: 0, high: 1, step: 0.25}"):
        (real,) = load(f"input_noise: {bounds}")
        assert not real.whole


def test_a_section_is_set_before_the_keys_in_it():
    plain = to_plain(from_plain({"data": "mnist-5k"}, "my.yaml"))
    said = [("optimizer.learning_rate", "0.5", ""), ("optimizer", '"sgd"', "")]
    config = with_values(plain, "my.yaml", said)
    assert (config.optimizer.name, config.optimizer.learning_rate) == ("sgd", 0.5)


def test_all_mistakes_are_told_at_once_each_with_its_line():
    told = faults(
        "optimizer.lr: {low: -1, high: 1}\n"
        "optimizer.learning_rate: {low: 0.1, high: 1}\n"
        "optimzer.lr: {low: 0.1, high: 1}\n"
        "layers: {choices:\n  [[8],\n   [0]]}\n"
        "epochs: {low: 1, high: 10.0}\n"
        "loss: 3\n"
    )
    assert sorted(told) == [
        "space.yaml:1: optimizer.learning_rate must be a number > 0, got -1",
        "space.yaml:2: optimizer.learning_rate is optimizer.learning_rate again; keep one",
        "space.yaml:3: optimzer is no key; did you mean optimizer?",
        "space.yaml:6: layers must be a list in brackets, each a whole number >= 1 and "
        "<= 1,000,000, got [0]",
        "space.yaml:7: epochs must be a whole number >= 1, got 1.0",
        "space.yaml:7: epochs must be a whole number >= 1, got 10.0",
        "space.yaml:8: loss must be {low: …, high: …} or {choices: […]}, got 3",
    ]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("norm: {lo: 1, high: 2}", "norm has no lo; did you mean low?"),
        ("epochs: {low: 1}", "must be {low: …, high: …} or {choices: […]}"),
        ("epochs: {low: 1, high: 2, choices: [3]}", "has choices and a range; keep one"),
        ("epochs: {choices: []}", "choices must be a list in brackets, got []"),
        ("epochs: {choices: [2, 3, 2]}", "has the choice 2 twice; keep one"),
        ("epochs: {low: a, high: 2}", 'low must be a number, got "a"'),
        ("epochs: {low: true, high: 2}", "low must be a number, got true"),
        ("dropout: {low: 0, high: .inf}", "high must be a number, got Infinity"),
        ("epochs: {low: 2, high: 2}", "low must be below high, got 2 and 2"),
        ("dropout: {low: 0, high: 0.5, log: true}", "low must be > 0 where log is true, got 0"),
        ("epochs: {low: 1, high: 9, log: 1}", "log must be true or false, got 1"),
        ("epochs: {low: 1, high: 9, log: true, step: 2}", "has log and step; keep one"),
        ("epochs: {low: 1, high: 9, step: 0}", "step must be > 0, got 0"),
        ("dropout: {low: 0, high: 0.5, step: 1e-300}", "has more than 1,000,000,000 steps"),
        ("dropout: {low: 0, high: 0.5, step: 0.2}", "got 0.5; the last one is at 0.4"),
        ("seed: {low: 0, high: 9}", "seed cannot be searched: it decides which examples"),
        ("minutes: {low: 1, high: 9}", "minutes cannot be searched"),
        ("data.validation: {low: 0.1, high: 0.2}", "data.validation cannot be searched"),
        ("lr: {low: 0.1, high: 0.2}", "did you mean optimizer.learning_rate?"),
        ("layers.0: {low: 1, high: 2}", "layers.0 is inside a list; set the whole list"),
        ("epochs: &a {low: 1, high: 2}\nloss: *a", "anchors and aliases do not work"),
    ],
)
def test_a_mistake_is_told_with_its_rule(key, said):
    told = faults(key)
    assert all(fault.startswith("space.yaml:") for fault in told)
    assert any(said in fault for fault in told)


@pytest.mark.parametrize("text", ["", "[]", "{}", "epochs", "3"])
def test_what_is_no_mapping_is_told_with_an_example(text):
    (told,) = faults(text)
    assert told.startswith("space.yaml: a space must be a mapping")


def test_what_clashes_with_the_config_is_told_with_its_value():
    (told,) = faults("layers: {choices: [[8], [9, 8]]}", dropout=[0.1])
    assert told == (
        "my.yaml: dropout lists 1 layers, but layers has 2; with layers: [9, 8] (space.yaml:1)"
    )


def test_what_clashes_two_by_two_is_told_too():
    (told,) = faults("batch_size: {low: 1, high: 9}\nnorm: {choices: [null, batch]}")
    assert told.startswith("space.yaml:2: norm batch needs batch_size to be above 1")
    (told,) = faults(
        "output: {choices: [softmax, identity]}\nloss: {choices: [mse, cross_entropy]}"
    )
    assert told.startswith("space.yaml:2: loss cross_entropy makes no sense on identity outputs")
