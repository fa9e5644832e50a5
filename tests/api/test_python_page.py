"""Every example of docs/python.md runs as it stands, prints what it says, and has right types."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = re.findall(
    r"^```python\n(.*?)^```", (ROOT / "docs" / "python.md").read_text("utf-8"), re.DOTALL | re.M
)


def promised(example: str) -> list[str]:
    """What an example says that it prints: beside a print, or in lines of their own."""
    return re.findall(r"^(?: *print\(.*\)  )?# (.*)$", example, re.M)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_prints_what_it_says(example, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "docs/python.md", "exec"), {"__name__": "example"})
    assert promised(example)
    assert capsys.readouterr().out.splitlines() == promised(example)


def test_the_examples_have_right_types(tmp_path):
    pytest.importorskip("mypy", reason="mypy is not installed: pip install '.[dev]'")
    files = [tmp_path / f"example_{i}.py" for i in range(len(EXAMPLES))]
    for file, example in zip(files, EXAMPLES, strict=True):
        file.write_text(example, "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", *map(str, files)]
    done = subprocess.run(
        command,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
