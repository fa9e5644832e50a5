"""Files from strangers run nothing, lead nowhere else, and cannot speak to the terminal."""

import io
import os
import pty
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import mlp_cli


class Trap:
    """Makes a folder when it is unpickled."""

    def __reduce__(self):
        return os.mkdir, ("trapped",)


def npz(**arrays):
    held = io.BytesIO()
    np.savez(held, **arrays)
    return held.getvalue()


DIGITS = {"images": np.zeros((6, 4, 4), np.uint8), "labels": np.arange(6) % 2}


@pytest.mark.parametrize(
    "text",
    [
        "data: !!python/object/apply:os.mkdir [trapped]",
        "seed: !!python/object/new:os.mkdir {args: [trapped]}",
        "epochs: !!python/name:os.mkdir",
    ],
)
def test_a_config_makes_no_objects(mlp, here, text):
    (here / "a.yaml").write_text(text)
    done = mlp("train", "--config", "a.yaml")
    assert done.code == 2
    assert done.err.startswith("a.yaml:1: the tag python/")
    assert not (here / "trapped").exists()


def test_aliases_of_aliases_are_refused_before_they_grow(mlp, here):
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    (here / "a.yaml").write_text("\n".join([*lines, "layers: *a29"]))
    done = mlp("train", "--config", "a.yaml")
    assert done.code == 2
    assert "anchors and aliases do not work" in done.err


@pytest.mark.parametrize("command", [["eval"], ["predict", "--index", "0", "-c"], ["inspect"]])
def test_a_checkpoint_unpickles_nothing(mlp, here, command):
    page = np.frombuffer(b'{"format": 1}', np.uint8)
    (here / "a.npz").write_bytes(npz(page=page, theta=np.array([Trap()])))
    done = mlp(*command, "a.npz")
    assert (done.code, done.err.count("\n")) == (1, 1)
    assert done.err.startswith("Error: a.npz: is no checkpoint of mlp")
    assert not (here / "trapped").exists()


def test_data_of_ones_own_unpickle_nothing(mlp, here):
    (here / "a.npz").write_bytes(npz(images=np.array([Trap()]), labels=np.zeros(1, int)))
    done = mlp("train", "--config", "quickstart", "--set", "data=./a.npz")
    assert done.code == 1
    assert "holds Python objects" in done.err
    assert not (here / "trapped").exists()


@pytest.mark.parametrize("place", ["../outside.npy", "/tmp/outside.npy", "a/../../outside.npy"])
def test_members_of_a_zip_that_point_elsewhere_are_put_nowhere(mlp, here, place):
    inner = here / "inner"
    inner.mkdir()
    (inner / "a.npz").write_bytes(npz(**DIGITS))
    with zipfile.ZipFile(inner / "a.npz", "a") as archive:
        archive.writestr(place, archive.read("images.npy"))
    before = sorted(here.rglob("*"))
    done = mlp("train", "--config", "quickstart", "--set", "data=inner/a.npz", "--dry-run")
    assert done.code == 0
    assert sorted(here.rglob("*")) == before
    assert not Path("/tmp/outside.npy").exists()


@pytest.fixture
def stopped(mlp, here):
    """A run with one epoch done, and another to do."""
    (here / "a.npz").write_bytes(npz(images=DIGITS["images"], labels=DIGITS["labels"]))
    setting = ["--set", "data={name: ./a.npz, validation: 0}", "--set", "layers=[2]"]
    config = ["--config", "quickstart", *setting, "--set", "schedule=constant"]
    done = mlp("train", *config, "--set", "augment=null", "--epochs", "1", "--out", "run")
    assert done.code == 0, done.err
    return here / "run"


@pytest.mark.parametrize("name", ["last.npz", "best.npz", "metrics.csv", "config.yaml"])
def test_a_link_in_a_run_folder_is_not_written_through(mlp, here, stopped, name):
    precious = here / "precious"
    shutil.copy(stopped / name, precious)
    before = precious.read_bytes()
    (stopped / name).unlink()
    (stopped / name).symlink_to(precious)
    done = mlp("train", "--resume", stopped, "--epochs", "3")
    assert done.code == 0, done.err
    assert precious.read_bytes() == before


NAMES = [
    "two\nlines",
    "\x1b[2Jcleared",
    "--help",
    "-rf",
    " ",
    "bell\a",
    "\u202egnp",
    os.fsdecode(b"not\xffutf"),
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_any_name_of_a_picture_is_shown_in_one_harmless_line(mlp, here, name):
    folder = here / "scans"
    folder.mkdir()
    Image.fromarray(np.full((40, 40), 255, np.uint8)).save(folder / "blank.png")
    (folder / "blank.png").rename(folder / f"{name}.png")
    (folder / f"{name}.jpg").write_bytes(b"no picture")
    done = mlp("predict", "scans")
    assert done.code == 1
    told = (done.out + done.err).split("\n")
    assert sum("shows no digit" in line for line in told) == 1
    assert sum("is not a picture" in line for line in told) == 1
    assert all(line.isprintable() for line in told)


def test_any_name_of_a_run_is_shown_in_harmless_lines(mlp, here):
    name = "".join(NAMES)
    run = f"runs/{name}"
    lines = []
    for words in (
        ["train", "--config", "tiny.yaml", "--out", run],
        ["runs", "list"],
        ["runs", "show", run],
        ["inspect", run],
        ["eval", run, "--report", f"report of {name}"],
        ["explain", "--checkpoint", run, "--index", 1],
        ["export", run, "--out", f"{name}.html"],
        ["predict", "--checkpoint", run, "--index", 1],
        ["train", "--resume", run],
    ):
        done = mlp(*words)
        assert done.code == (2 if words[1] == "--resume" else 0), done.err
        lines += (done.out + done.err).split("\n")
    (here / run / "summary.json").unlink()
    lines += mlp("predict", "--checkpoint", run, "--index", 1).err.split("\n")
    assert [line for line in lines if not line.isprintable()] == []
    told = next(line for line in lines if line.startswith("next"))
    echo = f"python3 -c 'import os, sys; print(os.fsencode(sys.argv[4]).hex())' {told[4:]}"
    typed = subprocess.run(["bash", "-c", echo], capture_output=True, check=True, text=True)
    assert bytes.fromhex(typed.stdout) == os.fsencode(run)


def test_no_code_in_the_current_folder_is_run(here, tmp_path):
    """As where a zip of scans was unpacked, and the program that is installed reads them all."""
    Image.fromarray(np.zeros((28, 28), np.uint8)).save("0.png")
    for number in range(1, 120):
        (here / f"{number}.png").hardlink_to("0.png")
    for name in ("multiprocessing", "pickle", "struct"):
        (here / f"{name}.py").write_text(f"open('run', 'a').write({name!r})\nraise SystemExit")
    program = tmp_path / "elsewhere" / "mlp"
    program.parent.mkdir()
    program.write_text("if __name__ == '__main__':\n    from mlp_cli.cli import main\n    main()")
    place = {**os.environ, "PYTHONPATH": str(Path(mlp_cli.__file__).parent.parent)}
    command = [sys.executable, str(program), "predict", ".", "--csv"]
    done = subprocess.run(command, capture_output=True, check=False, text=True, env=place)
    assert not (here / "run").exists()
    assert done.stdout.count("\n") == 121


def test_a_table_on_a_terminal_is_harmless_and_in_a_file_exact(here):
    (here / "scans").mkdir()
    name = "scans/\x1b[2Jcleared\a.png"
    (here / name).write_bytes(b"no picture")
    command = [sys.executable, "-m", "mlp_cli", "predict", "scans", "--csv"]
    ours, theirs = pty.openpty()
    subprocess.run(command, stdout=theirs, stderr=subprocess.DEVNULL, check=False)
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "cleared\\x07.png" in shown
    assert all(line.isprintable() for line in shown.split("\r\n"))
    kept = subprocess.run(command, capture_output=True, check=False, text=True).stdout
    assert name in kept


def test_class_names_cannot_speak_to_a_page(mlp, here):
    rng = np.random.default_rng(0)
    for name in ("&amp;&lt;", "<b onmouseover=alert(1)>"):
        (here / "own" / name).mkdir(parents=True)
        for i in range(30):
            pixels = rng.integers(0, 256, (28, 28), np.uint8)
            Image.fromarray(pixels).save(here / "own" / name / f"{i}.png")
    setting = ["--set", "data=./own", "--set", "augment=null", "--epochs", "1"]
    done = mlp("train", "--config", "quickstart", *setting, "--out", "run")
    assert done.code == 0, done.err
    assert mlp("eval", "run", "--report", "report").code == 0
    assert mlp("export", "run", "--format", "html", "--out", "draw.html").code == 0
    for page in (here / "report" / "report.html", here / "draw.html"):
        text = page.read_text()
        assert "<b onmouse" not in text
        assert "&lt;b onmouseover=alert(1)&gt;" in text
        assert "&amp;amp;&amp;lt;" in text
