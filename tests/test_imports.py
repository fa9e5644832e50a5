"""What is imported when: help is quick, and the network needs NumPy alone."""

import json
import subprocess
import sys

import pytest

HEAVY = {
    "numpy",
    "threadpoolctl",
    "PIL",
    "matplotlib",
    "msgspec",
    "yaml",
    "requests",
    "tqdm",
    "cv2",
    "onnx",
    "safetensors",
    "optuna",
    "sqlalchemy",
    "mpi4py",
    "tensorboard",
}


def imported(code: str) -> set[str]:
    """The top-level names that a fresh Python imports beside those that it starts with."""
    probe = (
        f"import sys, json, os\nbefore = set(sys.modules)\nsys.stdout = open(os.devnull, 'w')\n"
        f"{code}\n"
        "names = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "json.dump(sorted(names - sys.stdlib_module_names), sys.__stdout__)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, check=True, text=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--help"],
        *(
            [command, "--help"]
            for command in ("train", "predict", "explain", "export", "runs", "sweep", "bench")
        ),
    ],
)
def test_help_imports_nothing_heavy(arguments):
    found = imported(f"from mlp_cli.cli.main import run\nassert run({arguments}, os.environ) == 0")
    assert "click" in found
    assert not found & HEAVY


@pytest.mark.parametrize("words", ["mlp train --config q", "mlp eval ", "mlp data show m"])
def test_completion_imports_nothing_heavy(words):
    asking = {"_MLP_COMPLETE": "bash_complete", "COMP_WORDS": words}
    asking["COMP_CWORD"] = str(words.count(" "))
    found = imported(
        f"os.environ.update({asking})\nfrom mlp_cli.cli.main import run\n"
        "try: run([])\nexcept SystemExit as end: assert end.code == 0"
    )
    assert "click" in found
    assert not found & HEAVY


def test_the_network_imports_numpy_alone():
    assert imported("import mlp_cli.nn") == imported("import numpy.random") | {"mlp_cli"}


def test_a_checkpoint_is_read_without_yaml():
    assert "yaml" not in imported("import mlp_cli.training.checkpoint, mlp_cli.reports.answers")


def test_training_draws_nothing_until_its_end():
    found = imported("import mlp_cli.training.run, mlp_cli.reports.figures, mlp_cli.data.images")
    assert not found & {"matplotlib", "PIL", "requests", "click", "tqdm"}


def test_the_package_alone_imports_nothing_until_a_name_is_asked_for():
    assert imported("import mlp_cli\nassert 'fit' in dir(mlp_cli)") == {"mlp_cli"}
    found = imported("import mlp_cli\nmlp_cli.load().predict([[0.0] * 784])")
    assert not found & {"yaml", "PIL", "cv2", "matplotlib", "requests", "click", "tqdm"}


def test_the_package_has_the_names_of_its_api():
    import mlp_cli
    from mlp_cli import api

    assert mlp_cli.__all__ == api.__all__
    for name in mlp_cli.__all__:
        assert getattr(mlp_cli, name) is getattr(api, name)
    with pytest.raises(AttributeError, match="module 'mlp_cli' has no attribute 'nope'"):
        _ = mlp_cli.nope
