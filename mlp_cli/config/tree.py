"""YAML text to a tree in which every value knows its place, so that an error can name the line.

Scalars follow YAML 1.2: 1e-3 is a number, off and no are words, and a key given twice is a fault.
"""

import re

import yaml

from mlp_cli.config.item import Item, Scalar
from mlp_cli.errors import ConfigError


class _Loader(yaml.SafeLoader):
    """Knows only the scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


STANDARD = "tag:yaml.org,2002:"  # the namespace of YAML's own types

# Halves of characters, which JSON writes as two escapes.
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile("[\ud800-\udfff]")

_NUMBER = r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$"
for tag, pattern, first in (
    ("null", r"(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"(true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"[-+]?\d{1,18}$", list("-+0123456789")),
    ("float", _NUMBER + r"|[-+]?\.inf$|\.nan$", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(STANDARD + tag, re.compile(pattern), first)


def parse(text: str, source: str) -> Item:
    """The tree of a YAML text; arguments as for ``scan``.

    Raises:
        ConfigError: the text is not YAML, or is not made of mappings, lists and plain values.
    """
    item, problems = scan(text, source)
    if problems:
        raise ConfigError(problems)
    return item


def scan(text: str, source: str) -> tuple[Item, list[str]]:
    """The tree of a YAML text, and a line for each thing in it that no config may contain.

    Args:
        text: the YAML.
        source: its name in errors; lines count from 1.

    Raises:
        ConfigError: the text is not YAML.
    """
    try:
        node = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigError([f"{source}{line}: this is not YAML: {error.problem}"]) from error
    except yaml.YAMLError as error:
        raise ConfigError([f"{source}: this is not YAML: {error}".splitlines()[0]]) from error
    except (ValueError, OverflowError) as error:  # PyYAML's own, of a \U or %YAML out of bounds
        raise ConfigError([f"{source}: this is not YAML: {error}"]) from error
    except RecursionError as error:
        raise ConfigError([f"{source}: this is nested too deeply for a config"]) from error
    if node is None:
        return Item({}, source), []
    walk = _Walk(source)
    return walk.item(node), walk.problems


class _Walk:
    """Turns YAML nodes into items and collects what a config may not contain."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[str] = []
        self._seen: set[int] = set()

    def item(self, node: yaml.Node) -> Item:
        place = self._place(node)
        if id(node) in self._seen:
            self.problems.append(f"{place}: anchors and aliases do not work; write the value out")
            return Item(None, place)
        self._seen.add(id(node))
        match node.tag.removeprefix(STANDARD), node:
            case "seq", yaml.SequenceNode():
                return Item([self.item(child) for child in node.value], place)
            case "map", yaml.MappingNode():
                return Item(self._mapping(node), place)
            case "str", yaml.ScalarNode():
                text = _PAIR.sub(_joined, node.value)
                if _HALF.search(text):
                    self.problems.append(
                        f"{place}: half of a character (\\ud800 to \\udfff) is no text"
                    )
                    return Item(None, place)
                return Item(text, place)
            case ("null" | "bool" | "int" | "float") as tag, yaml.ScalarNode():
                return Item(_scalar(tag, node.value), place)
            case tag, _:
                self.problems.append(f"{place}: the tag {tag} has no place in a config")
                return Item(None, place)

    def _place(self, node: yaml.Node) -> str:
        return f"{self.source}:{node.start_mark.line + 1}"

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Item]:
        items: dict[str, Item] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.problems.append(f"{self._place(key)}: a key must be a word")
            elif key.value in items:
                self.problems.append(f"{self._place(key)}: {key.value} is given twice; keep one")
            else:
                items[key.value] = Item(self.item(child).value, self._place(key))
        return items


def _joined(halves: re.Match[str]) -> str:
    """The character that a pair of halves stands for."""
    return halves[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _scalar(tag: str, text: str) -> Scalar:
    match tag:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text)
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))
