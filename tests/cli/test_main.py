"""The program as a whole: its help, its exit codes, and what becomes of an error."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from mlp_cli import __version__
from mlp_cli.cli.main import mlp as program
from mlp_cli.errors import MlpError

HUGE = str([1_000_000] * 60).replace(" ", "")  # more weights than any address space holds


def commands(command=program, words=""):
    """Every command of the program, as the words that call it."""
    yield words
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, f"{words} {name}")


def broken(error):
    @click.command("broken")
    def command():
        raise error

    return command


@pytest.fixture
def failing(monkeypatch):
    """Gives the program a command that raises this."""

    def add(error):
        monkeypatch.setitem(program.commands, "broken", broken(error))

    return add


@pytest.mark.parametrize("words", list(commands()))
def test_the_help_of_every_command_has_an_example(mlp, words):
    done = mlp(*words.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert "Example" in done.out or "A first session" in done.out
    assert "  mlp " in done.out
    assert mlp(*words.split(), "-h").out == done.out


def test_version(mlp):
    assert mlp("--version").out == f"mlp {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        "--nonsense",
        "nonsense",
        "train --nonsense",
        "train --config",
        "eval",
        "eval x --split half",
        "predict --top 0 x",
        "predict --index -1",
        "data nonsense",
        "data show mnist-5k --count 0",
    ],
)
def test_a_command_line_that_is_wrong_exits_with_2(mlp, words):
    done = mlp(*words.split())
    assert done.code == 2
    assert done.out == ""
    assert done.err.splitlines()[-1].startswith("Error: ")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("train", 2),
        ("train --config nonsense", 2),
        ("train --config tiny.yaml --set epochs", 2),
        ("train --config tiny.yaml --resume latest", 2),
        ("train --resume latest --out x", 2),
        ("train --resume latest --dry-run", 2),
        ("train --config tiny.yaml --dry-run --tensorboard", 2),
        ("train --config tiny.yaml --dry-run --quiet", 2),
        (f"train --config tiny.yaml --set layers={HUGE}", 1),
        (f"train --config tiny.yaml --set layers={HUGE} --dry-run", 1),
        ("train --resume latest", 1),
        ("eval latest", 1),
        ("eval tiny.yaml", 1),
        ("predict x.png", 1),
        ("predict", 2),
        ("predict x.png --index 1", 2),
        ("inspect latest", 1),
        ("data show nonsense", 2),
        ("data download nonsense", 2),
        ("data verify nonsense", 2),
    ],
)
def test_an_error_is_one_line_on_stderr(mlp, words, code):
    done = mlp(*words.split())
    assert done.code == code
    assert done.out == ""
    (line,) = done.err.splitlines()
    assert line.startswith("Error: ")


@pytest.mark.parametrize(
    "words",
    [
        ["eval", ""],
        ["predict", "x.png", "-c", ""],
        ["train", "--config", "tiny.yaml", "--out", ""],
        ["train", "--config", "tiny.yaml", "--out="],
        ["runs", "show", ""],
    ],
)
def test_an_argument_that_holds_nothing_is_refused(mlp, here, words):
    done = mlp(*words)
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert "holds nothing" in line
    assert [path.name for path in here.iterdir()] == ["tiny.yaml"]


@pytest.mark.parametrize("words", ["quickstart", "--seed 3 quickstart --epochs 1"])
def test_a_config_that_is_named_without_its_option_is_told_with_what_to_type(mlp, words):
    done = mlp("train", *words.split())
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "Error: quickstart: belongs to no option; to train by a config: "
        "mlp train --config quickstart\n"
    )


@pytest.mark.parametrize("name", ["a\0b", "x" * 300], ids=["NUL", "long"])
@pytest.mark.parametrize(
    "words",
    [
        "train --config NAME",
        "train --resume NAME",
        "train --config tiny.yaml --set data=./NAME",
        "config show NAME",
        "inspect NAME",
        "eval NAME",
        "eval CHECKPOINT --data NAME",
        "eval CHECKPOINT --data ./NAME",
        "predict NAME --checkpoint CHECKPOINT --json",
        "predict --index 3 --checkpoint NAME",
        "data show NAME",
        "data show ./NAME",
    ],
)
def test_a_name_that_no_file_can_have_is_no_bug(mlp, trained, words, name):
    filled = [
        word.replace("NAME", name).replace("CHECKPOINT", str(trained)) for word in words.split()
    ]
    done = mlp(*filled)
    assert done.code in (1, 2)
    if "--json" in filled:
        assert json.loads(done.out)["prediction"] is None
    else:
        assert done.out == ""
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("words", ["data list", "data verify mnist", "data verify"])
def test_a_data_directory_of_no_possible_name_holds_nothing(mlp, words):
    done = mlp(*words.split(), "--data-dir", "x" * 300)
    assert done.code == ("mnist" in words.split())
    assert "Traceback" not in done.err


def test_each_fault_of_a_config_has_a_line(mlp, here):
    (here / "bad.yaml").write_text("data: mnist-5k\nepochs: 0\nlayer: [3]\n")
    done = mlp("train", "--config", "bad.yaml", "--lr", "-1")
    assert (done.code, done.out) == (2, "")
    lines = sorted(done.err.splitlines())
    assert [line.partition(": ")[0] for line in lines] == ["--lr", "bad.yaml:2", "bad.yaml:3"]


def test_debug_shows_the_traceback_of_an_error(mlp):
    plain, debug = mlp("eval", "nowhere.npz"), mlp("--debug", "eval", "nowhere.npz")
    assert plain.code == debug.code == 1
    assert "Traceback" not in plain.err
    assert debug.err.startswith("Traceback")
    assert "names.py" in debug.err
    assert debug.err.endswith(plain.err)


def test_an_error_of_ours_keeps_its_exit_code(mlp, failing):
    failing(MlpError("the sky fell"))
    assert mlp("broken").code == 1
    assert mlp("broken").err == "Error: the sky fell\n"


def test_memory_that_is_short_is_told_whether_or_not_python_says_why(mlp, failing):
    failing(MemoryError())
    assert mlp("broken").code == 1
    assert mlp("broken").err == "Error: memory is short; make layers or batch_size smaller\n"


def test_a_bug_keeps_its_traceback_and_exits_with_70(mlp, failing):
    failing(ZeroDivisionError("by zero"))
    done = mlp("broken")
    assert done.code == 70
    assert "Traceback" in done.err
    assert "ZeroDivisionError: by zero" in done.err
    assert done.err.endswith("This is a bug of mlp; please report it with the lines above.\n")


def test_ctrl_c_exits_with_130(mlp, failing):
    failing(KeyboardInterrupt())
    done = mlp("broken")
    assert done.code == 130
    assert done.err.split() == ["Interrupted."]


IMPATIENT = """
import sys

class Finder:
    @staticmethod
    def find_spec(name, path, target=None):
        if name == "click":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Finder)
from mlp_cli.__main__ import main
main()
"""


def test_ctrl_c_while_the_program_is_imported_exits_with_130():
    done = subprocess.run([sys.executable, "-c", IMPATIENT], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")


def test_the_process_exits_with_the_code(run_mlp):
    assert run_mlp("--version").code == 0
    assert run_mlp("eval", "latest").code == 1
    done = run_mlp("train")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: give either --config")


def test_a_reader_that_goes_away_is_no_bug(here):
    """As in ``mlp data list | head -0``."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "mlp_cli", "data", "show", "mnist-5k", "--count", "400"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writer.stdout.close()
    with writer.stderr:
        assert b"Traceback" not in writer.stderr.read()
    assert writer.wait() == 1


def test_output_that_nobody_reads_is_no_error(here):
    command = [sys.executable, "-m", "mlp_cli", "config", "show", "--schema"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    running.stdout.close()
    err = running.stderr.read()
    running.stderr.close()
    assert running.wait() == 1
    assert err == ""


def test_output_that_is_closed_is_no_error(here):
    command = [sys.executable, "-m", "mlp_cli", "config", "list"]
    closed = ["sh", "-c", '"$@" >&-', "sh", *command]
    done = subprocess.run(closed, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", [["config", "list"], ["train", "--config", "tiny.yaml"]])
def test_output_that_cannot_be_written_is_told(here, command):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "mlp_cli", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == "Error: the output cannot be written: No space left on device\n"
