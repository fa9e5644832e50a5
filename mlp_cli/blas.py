"""OpenBLAS is told of a faster matrix kernel before NumPy loads it, and is checked after."""

import os
import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from mlp_cli.errors import MlpError, UsageError
from mlp_cli.launcher import place_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Product = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]

SWITCH = "MLP_BLAS"  # auto or default, as the user likes
CHOSEN = "MLP_BLAS_CHOSEN"  # the kernel that prepare() chose
REJECTED = "MLP_BLAS_REJECTED"  # the kernel that guard() found wrong

KERNEL = "OPENBLAS_CORETYPE"
THREADS = ("OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS")
AVX512 = {"avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"}  # all that SkylakeX uses
AVX512_KERNELS = {"SkylakeX", "Cooperlake", "SapphireRapids"}

# The products of guard() are (m, K) @ (K, n): a vector's, one for the small-matrix kernels, and one
# large enough to be packed and summed in blocks of K. Odd: no tile fits.
K = 785
SIZES = ((1, 41), (37, 31), (37, 41))


@dataclass(frozen=True)
class Blas:
    """The library that multiplies matrices; what it does not tell is empty, or None."""

    library: str
    version: str
    kernel: str
    threads: int | None
    rejected: str = ""

    def __str__(self) -> str:
        parts = [f"{self.library} {self.version}".rstrip()]
        if self.kernel:
            parts.append(f"kernel {self.kernel}")
        if self.threads is not None:
            parts.append(f"{self.threads} {'thread' if self.threads == 1 else 'threads'}")
        if self.rejected:
            parts.append(f"the default, as {self.rejected} computes wrongly here")
        return ", ".join(parts)


def prepare(environ: MutableMapping[str, str]) -> None:
    """Set what makes OpenBLAS fast, before NumPy loads; what the user has set stays.

    Raises:
        UsageError: ``MLP_BLAS`` is neither ``auto`` nor ``default``.
    """
    switch = environ.get(SWITCH) or "auto"
    if switch not in ("auto", "default"):
        raise UsageError(f"{SWITCH} must be auto or default, got {switch!r}")
    if switch == "default":
        return
    # An idle thread spins 2^18 cycles (0.1 ms) before it sleeps, not 2^26 (20 ms) as by default. If
    # another program has its core, spinning uses up its turn and the next product waits for it:
    # beside one busy program an epoch of 784-128-10 took 0.6 to 1.2 s, and 1.1 to 15 s by default.
    environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "18")
    kernel = kernel_for(_read("/proc/cpuinfo"))
    if kernel and KERNEL not in environ:
        environ[KERNEL] = environ[CHOSEN] = kernel
    threads = threads_for(_read("/sys/fs/cgroup/cpu.max"))
    ranks = place_of(environ).local
    if ranks > 1:  # share the cores
        threads = max(1, (threads or _cores()) // ranks)
    if threads and not any(name in environ for name in THREADS):
        environ[THREADS[0]] = str(threads)


def kernel_for(cpuinfo: str) -> str | None:
    """The kernel to ask for on the processor that ``/proc/cpuinfo`` tells of, or None.

    OpenBLAS may take an AMD processor newer than itself for a Haswell, though its AVX-512 kernels
    are twice as fast there. On Intel it knows better ones than SkylakeX, and is left alone.
    """
    first = cpuinfo.partition("\n\n")[0]
    pairs = (line.partition(":") for line in first.splitlines())
    fields = {name.strip(): value.split() for name, _, value in pairs}
    amd = fields.get("vendor_id") == ["AuthenticAMD"]
    return "SkylakeX" if amd and AVX512.issubset(fields.get("flags", [])) else None


def unused_kernel(machine: Blas) -> str | None:
    """The kernel that ``prepare`` would ask for here, if it was kept from asking for it.

    One in use that has AVX-512 is as good; one that was asked for in vain is not in this build.
    """
    if machine.library != "OpenBLAS" or machine.rejected or machine.kernel in AVX512_KERNELS:
        return None
    if CHOSEN in os.environ:
        return None
    return kernel_for(_read("/proc/cpuinfo"))


def threads_for(cpu_max: str) -> int | None:
    """The threads that a container's ``cpu.max`` (quota and period, in µs) feeds; None if no limit.

    OpenBLAS starts one for each core it may run on, and knows of no quota; more threads than fed
    wait for each other. Where the quota exceeds the cores, OpenBLAS takes the cores.
    """
    quota, _, period = cpu_max.partition(" ")
    return max(1, int(quota) // int(period)) if quota.isdigit() else None


def _cores() -> int:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def start() -> Blas:
    """Load NumPy, check its products on one thread, and describe its library: a command's start.

    Raises:
        MlpError: The products are wrong with the default kernel too.
    """
    import numpy as np

    guard(np.matmul)
    return describe()


def guard(product: "Product") -> None:
    """Restart the program with the default kernel if ours computes wrongly.

    Raises:
        MlpError: The kernel that computes wrongly is not of our choice.
    """
    if computes_rightly(product):
        return
    machine, kernel = describe(), os.environ.get(KERNEL)
    advice = "reinstall it"
    if machine.library == "OpenBLAS":
        if kernel and os.environ.get(CHOSEN) == kernel:
            _restart_without(kernel)
        advice += f", or name another kernel in {KERNEL}, such as Haswell"
    raise MlpError(f"NumPy multiplies matrices wrongly here ({machine}); {advice}")


def computes_rightly(product: "Product") -> bool:
    """Whether products of whole numbers, each operand stored either way, are exact.

    float32 holds each of their sums, in whatever order it is made, so that no tolerance is needed.
    """
    import numpy as np

    def whole(rows: int, columns: int) -> "NDArray[np.float32]":
        counted = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
        return (counted * 40503 % 65521 % 17 - 8).astype(np.float32)  # scattered from -8 to 8

    a, b = whole(37, K), whole(K, 41)
    right = np.einsum("mk,kn->mn", a.astype(np.float64), b.astype(np.float64))  # without BLAS
    with one_thread():  # on a busy machine threads would wait for each other, for 60 ms
        return all(
            np.array_equal(product(rows[:m], columns[:, :n]), right[:m, :n])
            for m, n in SIZES
            for rows in (a, np.asfortranarray(a))
            for columns in (b, np.asfortranarray(b))
        )


@contextmanager
def one_thread() -> Iterator[None]:
    """In this context matrices are multiplied on one thread."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def use_one_thread() -> Blas:
    """From now on matrices are multiplied on one thread, unless the user has chosen how many."""
    from threadpoolctl import threadpool_limits

    if not _threads_chosen():
        threadpool_limits(1)
    return describe()


@contextmanager
def sparing(core: bool) -> Iterator[None]:
    """In this context the same holds, if that spares a core for others."""
    with one_thread() if core and not _threads_chosen() else nullcontext():
        yield


def _threads_chosen() -> bool:
    """Whether the user has said how many threads there are to be."""
    return any(name in os.environ for name in THREADS) or os.environ.get(SWITCH) == "default"


def describe() -> Blas:
    """The library that NumPy multiplies with, as loaded."""
    import numpy as np
    from threadpoolctl import threadpool_info

    rejected = os.environ.get(REJECTED, "")
    loaded = [each for each in threadpool_info() if each["user_api"] == "blas"]
    if not loaded:  # Accelerate tells nothing of itself
        built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return Blas(built["name"], "", "", None, rejected)
    # NumPy's wheels bring theirs in numpy.libs or numpy/.dylibs; SciPy's brings another.
    home = str(Path(np.__file__).resolve().parent)
    ours = next((each for each in loaded if each["filepath"].startswith(home)), loaded[0])
    names = {"openblas": "OpenBLAS", "mkl": "MKL", "blis": "BLIS", "flexiblas": "FlexiBLAS"}
    name, version, kernel = names[ours["internal_api"]], ours["version"], ours.get("architecture")
    return Blas(name, version or "", kernel or "", ours["num_threads"], rejected)


def _restart_without(kernel: str) -> NoReturn:
    """Become the same program again, with the same arguments and the default kernel."""
    environ = {name: value for name, value in os.environ.items() if name not in (KERNEL, CHOSEN)}
    environ |= {SWITCH: "default", REJECTED: kernel}
    print(f"The kernel {kernel} computes wrongly here; using the default.", file=sys.stderr)
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environ)


def _read(path: str) -> str:
    """The start of a file of the system, with the first processor in it; empty where it is none."""
    try:
        with Path(path).open(errors="replace") as file:
            return file.read(8192)
    except OSError:
        return ""
