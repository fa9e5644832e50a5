"""What can go wrong for a user: each error is one clear line and an exit code."""

import os
import shlex
from collections.abc import Iterable, Sequence


def visible(text: object) -> str:
    """Text or a path on one line: what would break it or steer a terminal as in ``\\n``."""
    escaped = [c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text)]
    return "".join(escaped)


def command_line(words: Iterable[str]) -> str:
    """A command line for bash or zsh, on one line: what would steer a terminal as ``$'\\x1b'``."""

    def byte_by_byte(c: str) -> str:
        return "'$'" + "".join(f"\\x{byte:02x}" for byte in os.fsencode(c)) + "''"

    return "".join(c if c.isprintable() else byte_by_byte(c) for c in shlex.join(words))


def reason(error: Exception) -> str:
    """What an error says; of a lack of memory Python often says nothing."""
    return str(error) or "memory is short"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The question after the nearest of the known words, and a space; empty if none is near."""
    import difflib  # which most commands never need

    near = difflib.get_close_matches(word, list(known), n=1)
    return f"did you mean {near[0]}? " if near else ""


class MlpError(Exception):
    """Something failed that the user can act on; exit code 1 unless a subclass says otherwise.

    It is told in lines, mostly one, and no name in them can break or forge one.
    """

    exit_code = 1

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)

    def __str__(self) -> str:
        return "\n".join(map(visible, self.args))

    @property
    def told(self) -> str:
        """The error as the user is told it."""
        return f"Error: {self}"


class UsageError(MlpError):
    """What the user typed is wrong: the command line or a config."""

    exit_code = 2


class ConfigError(UsageError):
    """A config breaks its schema; ``problems`` has one line for each fault."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(*problems)
        self.problems = tuple(problems)

    @property
    def told(self) -> str:
        """The problems begin with their places, as compilers' do."""
        return str(self)


class DataError(MlpError):
    """A data set is missing, damaged or not what it says it is."""


class DownloadError(DataError):
    """No mirror gave the file whole and with the right checksum."""


class ImageError(MlpError):
    """A picture cannot be read."""


class CheckpointError(MlpError):
    """A checkpoint is missing, damaged or not ours."""


class RunError(MlpError):
    """A run folder cannot be made, written or resumed."""


class ClusterError(MlpError):
    """The workers of a sweep are not there, are lost, or lack what they need."""


class DivergedError(MlpError):
    """The loss is no longer a finite number."""
