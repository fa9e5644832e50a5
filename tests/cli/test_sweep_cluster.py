"""On a cluster a sweep makes the trials that it makes alone, whatever happens to its workers.

A real scheduler and workers that are restarted when they die. One layer of 13 kills them, and if
there is a file called once, a pruned trial does.
"""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from sweeps import FOLDER, WORDS, told, trials

pytest.importorskip("optuna")
distributed = pytest.importorskip("distributed")

from mlp_cli.cli import clusterscreen
from mlp_cli.cli.clusterscreen import ClusterScreen
from mlp_cli.data.split import Dataset
from mlp_cli.training import cluster as engine
from mlp_cli.training.sweep import Further

pytestmark = pytest.mark.usefixtures("space")

DEADLY = """\
import os, signal
from mlp_cli.training import remote
class Deadly(remote.Trainer):
    def fit(self):
        if self.config.layers == (13,):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().fit()
if remote.Trainer.__name__ == "Trainer":  # dask runs this more than once
    remote.Trainer = Deadly
    whole = remote._trained
    def trained(*arguments):
        outcome = whole(*arguments)
        if not outcome.done and os.path.exists(ONCE):
            os.unlink(ONCE)
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome
    remote._trained = trained
"""
LONG = ["--set", "epochs=10", "--no-prune", "--sampler", "random"]


@pytest.fixture(autouse=True)
def limited():
    """Nothing waits for ever."""

    def over(number, frame):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(90)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@contextmanager
def started(folder, workers):
    """A client of a cluster that is made in a folder; it takes no part in the sweeps."""
    (folder / "deadly.py").write_text(f"ONCE = {str(folder / 'once')!r}\n{DEADLY}")
    file = ["--scheduler-file", str(folder / "scheduler.json"), "--no-dashboard"]
    each = [*file, "--nthreads", "1", "--preload", str(folder / "deadly.py")]
    lines = [["scheduler", *file, "--host", "127.0.0.1", "--port", "0"]]
    lines[0] += ["--dashboard-address", "127.0.0.1:0"]
    lines += [["worker", *each, "--local-directory", str(folder)]] * workers
    with (folder / "log").open("w") as log:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "dask", *line],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            for line in lines
        ]
        try:
            with distributed.Client(scheduler_file=file[1], timeout=30) as client:
                client.wait_for_workers(workers, timeout=60)
                yield client, processes[0].pid
        finally:
            for process in processes:  # with what it started; it has nothing to keep
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The client of a cluster of two workers."""
    with started(tmp_path_factory.mktemp("cluster"), 2) as (client, _):
        yield client


@pytest.fixture
def spread(cluster, mlp):
    """Runs a sweep on the cluster."""
    cluster.wait_for_workers(2, timeout=60)
    return lambda *words: mlp(*words, "--dask", cluster.scheduler.address)


@pytest.fixture
def at(monkeypatch):
    """Does something at each event of a sweep."""

    def do(action):
        show = ClusterScreen.show

        def shown(self, event):
            show(self, event)
            action(event)

        monkeypatch.setattr(ClusterScreen, "show", shown)

    return do


def test_trials_are_spread_over_the_workers_and_are_those_of_one_alone(cluster, spread, mlp):
    with distributed.get_task_stream(client=cluster) as stream:
        done = spread(*WORDS, *LONG, "--trials", 6)
    assert (done.code, done.err) == (0, "")
    assert len({each["worker"] for each in stream.data}) == 2
    assert len(stream.data) == 6
    assert mlp(*WORDS, *LONG, "--trials", 6, "--out", "alone").code == 0
    assert told() == told(Path("alone"))
    for trial in (f"trial-00{number}" for number in range(1, 7)):
        config, alone = (Path(folder, trial, "config.yaml") for folder in (FOLDER, "alone"))
        assert config.read_bytes() == alone.read_bytes()
        lines = [
            [line.split(",")[:-2] for line in path.with_name("metrics.csv").read_text().split()]
            for path in (config, alone)
        ]
        assert lines[0] == lines[1]


def test_a_worker_that_is_killed_costs_no_trial(cluster, spread, mlp, at):
    seen, killed = [], []

    def kill(event):
        if isinstance(event, Further):
            seen.append((event.number, event.epoch.epoch))
        if event and not killed and seen[-1:] and seen[-1][1] == 5 and seen[-1][0] > 2:
            where = next(iter(cluster.processing()))
            killed.append(where)
            cluster.run(
                os.kill,
                cluster.run(os.getpid)[where],
                signal.SIGKILL,
                on_error="ignore",
                workers=[where],
            )

    at(kill)
    done = spread(*WORDS, *LONG, "--trials", 6)
    assert (done.code, done.err) == (0, "")
    assert killed
    again = {number for number, epoch in seen if seen.count((number, epoch)) > 1}
    assert len(again) == 1
    assert mlp(*WORDS, *LONG, "--trials", 6, "--out", "alone").code == 0
    assert told() == told(Path("alone"))


def test_a_pruned_trial_whose_worker_is_killed_ends_at_the_same_epoch(tmp_path, mlp):
    words = ["--set", "epochs=6", "--trials", 9]
    Path("space.yaml").write_text("optimizer.lr: {low: 1.0e-4, high: 1, log: true}")
    assert mlp(*WORDS, *words, "--out", "alone").code == 0
    assert "pruned" in {row["state"] for row in told(Path("alone"))}
    with started(tmp_path, 1) as (client, _):
        (tmp_path / "once").touch()
        assert mlp(*WORDS, *words, "--dask", client.scheduler.address).code == 0
        assert not (tmp_path / "once").exists()
    assert told() == told(Path("alone"))


def test_workers_that_another_client_restarts_train_anew(cluster, spread, mlp, at):
    restarted = []

    def restart(event):
        if isinstance(event, Further) and event.epoch.epoch == 5 and not restarted:
            restarted.append(event)
            cluster.restart()

    at(restart)
    done = spread(*WORDS, *LONG, "--trials", 4)
    assert (done.code, done.err) == (0, "")
    assert restarted
    assert mlp(*WORDS, *LONG, "--trials", 4, "--out", "alone").code == 0
    assert told() == told(Path("alone"))


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGSTOP])
def test_a_scheduler_that_is_lost_or_stopped_is_one_line(tmp_path, mlp, at, monkeypatch, ending):
    monkeypatch.setattr(engine, "ANSWERED", 2)
    with started(tmp_path, 1) as (client, scheduler):
        at(lambda event: isinstance(event, Further) and os.kill(scheduler, ending))
        done = mlp(*WORDS, *LONG, "--trials", 3, "--dask", client.scheduler.address)
        os.killpg(scheduler, signal.SIGKILL)
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert line.startswith("Error: the scheduler of the cluster is lost, or does not answer. Go on")


def test_a_trial_that_kills_its_workers_has_failed(spread):
    Path("space.yaml").write_text("layers: {choices: [[8], [13], [9]]}")
    done = spread(*WORDS, "--sampler", "grid")
    assert (done.code, done.err) == (0, "")
    states = {row["layers"]: (row["state"], row["why"]) for row in trials()}
    assert states["[13]"] == ("failed", "its worker was lost 3 times")
    assert states["[8]"] == states["[9]"] == ("complete", "")


def test_on_a_terminal_a_bar_tells_of_all_that_are_under_way(spread, monkeypatch):
    begin = ClusterScreen.begin

    def moving(self, blas):
        begin(self, blas)
        self._moving = True

    monkeypatch.setattr(ClusterScreen, "begin", moving)
    monkeypatch.setattr(clusterscreen, "REDRAWN_EVERY", 0)
    done = spread(*WORDS, "--trials", 2, "--no-prune")
    assert done.code == 0
    assert {f"{number}: {epochs}/3" for number in (1, 2) for epochs in range(4)} <= set(
        re.findall(r"\d: \d/3", done.err)
    )


def test_interrupted_it_leaves_the_workers_idle_and_goes_on_alone(cluster, spread, stopped_at, mlp):
    words = [*WORDS[1:], "--trials", "7", *LONG, "--out", "stopped"]
    address = cluster.scheduler.address
    done = stopped_at(
        lambda event, done: isinstance(event, Further) and done >= 2, *words, "--dask", address
    )
    assert (done.code, done.err) == (130, "")
    going_on = f"Go on with: mlp sweep --resume stopped --dask {address}\n"
    assert done.out.endswith(going_on)
    assert not any(cluster.processing().values())
    assert spread("sweep", "--resume", "stopped", "--trials", 5).code == 0
    assert mlp("sweep", "--resume", "stopped", "--trials", 7).code == 0
    assert mlp(*WORDS, "--trials", 7, *LONG, "--out", "alone").code == 0
    assert told(Path("stopped")) == told(Path("alone"))


def test_what_workers_lack_is_one_line(spread, monkeypatch):
    def said(*words):
        done = spread(*WORDS, *words)
        assert done.code == 1
        (line,) = done.err.splitlines()
        assert "Go on with: mlp sweep --resume runs/" in line
        return line

    with monkeypatch.context() as patch:
        patch.setattr(engine, "__version__", "99")
        assert "a worker has no mlp-cli 99: it has 0.1.0; install it" in said()
    with monkeypatch.context() as patch:
        patch.setattr(engine, "trainer", lambda version: lambda job: __import__("mlp_none"))
        assert "a worker has no mlp-cli 0.1.0: No module named 'mlp_none'; install it" in said()
    with monkeypatch.context() as patch:
        patch.setattr(Dataset, "checksum", 5)
        assert ": mnist-5k is not the same there as here" in said()
    with monkeypatch.context() as patch:
        patch.setattr(engine, "is_path", lambda name: True)
        assert "/mnist-5k: there is no such" in said()


def test_without_any_worker_it_says_so(mlp, monkeypatch):
    monkeypatch.setattr(engine, "PATIENCE", 0.3)
    with distributed.LocalCluster(
        n_workers=0, processes=False, protocol="tcp://", dashboard_address="127.0.0.1:0"
    ) as empty:
        done = mlp(*WORDS, "--dask", empty.scheduler_address)
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert line.startswith("Error: the cluster has had no worker for 0.3 seconds. Go on with: mlp")


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [
        (["--dask", "tcp://127.0.0.1:1"], 1, "--dask tcp://127.0.0.1:1: no scheduler answers"),
        (["--dask", "nonsense"], 2, "--dask nonsense: is no address"),
        (["--dask", "tls://127.0.0.1:1"], 2, "--dask tls://127.0.0.1:1: is no address of a"),
        (["--dask", "tcp://127.0.0.1:1", "--workers", "2"], 2, "--workers: are processes here"),
    ],
)
def test_a_wrong_address_is_one_line(mlp, monkeypatch, flags, code, said):
    from mlp_cli.training import workers

    monkeypatch.setattr(workers, "CONNECTED", 0.5)
    done = mlp(*WORDS, *flags)
    assert (done.code, done.out) == (code, "")
    (line,) = done.err.splitlines()
    assert line.startswith(f"Error: {said}")
    assert not Path("runs").exists()


def test_without_dask_it_says_what_to_install(mlp, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = mlp(*WORDS, "--workers", 2)
    assert (done.code, done.out) == (1, "")
    assert done.err == "Error: --workers needs Dask: pip install 'mlp-cli[sweep,dask]'\n"


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_processes_here_end_with_the_sweep(here, name, code):
    """Ctrl-C goes to all that a terminal has started; what a system tells, to one process."""
    import psutil

    words = [*WORDS, "--trials", "1000", "--workers", "2", "--set", "epochs=20"]
    running = subprocess.Popen(
        [sys.executable, "-m", "mlp_cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in running.stdout:
        if line.split()[:1] == ["1"]:
            break
    below = psutil.Process(running.pid).children(recursive=True)
    assert len(below) >= 2
    number = getattr(signal, name)
    (os.killpg if name == "SIGINT" else os.kill)(running.pid, number)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (code, "")
    assert out.endswith(f"Go on with: mlp sweep --resume {FOLDER} --workers 2\n")
    _, alive = psutil.wait_procs(below, timeout=10)
    assert not alive
