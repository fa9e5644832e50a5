"""Every value keeps its place, YAML's traps are shut, and what is no config's says so."""

import json

import pytest

from mlp_cli.config.item import Item
from mlp_cli.config.tree import parse
from mlp_cli.errors import ConfigError


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse(text, "a.yaml")
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 1e-3),
        ("1E3", 1000.0),
        ("+1.5e+2", 150.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-3", -3),
        ("010", 10),
        (".inf", float("inf")),
        ("-.inf", float("-inf")),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("off", "off"),
        ("no", "no"),
        ("y", "y"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("0x10", "0x10"),
        ("2001-01-01", "2001-01-01"),
        ("'1e-3'", "1e-3"),
        ('"true"', "true"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    got = parse(f"a: {text}", "a.yaml").plain["a"]
    assert got == value
    assert type(got) is type(value)


def test_every_value_knows_its_line() -> None:
    tree = parse("a: 1\n\nb:\n  c: [x,\n    y]\n  d:\n    - z\n", "a.yaml").value
    assert tree["a"] == Item(1, "a.yaml:1")
    assert tree["b"].place == "a.yaml:3"  # a key's line, though its value starts below
    c, d = tree["b"].value.values()
    assert [item.place for item in c.value] == ["a.yaml:4", "a.yaml:5"]
    assert d.place == "a.yaml:6"
    assert d.value == [Item("z", "a.yaml:7")]


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff"])
def test_an_empty_file_has_no_keys(text: str) -> None:
    assert parse(text, "a.yaml") == Item({}, "a.yaml")


def test_plain_values_come_back() -> None:
    plain = {"a": [1, 0.5, None], "b": {"c": True}}
    assert Item.of(plain, "here").plain == plain


def test_a_value_that_no_yaml_has() -> None:
    with pytest.raises(TypeError, match=r"^here: no config has a value like <object"):
        Item.of({"a": object()}, "here")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\na: 2", "a.yaml:2: a is given twice; keep one"),
        ("b: {a: 1, a: 1}", "a.yaml:1: a is given twice; keep one"),
        ("? [a]\n: 1", "a.yaml:1: a key must be a word"),
        (
            "a: !!python/object:os.system x",
            "a.yaml:1: the tag python/object:os.system has no place",
        ),
        ("\na: !own x", "a.yaml:2: the tag !own has no place in a config"),
        ("a: &x 1\nb: *x", "anchors and aliases do not work; write the value out"),
        ("a: &x [*x]", "anchors and aliases do not work; write the value out"),
        ("a: [1", "a.yaml:1: this is not YAML: "),
        ("a: 1\n\tb: 2", "a.yaml:2: this is not YAML: "),
        ("a: 1\n---\nb: 2", "a.yaml:2: this is not YAML: but found another document"),
        ('a: ["\\ud800"]', "a.yaml:1: half of a character (\\ud800 to \\udfff) is no text"),
        ('a: "\\udc00\\ud800"', "a.yaml:1: half of a character (\\ud800 to \\udfff) is no text"),
        ('a: "\\U00110000"', "a.yaml: this is not YAML: chr() arg not in range"),
        ('a: "\\UFFFFFFFF"', "a.yaml: this is not YAML: "),
        (f"%YAML 1.{'9' * 5000}\n---\na: 1", "a.yaml: this is not YAML: "),
        ("a: *x", "a.yaml:1: this is not YAML: found undefined alias 'x'"),
        ("a: \x00", "a.yaml: this is not YAML: unacceptable character #x0000"),
    ],
)
def test_what_is_no_config(text: str, problem: str) -> None:
    (line,) = problems(text)
    assert problem in line


@pytest.mark.parametrize("text", ["\U0001f600", "a\U0010ffffb\U00010000", "é\0\x7f"])
def test_text_of_json_is_read_as_json_means_it(text: str) -> None:
    assert parse(json.dumps({"a": text}), "a.yaml").plain == {"a": text}


def test_all_faults_are_told_at_once() -> None:
    assert problems("a: 1\na: 2\nb: !own x\n") == (
        "a.yaml:2: a is given twice; keep one",
        "a.yaml:3: the tag !own has no place in a config",
    )


def test_merge_keys_are_words_like_any_other() -> None:
    assert parse("<<: {a: 1}", "a.yaml").plain == {"<<": {"a": 1}}


@pytest.mark.parametrize("pair", [("[", "]"), ("{a: ", "}")])
def test_a_bottomless_nest(pair: tuple[str, str]) -> None:
    opening, closing = pair
    (line,) = problems(opening * 5000 + closing * 5000)
    assert line == "a.yaml: this is nested too deeply for a config"
