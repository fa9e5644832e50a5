"""``mlp data``: what is known, what is here, and how the rest gets here whole."""

import re
import shutil
import sys
from dataclasses import replace

import pytest
from loopback import address, serving
from test_screen import on_a_terminal

from mlp_cli import shipped
from mlp_cli.data.catalogue import CATALOGUE, MNIST_5K
from mlp_cli.data.dataset import open_dataset
from mlp_cli.randomness import stream

SAMPLE = shipped.DATA / "mnist-5k"


@pytest.fixture(scope="module")
def website():
    """The address of a web server on the loopback with the sample's files."""
    with serving(SAMPLE) as server:
        yield address(server, "good")


@pytest.fixture
def published(monkeypatch):
    """A data set of the catalogue, with the sample's files, to be had at this address alone."""

    def publish(mirror):
        record = replace(
            MNIST_5K,
            name="elsewhere",
            title="Digits from elsewhere",
            mirrors=(mirror,),
            sample_of=None,
        )
        monkeypatch.setitem(CATALOGUE, record.name, record)

    return publish


NOWHERE = "http://127.0.0.1:9/"  # the port of a service that throws everything away


def test_list_names_all_and_what_is_here(mlp, here):
    done = mlp("data", "list", "--data-dir", here / "data")
    assert done.code == 0
    for name in CATALOGUE:
        assert re.search(
            rf"^{name} +{'here' if name == 'mnist-5k' else 'not here'} ", done.out, re.M
        )
    assert f"The data directory is {here / 'data'}." in done.out


def test_list_sees_the_full_set(mlp, mnist):
    assert re.search(r"^mnist +here ", mlp("data", "list", "--data-dir", mnist).out, re.M)


@pytest.mark.parametrize("kind", ["http", "file"])
def test_download_takes_the_mirror_that_is_named_first(mlp, here, published, website, kind):
    published(NOWHERE)
    mirror = website if kind == "http" else SAMPLE.as_uri()
    done = mlp("data", "download", "elsewhere", "--mirror", mirror, "--data-dir", "d")
    assert (done.code, done.err) == (0, "")
    assert done.out == "elsewhere: whole, in d/elsewhere\n"
    for file in MNIST_5K.files:
        assert (here / "d/elsewhere" / file.name).read_bytes() == (SAMPLE / file.name).read_bytes()
    assert len(list((here / "d/elsewhere").iterdir())) == 4


def test_what_is_whole_already_is_not_fetched_again(mlp, here, published):
    published(NOWHERE)
    shutil.copytree(SAMPLE, here / "d/elsewhere")
    assert mlp("data", "download", "elsewhere", "--data-dir", "d").code == 0


def test_on_a_terminal_a_download_shows_a_bar_for_each_file(here, website):
    """In a process of its own, which gets the record by way of a small program."""
    (here / "program.py").write_text(
        "import sys\n"
        "from dataclasses import replace\n"
        "from mlp_cli.cli.main import run\n"
        "from mlp_cli.data.catalogue import CATALOGUE, MNIST_5K\n"
        f"CATALOGUE['elsewhere'] = replace(MNIST_5K, name='elsewhere', mirrors=({website!r},))\n"
        "sys.exit(run(['data', 'download', 'elsewhere', '--data-dir', 'd']))\n"
    )
    out, err = on_a_terminal([sys.executable, "program.py"])
    assert out == "elsewhere: whole, in d/elsewhere\n"
    for file in MNIST_5K.files:
        assert f"\r{file.name}: " in err


def test_without_a_network_it_says_what_to_do_by_hand(mlp, published):
    published(NOWHERE)
    done = mlp("data", "download", "elsewhere", "--data-dir", "d")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("Error: elsewhere: no mirror gave train-images-idx3-ubyte.gz")
    assert "Put these files into d/elsewhere by hand" in done.err
    assert "mnist-5k, which comes with the program" in done.err
    assert "Traceback" not in done.err


def test_a_mirror_of_another_kind_is_a_wrong_command_line(mlp):
    done = mlp("data", "download", "mnist", "--mirror", "ftp://x", "--data-dir", "d")
    assert done.code == 2
    assert "must start with http://, https:// or file://" in done.err


def test_training_fetches_what_is_missing_by_itself(mlp, here, published, website):
    published(website)
    flags = ["--set", "data.name=elsewhere", "--data-dir", "d"]
    done = mlp("train", "--config", "tiny.yaml", *flags)
    assert done.code == 0
    assert done.err == "Fetching Digits from elsewhere to d/elsewhere\n"
    assert "Fetching" not in done.out
    again = mlp("train", "--config", "tiny.yaml", *flags)
    assert (again.code, again.err) == (0, "")


def test_training_takes_a_mirror_too(mlp, published):
    published(NOWHERE)
    flags = ["--set", "data.name=elsewhere", "--data-dir", "d", "--mirror", SAMPLE.as_uri()]
    assert mlp("train", "--config", "tiny.yaml", *flags).code == 0


@pytest.mark.parametrize("flag", ["--offline", "--dry-run"])
def test_offline_or_for_a_plan_nothing_is_fetched(mlp, here, published, website, flag):
    published(website)
    flags = ["--set", "data.name=elsewhere", "--data-dir", "d", flag]
    done = mlp("train", "--config", "tiny.yaml", *flags)
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert "run: mlp data download elsewhere" in line
    assert not (here / "d").exists()
    assert not (here / "runs").exists()


def test_verify_tells_whole_damaged_and_missing_files_apart(mlp, here, published):
    published(NOWHERE)
    folder = here / "d/elsewhere"
    shutil.copytree(SAMPLE, folder)
    whole = mlp("data", "verify", "elsewhere", "--data-dir", "d")
    assert whole.code == 0
    assert [line.split()[0] for line in whole.out.splitlines()] == ["ok"] * 4
    images, labels, *_ = (folder / file.name for file in MNIST_5K.files)
    images.write_bytes(images.read_bytes()[:-1])
    labels.unlink()
    done = mlp("data", "verify", "elsewhere", "--data-dir", "d")
    assert done.code == 1
    assert [line.split()[0] for line in done.out.splitlines()] == ["damaged", "missing", "ok", "ok"]
    assert done.err == (
        "Error: not all files are whole; run: mlp data download elsewhere --data-dir d\n"
    )


def test_a_download_mends_what_is_damaged(mlp, here, published, website):
    published(website)
    shutil.copytree(SAMPLE, here / "d/elsewhere")
    (here / "d/elsewhere" / MNIST_5K.files[0].name).write_bytes(b"half")
    assert mlp("data", "download", "elsewhere", "--data-dir", "d").code == 0
    assert mlp("data", "verify", "elsewhere", "--data-dir", "d").code == 0


def test_verify_without_a_name_checks_what_is_here(mlp):
    done = mlp("data", "verify", "--data-dir", "d")
    assert done.code == 0
    assert done.out.count("mnist-5k") == len(done.out.splitlines()) == 4


def test_a_set_that_is_here_in_part_is_listed_so_and_checked(mlp, here, published):
    published(NOWHERE)
    (here / "d/elsewhere").mkdir(parents=True)
    labels = MNIST_5K.files[1].name
    shutil.copy(SAMPLE / labels, here / "d/elsewhere")
    assert re.search(r"^elsewhere +in part ", mlp("data", "list", "--data-dir", "d").out, re.M)
    done = mlp("data", "verify", "--data-dir", "d")
    assert done.code == 1
    told = [line.split()[0] for line in done.out.splitlines() if "elsewhere" in line]
    assert told == ["missing", "ok", "missing", "missing"]
    assert "run: mlp data download elsewhere --data-dir d" in done.err


def test_show_draws_labelled_digits_in_the_terminal(mlp):
    labels, *picture = mlp("data", "show", "mnist-5k", "--count", 5).out.splitlines()
    sample = open_dataset("mnist-5k", SAMPLE.parent)
    chosen = stream(0, "show").permutation(len(sample.train))[:5]
    assert labels.split() == [str(label) for label in sample.train.labels[chosen]]
    assert len(picture) == 7  # half of 28 rows, two in a line
    assert "█" in "".join(picture)


def test_show_draws_a_sheet_into_a_file(mlp, here):
    done = mlp("data", "show", "mnist-5k", "--count", 30, "--out", "sheet.png")
    assert (done.code, done.out) == (0, "Drawn into sheet.png\n")
    assert (here / "sheet.png").read_bytes().startswith(b"\x89PNG")
