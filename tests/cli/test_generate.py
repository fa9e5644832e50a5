"""``mlp data generate``: many digits of few, the same ones each time, whole or not at all."""

import errno
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest

from mlp_cli import files, shipped
from mlp_cli.data import generate
from mlp_cli.data.arrayfiles import IDX
from mlp_cli.data.dataset import open_dataset
from mlp_cli.files import making

SAMPLE = ["data", "generate", "mnist-5k", "--count"]


def opened(folder):
    return open_dataset(f"./{folder}", Path())


def contents(folder):
    return [(Path(folder) / name).read_bytes() for name in IDX]


def test_they_are_deformed_originals_and_the_test_part_is_as_it_was(mlp):
    done = mlp(*SAMPLE, 9000, "--out", "many")
    assert done.code == 0, done.err
    assert "many: 9,000 made of the 4,000 training examples of mnist-5k" in done.out
    many, sample = opened("many"), open_dataset("mnist-5k", shipped.DATA)
    assert np.array_equal(many.test.images, sample.test.images)
    assert np.array_equal(many.test.labels, sample.test.labels)
    for turn in (slice(4000), slice(4000, 8000)):  # all once before any comes again
        assert np.bincount(many.train.labels[turn]).tolist() == [400] * 10
    assert np.abs(np.bincount(many.train.labels) - 900).max() < 40
    originals = {image.tobytes() for image in sample.train.images}
    assert not any(image.tobytes() in originals for image in many.train.images)
    ink = sample.train.images.mean()
    assert many.train.images.mean() == pytest.approx(ink, rel=0.03)
    mixed = many.train.labels[:500].tolist()
    assert mixed != sorted(mixed)


def test_a_network_learns_from_them_to_read_originals(mlp):
    assert mlp(*SAMPLE, 12_000, "--out", "many").code == 0
    Path("many.yaml").write_text(
        "{data: {name: ./many, validation: 0}, layers: [64], epochs: 3, plots: false}"
    )
    done = mlp("train", "--config", "many.yaml", "--out", "run", "--json")
    assert done.code == 0, done.err
    *_, summary = done.out.splitlines()
    assert float(summary.partition('"test_accuracy": ')[2].partition(",")[0]) > 0.9


def test_the_bytes_follow_from_the_seed_however_many_threads_make_them(mlp, monkeypatch):
    for cores, name in ((1, "one"), (3, "three")):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        assert mlp(*SAMPLE, 5000, "--out", name).code == 0
    assert contents("one") == contents("three")
    assert mlp(*SAMPLE, 5000, "--out", "other", "--seed", 1).code == 0
    assert contents("one")[0] != contents("other")[0]


def test_fewer_are_the_first_of_more(mlp):
    for count in (1500, 4500):
        assert mlp(*SAMPLE, count, "--out", f"{count}").code == 0
    fewer, more = opened("1500"), opened("4500")
    assert np.array_equal(more.train.images[:1024], fewer.train.images[:1024])
    assert np.array_equal(more.train.labels[:1500], fewer.train.labels)


def test_how_far_is_as_in_a_config(mlp):
    still = "{name: digits, shift: 0, rotate: 0, scale: 0, shear: 0, elastic: 0}"
    assert mlp(*SAMPLE, 100, "--out", "same", "--augment", still).code == 0
    originals = {image.tobytes() for image in open_dataset("mnist-5k", shipped.DATA).train.images}
    assert all(image.tobytes() in originals for image in opened("same").train.images)
    done = mlp(*SAMPLE, 100, "--out", "no", "--augment", "digit")
    assert done.code == 2
    assert "--augment digit: augment must name a known augmentation" in done.err
    assert not Path("no").exists()


def test_of_own_data_it_has_to_be_said_how_far(mlp):
    assert mlp(*SAMPLE, 100, "--out", "own").code == 0
    again = ["data", "generate", "./own", "--count", 100, "--out", "again"]
    done = mlp(*again)
    assert (done.code, done.out) == (2, "")
    assert "--augment: say how an image of ./own may be changed" in done.err
    assert mlp(*again, "--augment", "digits").code == 0


def test_a_data_set_that_is_not_known_is_told(mlp):
    done = mlp("data", "generate", "mnist-5", "--count", 100, "--out", "many")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Error: no data set is called 'mnist-5'")


@pytest.mark.parametrize("name", ["a, b", "x#y: z", "it's {1}", "-"])
def test_what_it_says_comes_next_works_with_any_name(mlp, here, name):
    done = mlp("data", "generate", "mnist-5k", "--count", 200, f"--out=./{name}")
    said = shlex.split(done.out.partition("next: ")[2])
    assert said[:4] == ["mlp", "train", "--config", "mnist"]
    assert mlp(*said[1:], "--epochs", 1, "--dry-run").code == 0


def test_what_a_killed_one_left_is_removed_by_the_next_and_by_no_one_beside_it(mlp, here):
    (here / ".many.1234.half").mkdir()
    (here / ".many.1234.half" / "train-images-idx3-ubyte").write_bytes(b"half")
    (here / ".other.1234.half").mkdir()
    with making(here / "many") as made:
        assert mlp(*SAMPLE, 100, "--out", "many").code == 0
        assert made.exists()
        assert not (here / ".many.1234.half").exists()
        assert (here / ".other.1234.half").exists()
        shutil.rmtree(here / "many")


def test_what_is_there_is_not_written_over(mlp, here):
    (here / "many").mkdir()
    done = mlp(*SAMPLE, 100, "--out", "many")
    assert done.code == 2
    assert "--out many: is there already" in done.err
    assert list((here / "many").iterdir()) == []


def test_without_room_on_the_disk_nothing_begins(mlp, here, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(generate.shutil, "disk_usage", lambda path: usage(9, 9, 10_000_000))
    before = sorted(here.iterdir())
    done = mlp(*SAMPLE, 20_000, "--out", "many")
    told = "many: needs 16 MB, and 10 MB are free there"
    assert (done.code, done.err) == (1, f"Error: {told}\n")
    assert sorted(here.iterdir()) == before


def test_a_disk_that_fails_leaves_nothing(mlp, here, monkeypatch):
    def full(*arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    before = sorted(here.iterdir())
    done = mlp(*SAMPLE, 2000, "--out", "many")
    told = "many: cannot be written: No space left on device"
    assert (done.code, done.err) == (1, f"Error: {told}\n")
    assert sorted(here.iterdir()) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_nothing(here, number):
    before = sorted(here.iterdir())
    command = [sys.executable, "-m", "mlp_cli", *SAMPLE, "3000000", "--out", "many"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    while not any(path.stat().st_size for path in here.glob(".many.*/.train-images*")):
        assert running.poll() is None
        time.sleep(0.01)
    running.send_signal(number)
    _, told = running.communicate()
    assert running.returncode == 128 + number
    assert told == "Interrupted; nothing was kept.\n"
    assert sorted(here.iterdir()) == before
