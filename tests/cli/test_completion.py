"""What the Tab key does in a real bash, zsh and fish."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

# It completes as the program does, and otherwise tells how it was called.
PROGRAM = f"""#!/bin/sh
if [ -n "$_MLP_COMPLETE" ]; then exec {sys.executable} -m mlp_cli "$@"; fi
echo "called: $*"
"""

README = Path(__file__).parents[2] / "README.md"

BEFORE_AND_AFTER_TAB = {
    "tra": "train",
    "eval --spl": "eval --split",
    "eval --split va": "eval --split validation",
    "train --config quicks": "train --config quickstart",
    "train -c tiny": "train -c tiny.yaml",
    "data download fash": "data download fashion-mnist",
    "eval shi": "eval shipped",
    "predict -c lat": "predict -c latest",
    "runs show firs": "runs show first-001",
    "train --resume runs/fi": "train --resume runs/first-001",
    "data generate mnist-": "data generate mnist-5k",
    "sweep --resume runs/sw": "sweep --resume runs/sweep-tiny-001",
    "predict pict": "predict picture.png",
}


@pytest.fixture
def shell(here, monkeypatch, request):
    """The name of a shell that is here, in a folder with a run, a picture and the program."""
    if shutil.which(request.param) is None:
        pytest.skip(f"needs {request.param}")
    study = "runs/sweep-tiny-001/study.db"
    for name in ("bin/mlp", "runs/first-001/last.npz", study, "picture.png"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()
    Path("bin/mlp").write_text(PROGRAM)
    Path("bin/mlp").chmod(0o755)
    for name in ("HOME", "ZDOTDIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(here))
    monkeypatch.setenv("PATH", f"{here / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("TERM", "xterm")
    return request.param


def typed(command, setup, lines):
    """What the program was called with by lines that are typed into a shell, a Tab after each."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    called, seen, deadline = [], "", time.monotonic() + 60
    try:
        os.write(ours, f"{setup}\n".encode())
        for line in lines:
            os.write(ours, f"mlp {line}\t\n".encode())
            while not (found := re.search(r"called: (.*?) *\r?\n", seen)):
                assert time.monotonic() < deadline, f"after {called} there was {seen!r}"
                if select.select([ours], [], [], 1)[0]:
                    seen += os.read(ours, 4096).decode(errors="replace")
            called.append(found[1])
            seen = seen[found.end() :]
    finally:
        running.kill()
        running.wait()
        os.close(ours)
    return called


@pytest.mark.parametrize("shell", ["bash", "zsh"], indirect=True)
def test_tab_completes(shell):
    setup = f'eval "$(_MLP_COMPLETE={shell}_source mlp)"'
    assert f"echo '{setup}' >> ~/.{shell}rc" in README.read_text("utf-8")
    command = ["bash", "--norc", "--noprofile", "-i"]
    if shell == "zsh":
        command = ["zsh", "-f", "-i"]
        setup = f"autoload -U compinit; compinit -u -D; {setup}"
    called = typed(command, setup, BEFORE_AND_AFTER_TAB)
    assert called == list(BEFORE_AND_AFTER_TAB.values())


@pytest.mark.parametrize("shell", ["fish"], indirect=True)
def test_fish_completes(shell):
    asked = "\n".join(
        f"complete --do-complete 'mlp {line}'; echo ---" for line in BEFORE_AND_AFTER_TAB
    )
    setup = "_MLP_COMPLETE=fish_source mlp | source"
    assert f"echo '{setup}' >> ~/.config/fish/config.fish" in README.read_text("utf-8")
    command = ["fish", "--no-config", "-c", f"{setup}\n{asked}"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    offered = [each.split("\t")[0].strip() for each in done.stdout.split("---\n")[:-1]]
    assert offered == [line.split()[-1] for line in BEFORE_AND_AFTER_TAB.values()]


def offered(words):
    """What Tab offers for the last of these words."""
    asking = {"_MLP_COMPLETE": "bash_complete", "COMP_WORDS": f"mlp {words}"}
    asking["COMP_CWORD"] = str(words.count(" ") + 1)
    command = [sys.executable, "-m", "mlp_cli"]
    done = subprocess.run(command, capture_output=True, env=os.environ | asking, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


def test_data_sets_and_networks_are_offered_by_name(here):
    data = ["plain,mnist", "plain,mnist-5k", "plain,fashion-mnist", "plain,kmnist"]
    assert offered("data show ") == data
    assert offered("inspect ") == ["plain,shipped"]
    for name in ("b-001", "a-001"):
        Path("runs", name).mkdir(parents=True)
        Path("runs", name, "last.npz").touch()
    Path("runs/elsewhere.txt").write_text(f"{here / 'c'}\n")
    Path("c").mkdir()
    Path("c/last.npz").touch()
    runs = ["plain,latest", f"plain,{here / 'c'}", "plain,a-001", "plain,b-001"]
    assert offered("runs compare ") == runs
    assert offered("runs show runs/") == ["plain,runs/a-001", "plain,runs/b-001"]


@pytest.mark.parametrize("words", ["predict ", "train -c no/such", "data show ./di", "eval x/y"])
def test_files_are_left_to_the_shell(here, words):
    assert offered(words) == [f"file,{words.split(' ')[-1]}"]
