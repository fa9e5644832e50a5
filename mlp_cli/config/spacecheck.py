"""A space is tried on its config before anything is trained: no value of it may break a rule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from mlp_cli.config.load import Override, from_plain
from mlp_cli.config.schema import Config
from mlp_cli.config.space import Space
from mlp_cli.config.spacereader import read_space
from mlp_cli.errors import ConfigError


def load_space(text: str, name: str, plain: Mapping[str, Any], source: str) -> Space:
    """A space whose ranges' extremes and whose choices make valid configs, each and two by two.

    Args:
        text: its YAML.
        name: its own in errors.
        plain: the config, as ``to_plain`` gives it.
        source: its name in errors.

    Raises:
        ConfigError: with a line for each fault.
    """
    space, problems = read_space(text, name)
    first = {dimension.key: dimension.tried[0] for dimension in space}
    others = {dimension.key: dimension.tried[1:] for dimension in space}
    always = _faults(first.values(), plain, source)

    def found(rounds: Iterable[Sequence[Override]]) -> Iterator[str]:
        for changed in rounds:
            values = first | {value[0]: value for value in changed}
            for fault in _faults(values.values(), plain, source):
                if fault not in always:
                    yield _placed(fault, changed, values.values())

    faults = problems + [_placed(fault, [*first.values()], first.values()) for fault in always]
    faults += found([value] for values in others.values() for value in values)
    if not faults:
        pairs = combinations(others.values(), 2)
        faults += found(pair for a, b in pairs for pair in product(a, b))
    if faults:
        raise ConfigError(list(dict.fromkeys(faults)))
    return space


def with_values(plain: Mapping[str, Any], source: str, values: Iterable[Override]) -> Config:
    """The config of a trial; a whole section is set before the keys in it.

    Raises:
        ConfigError: with a line for each fault.
    """
    return from_plain(plain, source, sorted(values, key=lambda value: value[0].count(".")))


def _faults(values: Iterable[Override], plain: Mapping[str, Any], source: str) -> tuple[str, ...]:
    try:
        with_values(plain, source, values)
    except ConfigError as error:
        return error.problems
    return ()


def _placed(fault: str, changed: Sequence[Override], values: Iterable[Override]) -> str:
    """A fault; if it stands outside of the space, with the values that brought it about."""
    if any(fault.startswith(f"{place}: ") for _, _, place in values):
        return fault
    told = " and ".join(f"{key}: {text} ({place})" for key, text, place in changed)
    return f"{fault}; with {told}"
