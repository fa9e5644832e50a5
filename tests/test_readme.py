"""The README says of the config what the program knows of it."""

from pathlib import Path

from mlp_cli.config.reference import BEGIN, END, UPDATE, updated

README = Path(__file__).parent.parent / "README.md"


def test_the_config_reference_is_up_to_date() -> None:
    text = README.read_text("utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    assert text == updated(text), f"the config reference is out of date; run: {UPDATE}"
