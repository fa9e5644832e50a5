"""The matrix library: what is asked of it, what is left to the user, and how it is checked."""

import json
import os
import platform
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from mlp_cli import blas
from mlp_cli.cli.main import run
from mlp_cli.errors import MlpError

ZEN5 = """\
vendor_id\t: AuthenticAMD
flags\t\t: fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl

processor\t: 1
"""
INTEL = ZEN5.replace("AuthenticAMD", "GenuineIntel")
ARM = "processor\t: 0\nFeatures\t: fp asimd sve\nCPU implementer\t: 0x41\n"
LACKING = [ZEN5.replace(f" {flag}", "") for flag in sorted(blas.AVX512)]
TIMEOUT = "OPENBLAS_THREAD_TIMEOUT"
OURS = {*blas.THREADS, blas.SWITCH, blas.CHOSEN, blas.REJECTED, blas.KERNEL, TIMEOUT}
REST = {name: value for name, value in os.environ.items() if name not in OURS}


@pytest.fixture
def system(monkeypatch):
    """A Zen 5 in a container with three processors' time."""
    said = {"/proc/cpuinfo": ZEN5, "/sys/fs/cgroup/cpu.max": "300000 100000\n"}
    monkeypatch.setattr(blas, "_read", said.__getitem__)


def fresh_python(code, **environ):
    """A Python of its own, with none of the variables concerned but these."""
    command = [sys.executable, "-W", "error", "-c", code, "an argument", "--another"]
    return subprocess.run(command, capture_output=True, check=True, text=True, env=REST | environ)


@pytest.mark.parametrize("cpuinfo", [INTEL, INTEL + ZEN5, ARM, "", *LACKING])
def test_only_an_amd_processor_with_all_of_avx512_gets_another_kernel(cpuinfo):
    assert blas.kernel_for(cpuinfo) is None
    assert blas.kernel_for(ZEN5) == "SkylakeX"


@pytest.mark.parametrize(
    ("cpu_max", "threads"),
    [("200000 100000\n", 2), ("250000 100000\n", 2), ("50000 100000\n", 1), ("max 100000\n", None)],
)
def test_a_quota_limits_the_threads(cpu_max, threads):
    assert blas.threads_for(cpu_max) == threads


@pytest.mark.parametrize(
    ("quota", "ranks", "threads"),
    [("max", 2, 4), ("max", 3, 2), ("max", 9, 1), ("300000", 2, 1), ("600000", 2, 3)],
)
def test_ranks_on_one_machine_share_its_cores(monkeypatch, quota, ranks, threads):
    monkeypatch.setattr(
        blas, "_read", lambda path: f"{quota} 100000\n" if "cpu.max" in path else ""
    )
    monkeypatch.setattr(blas, "_cores", lambda: 8)
    environ = {"PMI_RANK": "0", "PMI_SIZE": "99", "MPI_LOCALNRANKS": str(ranks)}
    blas.prepare(environ)
    assert environ["OPENBLAS_NUM_THREADS"] == str(threads)
    environ = {"PMI_RANK": "0", "PMI_SIZE": "2", "OMP_NUM_THREADS": "7"}
    blas.prepare(environ)
    assert "OPENBLAS_NUM_THREADS" not in environ


@pytest.mark.parametrize("switch", [{}, {"MLP_BLAS": ""}, {"MLP_BLAS": "auto"}])
def test_prepare_asks_for_all_that_helps_and_again_for_no_more(system, switch):
    environ = dict(switch)
    for _ in range(2):
        blas.prepare(environ)
        assert environ == switch | {
            TIMEOUT: "18",
            "OPENBLAS_CORETYPE": "SkylakeX",
            "MLP_BLAS_CHOSEN": "SkylakeX",
            "OPENBLAS_NUM_THREADS": "3",
        }


def test_a_system_without_those_files_is_asked_for_no_kernel_and_no_threads(tmp_path, monkeypatch):
    read = blas._read
    monkeypatch.setattr(blas, "_read", lambda path: read(f"{tmp_path}{path}"))
    environ = {}
    blas.prepare(environ)
    assert environ == {TIMEOUT: "18"}


COUNTS = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")
USERS = [{TIMEOUT: "7", "OPENBLAS_CORETYPE": "", count: "7"} for count in COUNTS]


@pytest.mark.parametrize("environ", [{"MLP_BLAS": "default"}, *USERS])
def test_the_users_settings_stay(system, environ):
    prepared = dict(environ)
    blas.prepare(prepared)
    assert prepared == environ


def test_another_word_on_the_switch_is_one_line_and_code_2(run_mlp, monkeypatch):
    monkeypatch.setenv("MLP_BLAS", "fast")
    outcome = run_mlp("--version")
    assert outcome.code == 2
    assert outcome.err == "Error: MLP_BLAS must be auto or default, got 'fast'\n"


def test_only_the_program_itself_changes_its_environment(system):
    before, environ = dict(os.environ), {}
    assert run(["--help"]) == 0
    assert dict(os.environ) == before
    assert run(["--help"], environ) == 0
    assert environ["OPENBLAS_CORETYPE"] == "SkylakeX"


def test_numpy_loads_the_kernel_that_was_asked_for():
    """Nehalem, which each x86 processor has and none takes; others know no such kernel."""
    code = "import os; from mlp_cli import blas; {}; print(blas.start())"
    default = fresh_python(code.format("0"), OPENBLAS_NUM_THREADS="1").stdout
    assert "Nehalem" not in default
    asking = code.format("blas.kernel_for = lambda _: 'Nehalem'; blas.prepare(os.environ)")
    asked = fresh_python(asking, OPENBLAS_NUM_THREADS="1").stdout
    if platform.machine() in ("x86_64", "AMD64"):
        default = re.sub(r"kernel \w+", "kernel Nehalem", default)
    assert asked == default


MKL = {"user_api": "blas", "internal_api": "mkl", "num_threads": 1, "version": "3", "filepath": ""}
SCIPYS = MKL | {"internal_api": "openblas", "architecture": "Zen"}
HOME = Path(np.__file__).resolve().parent
NUMPYS = SCIPYS | {"version": "4", "num_threads": 2, "filepath": f"{HOME}.libs/a"}


@pytest.mark.parametrize(
    ("libraries", "told"),
    [
        ([{"user_api": "openmp"}, SCIPYS, NUMPYS], "OpenBLAS 4, kernel Zen, 2 threads"),
        ([MKL, SCIPYS], "MKL 3, 1 thread"),
        ([], "accelerate"),
    ],
)
def test_describe_tells_of_the_library_that_numpy_calls(monkeypatch, libraries, told):
    built = {"Build Dependencies": {"blas": {"name": "accelerate"}}}
    monkeypatch.setattr(np, "show_config", lambda mode: built)
    monkeypatch.setattr("threadpoolctl.threadpool_info", lambda: libraries)
    monkeypatch.delenv(blas.REJECTED, raising=False)
    assert str(blas.describe()) == told
    monkeypatch.setenv(blas.REJECTED, "SkylakeX")
    assert str(blas.describe()) == f"{told}, the default, as SkylakeX computes wrongly here"


def wrong(a, b, value=1):
    product = a @ b
    product[-1, -1] += value
    return product


WRONG = {
    "the last": wrong,
    "not a number": lambda a, b: wrong(a, b, value=np.nan),
    "of a vector": lambda a, b: wrong(a, b, value=len(a) == 1),
    "of many": lambda a, b: wrong(a, b, value=len(a) * b.shape[1] > 1500),
    "left transposed": lambda a, b: wrong(a, b, value=a.strides[1] > 4),
    "right transposed": lambda a, b: wrong(a, b, value=b.strides[1] > 4),
    "the last block": lambda a, b: a[:, :768] @ b[:768],
}


@pytest.mark.parametrize("product", WRONG.values(), ids=WRONG)
def test_a_wrong_product_is_noticed_and_a_right_one_is_not(product):
    assert blas.computes_rightly(np.matmul)
    assert not blas.computes_rightly(product)


def test_the_check_takes_one_thread_and_gives_the_others_back():
    seen = []
    with threadpool_limits(2):
        before = blas.describe()
        blas.computes_rightly(lambda a, b: seen.append(blas.describe().threads) or a @ b)
        assert blas.describe() == before
    assert set(seen) <= {1, None}


@pytest.mark.parametrize("said", [{}, {"OPENBLAS_NUM_THREADS": "2"}, {blas.SWITCH: "default"}])
def test_one_thread_is_used_unless_the_user_has_said_otherwise(monkeypatch, said):
    monkeypatch.setattr(os, "environ", REST | said)
    with threadpool_limits(2):
        before = blas.describe()
        after = blas.use_one_thread()
    assert after == (before if said or before.threads is None else replace(before, threads=1))


@pytest.mark.parametrize("said", [{}, {"OPENBLAS_NUM_THREADS": "2"}, {blas.SWITCH: "default"}])
def test_a_core_is_spared_in_a_context_alone(monkeypatch, said):
    monkeypatch.setattr(os, "environ", REST | said)
    with threadpool_limits(2):
        before = blas.describe()
        with blas.sparing(False):
            assert blas.describe() == before
        with blas.sparing(True):
            inside = blas.describe()
        assert blas.describe() == before
    assert inside == (before if said or before.threads is None else replace(before, threads=1))


@pytest.mark.parametrize(
    "environ",
    [{}, {blas.KERNEL: "A"}, {blas.KERNEL: "A", blas.CHOSEN: "B"}, {blas.REJECTED: "A"}],
)
def test_a_kernel_not_of_our_choice_is_an_error_and_no_restart(monkeypatch, environ):
    monkeypatch.setattr(os, "environ", REST | environ)
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("restarted"))
    monkeypatch.setattr(np, "matmul", wrong)
    with pytest.raises(MlpError, match=r"^NumPy multiplies matrices wrongly here .+; reinstall it"):
        blas.start()


def test_our_kernel_computing_wrongly_restarts_the_same_program_with_the_default():
    code = """
import json, os, sys
from mlp_cli import blas
blas.guard(lambda a, b: a @ b + (blas.REJECTED not in os.environ))
print(json.dumps([sys.argv, sys.warnoptions, dict(os.environ), blas.start().rejected]))
"""
    done = fresh_python(code, **{blas.KERNEL: "Nehalem", blas.CHOSEN: "Nehalem", TIMEOUT: "18"})
    arguments, options, environ, rejected = json.loads(done.stdout)
    assert (arguments, options) == (["-c", "an argument", "--another"], ["error"])
    restarted = {TIMEOUT: "18", blas.SWITCH: "default", blas.REJECTED: "Nehalem"}
    assert {name: environ[name] for name in OURS & environ.keys()} == restarted
    assert rejected == "Nehalem"
    assert done.stderr == "The kernel Nehalem computes wrongly here; using the default.\n"
