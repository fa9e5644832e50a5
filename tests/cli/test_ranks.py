"""mpirun mlp train: one voice, one run, one end, whatever happens to any of its processes."""

import csv
import os
import signal
import sys
import time
from pathlib import Path

import mpirun
import numpy as np
import pytest

from mlp_cli.cli.main import run as run_line

LONG = ("--config", "tiny.yaml", "--epochs", 100_000, "--out", "run")
SECONDS = 30


def started(ranks, *arguments, **environment):
    return mpirun.start(ranks, "-m", "mlp_cli", *arguments, **environment)


def rows(folder):
    with Path(folder, "metrics.csv").open(newline="") as file:
        return [list(map(float, row[:6])) for row in list(csv.reader(file))[1:]]


def under_way(process, epochs=2):
    """Wait until so many epochs are done."""
    stop = time.monotonic() + SECONDS
    while not Path("run/metrics.csv").exists() or len(rows("run")) < epochs:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < stop
        time.sleep(0.02)


def stopped(process, number):
    """Send a signal to mpirun, see that it saves, and give what was printed."""
    process.send_signal(number)
    code, out, err = mpirun.ended(process)
    assert (code, err) == (128 + number, "")
    return out


@mpirun.here
def test_ranks_make_the_run_of_one_process_and_only_the_first_speaks(mlp):
    several = mpirun.ended(started(3, "train", "--config", "tiny.yaml", "--out", "several"))
    alone = mlp("train", "--config", "tiny.yaml", "--out", "alone")
    assert (several[0], several[2]) == (0, "")
    shared = several[1].replace("several", "alone").replace(", on each of 3 ranks", "")
    said, expected = shared.splitlines(), alone.out.splitlines()
    assert len(said) == len(expected)
    assert said[:2] == expected[:2]
    assert several[1].count("epoch 3/3") == several[1].count("best epoch") == 1
    np.testing.assert_allclose(rows("several"), rows("alone"), rtol=1e-4)
    assert {path.name for path in Path("several").iterdir()} == {
        path.name for path in Path("alone").iterdir()
    }
    assert mlp("eval", "several").code == 0


@mpirun.here
@pytest.mark.parametrize(("number", "ranks"), [(signal.SIGINT, 3), (signal.SIGTERM, 1)])
def test_a_signal_saves_the_run_and_another_number_of_ranks_goes_on(mlp, number, ranks):
    process = started(2, "train", *LONG)
    under_way(process)
    out = stopped(process, number)
    assert out.endswith("Interrupted, and saved. Go on with: mpirun -n 2 mlp train --resume run\n")

    process = started(ranks, "train", "--resume", "run", "--quiet")
    under_way(process, len(rows("run")) + 2)
    stopped(process, number)
    several = np.array(rows("run"))
    np.testing.assert_array_equal(several[:, 0], 1 + np.arange(len(several)))
    epochs = min(len(several), 20)
    assert mlp("train", "--config", "tiny.yaml", "--epochs", epochs, "--out", "alone").code == 0
    losses = [1, 3]
    np.testing.assert_allclose(several[:epochs, losses], np.array(rows("alone"))[:, losses], 1e-3)


def processes(mark):
    """The ids of the ranks with this in their environment, by rank."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            told = path.read_bytes().split(b"\0")
        except OSError:  # it has just ended, or is another's
            continue
        ranks = [line.partition(b"=")[2] for line in told if line.startswith(b"PMI_RANK=")]
        if f"MARK={mark}".encode() in told and ranks:
            found[int(ranks[0])] = int(path.parent.name)
    return found


@mpirun.here
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to find a rank")
@pytest.mark.parametrize("victim", [0, 1])
def test_a_killed_rank_ends_the_run_with_its_last_checkpoint_whole(mlp, victim):
    mark = f"{os.getpid()}-{victim}"
    process = started(2, "train", *LONG, MARK=mark)
    under_way(process)
    os.kill(processes(mark)[victim], signal.SIGKILL)
    code, out, _ = mpirun.ended(process)
    assert code in (signal.SIGKILL, 128 + signal.SIGTERM)  # mpirun tells the first that it hears of
    assert not processes(mark)
    assert "Interrupted" not in out
    assert mlp("eval", "run/last.npz").code == 0
    done = len(rows("run"))
    resumed = started(1, "train", "--resume", "run", "--quiet")
    under_way(resumed, done + 1)
    stopped(resumed, signal.SIGTERM)


@mpirun.here
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["train", "--config", "no.yaml"], 2, "Error: no.yaml: there is no such config file"),
        (["train", "--config", "tiny.yaml", "--lr", "1e30"], 1, "Error: the training diverged"),
        (["eval", "shipped"], 2, "Error: mlp eval: is for one process; mpirun shares out"),
    ],
)
def test_an_error_of_all_is_told_once(here, arguments, code, message):
    ended = mpirun.ended(started(3, *arguments))
    assert ended[0] == code
    assert ended[2].startswith(message)
    assert ended[2].count("\n") == 1


@mpirun.here
@pytest.mark.parametrize("failing", [1, 2])
def test_an_error_of_all_but_the_first_is_told_by_one_and_ends_all(here, failing):
    """As on a machine where the data set is missing."""
    line = ["-m", "mlp_cli", "train", "--config", "tiny.yaml", "--out", "run"]
    Path("tiny.yaml").write_text("{data: other.npz, layers: [4], epochs: 2, plots: false}")
    np.savez("other.npz", x_train=np.zeros((9, 4, 4), np.uint8), y_train=np.arange(9) % 3)
    others = [":", "-n", failing, sys.executable, "-c", ELSEWHERE, *line[2:]]
    code, _, err = mpirun.ended(mpirun.start(1, *line, *others))
    assert code == 1
    assert err.startswith("Rank 1: Error: other.npz: ")
    assert err.count("\n") == 1


RUN = "from mlp_cli.cli import main; main()"
ELSEWHERE = f"import os; os.chdir('/'); {RUN}"
LACKING = f"import sys; sys.modules['mpi4py'] = None; sys.argv[0] = 'mlp'; {RUN}"
EARLY = {
    "a wrong variable": (f"import os; os.environ['MLP_BLAS'] = 'x'; {RUN}", 2, "Error: MLP_BLAS"),
    "no mpi4py": (LACKING, 1, "Error: mpirun: needs mpi4py to train with"),
}


@mpirun.here
@pytest.mark.parametrize("rank", [0, 1])
@pytest.mark.parametrize("fault", EARLY)
def test_a_rank_that_fails_before_mpi_has_begun_keeps_none_waiting(here, fault, rank):
    code, expected, message = EARLY[fault]
    line = ["train", "--config", "tiny.yaml", "--out", "run"]
    programs = [[sys.executable, "-m", "mlp_cli", *line], [sys.executable, "-c", code, *line]]
    first, second = programs if rank else reversed(programs)
    process = mpirun.start(1, *first[1:], ":", "-n", 1, *second)
    ended = mpirun.ended(process)
    assert ended[0] == expected
    assert ended[2].startswith(f"Rank 1: {message}" if rank else message)
    assert ended[2].count("\n") == 1


def test_mpirun_without_mpi4py_names_the_extra(here, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    assert run_line(["train"], {"PMI_RANK": "0", "PMI_SIZE": "2"}) == 1
    expected = "Error: mpirun: needs mpi4py to train with; pip install 'mlp-cli[mpi]'\n"
    assert capsys.readouterr() == ("", expected)


@mpirun.here
@pytest.mark.parametrize("rank", [0, 1])
def test_the_launcher_of_another_mpi_is_told(run_mlp, monkeypatch, rank):
    monkeypatch.setenv("OMPI_COMM_WORLD_RANK", str(rank))
    monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "2")
    outcome = run_mlp("train", "--config", "tiny.yaml")
    assert (outcome.code, outcome.out) == (1, "")
    if rank:
        assert not outcome.err
    else:
        assert outcome.err.startswith("Error: mpirun: started 2 processes, of which mpi4py sees 1")
        assert outcome.err.count("\n") == 1
