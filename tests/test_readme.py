"""The README and its pages say of the config and the results what the program knows of them."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from mlp_cli.config import load, to_plain
from mlp_cli.config.spacecheck import load_space
from mlp_cli.errors import ConfigError

README = Path(__file__).parent.parent / "README.md"


def test_the_table_of_results_is_what_the_kept_summaries_say() -> None:
    text, script = README.read_text("utf-8"), README.parent / "results" / "table.py"
    assert "| `minute` |" in text
    assert text == runpy.run_path(str(script))["updated"](text), "run: python results/table.py"


def test_the_example_config_is_valid(tmp_path: Path) -> None:
    example, space = re.findall(r"```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    path = tmp_path / "example.yaml"
    path.write_text(example, "utf-8")
    config = load(str(path))
    assert config.layers == (128, 64)
    assert config.schedule.name == "cosine"
    quickstart = to_plain(load("quickstart"))
    assert len(load_space(space, "space.yaml", quickstart, "quickstart")) == 4


def test_the_example_of_a_mistake_is_what_the_program_says(tmp_path: Path) -> None:
    wrong = "data: mnist\nlayers: [128, 64]\nactivation: leaky_rellu\n"
    wrong += "optimizer: {name: adam, lr: -0.1}\ndropout: [0.2, 1.5]\n"
    path = tmp_path / "mine.yaml"
    path.write_text(wrong, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(str(path))
    told = [problem.replace(str(path), "mine.yaml") for problem in caught.value.problems]
    assert "\n".join(told) in README.read_text("utf-8")


def test_the_example_of_a_graph_prints_what_it_says(mlp, here) -> None:
    pytest.importorskip("onnx", reason="ONNX is not installed: pip install '.[onnx]'")
    pytest.importorskip("onnxruntime", reason="needs onnxruntime")
    example, _ = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    (here / "data").symlink_to(README.parent / "data")
    assert mlp("export", "shipped", "--out", "digits.onnx").code == 0
    command = [sys.executable, "-c", example]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert f"# {done.stdout.strip()}, all right" in example


def test_the_example_from_python_reads_digits(here, capsys) -> None:
    _, example = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    exec(example, {})
    assert capsys.readouterr().out == "[5 4 6 8 0 1 2 1 3 2] 0.997\n"
