"""What the whole suite shares: its own cache, real digits, the program as a user runs it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# One thread: the nets here are small, and threads that wait for each other on a busy machine make
# them many times slower. NumPy is not imported yet, and so will see it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A shell starts what runs in its background deaf to Ctrl-C, and nohup to the end of the terminal.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

from mlp_cli.cli.main import run as run_line
from mlp_cli.data.catalogue import MNIST
from mlp_cli.data.directory import missing

# A busy machine is no failure, and each run tries the same examples.
settings.register_profile(
    "mlp", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("mlp")

# Three epochs of 240 digits: enough to see everything happen, over in an instant.
TINY = """\
data: {name: mnist-5k, limit: 300, validation: 60}
layers: [8]
batch_size: 50
epochs: 3
plots: false
"""


@pytest.fixture(scope="session", autouse=True)
def session_cache(tmp_path_factory):
    """Nothing that a test unpacks goes to the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLP_CACHE_DIR", str(tmp_path_factory.mktemp("session-cache")))
        yield


@pytest.fixture(scope="session")
def mnist() -> Path:
    """The data directory that holds the full MNIST."""
    chosen = os.environ.get("MLP_DATA_DIR")
    if not chosen or missing(MNIST, Path(chosen)):
        pytest.skip("needs the full MNIST: MLP_DATA_DIR names no folder with mnist/ in it")
    return Path(chosen)


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """The working directory: empty but for the config ``tiny.yaml``."""
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_text(TINY)
    return tmp_path


@pytest.fixture
def mlp(here, capsys) -> Callable[..., Outcome]:
    """Runs a command line in this process; a warning becomes an error."""

    def run(*arguments: object) -> Outcome:
        capsys.readouterr()
        code = run_line([str(argument) for argument in arguments])
        return Outcome(code, *capsys.readouterr())

    return run


@pytest.fixture
def run_mlp(here) -> Callable[..., Outcome]:
    """Runs a command line in a process of its own, on a screen of this encoding."""

    def run(*arguments: object, encoding: str = "utf-8") -> Outcome:
        command = [sys.executable, "-m", "mlp_cli", *map(str, arguments)]
        environment = {**os.environ, "PYTHONIOENCODING": encoding}
        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            env=environment,
            encoding="utf-8",
            errors="replace",
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def trained(tmp_path_factory) -> Path:
    """The folder of a finished run on the sample, for tests that only read it."""
    folder = tmp_path_factory.mktemp("trained")
    config = folder / "sample.yaml"
    config.write_text(
        "{data: mnist-5k, layers: [32], dropout: 0.2, batch_size: 50, epochs: 2, plots: false}"
    )
    run = folder / "runs" / "sample-001"
    assert run_line(["train", "--config", str(config), "--out", str(run), "--quiet"]) == 0
    return run
