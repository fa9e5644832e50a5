"""Brings up to date what pages tell of the program, from the program: python docs/make_pages.py."""

import re
from collections.abc import Callable
from pathlib import Path

from mlp_cli.cli.reference import commands, exit_codes
from mlp_cli.config.reference import markdown as keys

ROOT = Path(__file__).parent.parent
PAGES: dict[str, tuple[str, Callable[[], str]]] = {
    "docs/config.md": ("config reference", keys),
    "docs/commands.md": ("commands", commands),
    "README.md": ("exit codes", exit_codes),
}


def updated(text: str, name: str, made: str) -> str:
    """A page with what is made between the two markers of this name.

    Raises:
        ValueError: it does not have them.
    """
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    block = f"{begin}\n\n{made}\n\n{end}"
    page, found = re.subn(f"{begin}.*{end}", lambda _: block, text, flags=re.DOTALL)
    if found != 1:
        raise ValueError(f"there is not one part {begin} … {end}")
    return page


def main() -> None:
    """Write the pages anew."""
    for page, (name, make) in PAGES.items():
        path = ROOT / page
        path.write_text(updated(path.read_text("utf-8"), name, make()), "utf-8")


if __name__ == "__main__":
    main()
