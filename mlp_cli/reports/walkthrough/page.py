"""A page of the walkthrough: a title, what is seen, and the lines of code that did it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mlp_cli

ROOT = Path(mlp_cli.__file__).parent.parent


@dataclass(frozen=True)
class Page:
    """One step."""

    title: str
    text: str
    code: tuple[Callable[..., Any], ...]  # what was run, most telling first

    def __str__(self) -> str:
        places = "\n".join(f"  {place(each)}" for each in dict.fromkeys(self.code))
        return f"── {self.title} {'─' * max(3, 76 - len(self.title))}\n\n{self.text}\n\n{places}"


def place(code: Callable[..., Any]) -> str:
    """Where a class or function is written: ``mlp_cli/nn/network.py:137  Network.forward``."""
    file = Path(inspect.getsourcefile(code) or "").relative_to(ROOT)
    line = inspect.getsourcelines(code)[1]
    return f"{file.as_posix()}:{line}  {code.__qualname__}"
