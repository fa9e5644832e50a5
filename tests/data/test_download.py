"""Downloads, against a server on the loopback that misbehaves as real ones do."""

import dataclasses
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from loopback import address, serving

from mlp_cli import shipped
from mlp_cli.data import http
from mlp_cli.data.catalogue import MNIST, MNIST_5K
from mlp_cli.data.directory import verify
from mlp_cli.data.download import download
from mlp_cli.errors import DataError, DownloadError, UsageError

SAMPLE = shipped.DATA / "mnist-5k"
NAMES = [file.name for file in MNIST_5K.files]


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    with serving(SAMPLE) as server:
        yield server


@pytest.fixture
def dead():
    """An address that refuses connections: bound, but nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/dead/"


def record(*mirrors):
    """A data set of the sample's files, published at ``mirrors``."""
    return dataclasses.replace(MNIST_5K, name="digits", mirrors=mirrors)


def is_whole(record, directory):
    return set(verify(record, directory).values()) == {"ok"}


def test_all_files_come_from_the_first_mirror(server, tmp_path, capfd):
    digits = record(address(server, "good"), address(server, "page"))
    download(digits, tmp_path)
    assert is_whole(digits, tmp_path)
    assert server.asked == [("good", name) for name in NAMES]
    assert sorted(path.name for path in (tmp_path / "digits").iterdir()) == sorted(NAMES)
    assert (tmp_path / "digits" / NAMES[0]).stat().st_mode & 0o444 == 0o444
    assert capfd.readouterr() == ("", "")


def test_whole_files_are_not_fetched_again_and_damaged_ones_are(server, tmp_path):
    digits = record(address(server, "good"))
    shutil.copytree(SAMPLE, tmp_path / "digits")
    (tmp_path / "digits" / NAMES[1]).write_bytes(b"damaged")
    (tmp_path / "digits" / NAMES[2]).unlink()
    download(digits, tmp_path)
    assert is_whole(digits, tmp_path)
    assert server.asked == [("good", NAMES[1]), ("good", NAMES[2])]


BAD = (
    "page",
    "forbidden",
    "failing",
    "busy",
    "patient",
    "loop",
    "astray",
    "garbled",
    "truncated",
    "flipped",
    "endless",
    "bomb",
)


@pytest.mark.parametrize("manner", BAD)
def test_a_bad_mirror_gives_way_to_the_next(server, tmp_path, manner):
    digits = record(address(server, manner), address(server, "good"))
    download(digits, tmp_path)
    assert is_whole(digits, tmp_path)


def test_a_dead_mirror_gives_way_to_the_next(server, tmp_path, dead):
    digits = record(dead, address(server, "good"))
    download(digits, tmp_path)
    assert is_whole(digits, tmp_path)


@pytest.mark.parametrize(
    ("fault", "limit", "seconds"),
    [("stalled", "SECONDS", 1), ("dripping", "GRACE", 0.5), ("reluctant", "BEGINNING", 0.5)],
)
def test_a_mirror_that_hangs_or_drips_is_asked_for_nothing_more(
    server, tmp_path, monkeypatch, fault, limit, seconds
):
    monkeypatch.setattr(http, limit, seconds)
    digits = record(address(server, fault), address(server, "good"))
    download(digits, tmp_path)
    assert is_whole(digits, tmp_path)
    assert server.asked == [(fault, NAMES[0]), *(("good", name) for name in NAMES)]


def test_where_the_connection_broke_off_it_is_tried_once_more(server, tmp_path):
    digits = record(address(server, "dropped"))
    download(digits, tmp_path)
    assert is_whole(digits, tmp_path)
    assert server.asked.count(("dropped", NAMES[0])) == 2


def test_two_processes_may_fetch_the_same_at_once(server, tmp_path):
    digits = record(address(server, "good"))
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(download, digits, tmp_path) for _ in range(4)]:
            done.result()
    assert is_whole(digits, tmp_path)
    assert sorted(path.name for path in (tmp_path / "digits").iterdir()) == sorted(NAMES)


def test_mirrors_complete_each_other(server, tmp_path):
    digits = record(address(server, "images_only"), address(server, "good"))
    download(digits, tmp_path)
    assert is_whole(digits, tmp_path)
    assert [name for manner, name in server.asked if manner == "good"] == [NAMES[1], NAMES[3]]


@pytest.mark.parametrize("manner", ["moved", "unpacking"])
def test_files_may_have_moved_and_are_never_unpacked_on_the_way(server, tmp_path, manner):
    digits = record(address(server, manner))
    download(digits, tmp_path)
    assert is_whole(digits, tmp_path)


def test_the_mirrors_of_the_user_come_first(server, tmp_path):
    digits = record(address(server, "page"))
    download(digits, tmp_path, [address(server, "good").rstrip("/")])
    assert is_whole(digits, tmp_path)
    assert {manner for manner, _ in server.asked} == {"good"}


def test_a_folder_can_be_a_mirror(tmp_path):
    source = tmp_path / "a folder, with spaces"
    shutil.copytree(SAMPLE, source)
    digits = record("http://never.asked.invalid/")
    download(digits, tmp_path, [source.as_uri()])
    assert is_whole(digits, tmp_path)


def test_a_scheme_may_be_in_capitals(tmp_path):
    digits = record("http://never.asked.invalid/")
    download(digits, tmp_path, [SAMPLE.as_uri().replace("file", "FILE")])
    assert is_whole(digits, tmp_path)


def test_a_mirror_that_is_no_folder_is_told_as_such(tmp_path):
    (tmp_path / "file").touch()
    mirror = (tmp_path / "file").as_uri()
    with pytest.raises(DownloadError) as caught:
        download(record(mirror), tmp_path)
    told = f"  {mirror}: its {NAMES[0]} cannot be read: Not a directory"
    assert str(caught.value).splitlines()[1] == told


def test_an_address_that_cannot_be_one_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"^mirror 'http://\[' is no address: Invalid IPv6 URL$"):
        download(record("http://never.asked.invalid/"), tmp_path, ["http://["])


@pytest.mark.parametrize("mirror", ["http://", "http://a..b/", "http://127.0.0.1:99999/"])
def test_an_address_that_leads_nowhere_is_told_as_such(tmp_path, mirror):
    with pytest.raises(DownloadError) as caught:
        download(record(mirror), tmp_path)
    assert str(caught.value).splitlines()[1] == f"  {mirror}: its address is not valid"


@pytest.mark.parametrize("mirror", ["ftp://example.org/mnist", "/mnt/mnist", "example.org"])
def test_other_mirrors_are_refused(tmp_path, mirror):
    with pytest.raises(UsageError, match="must start with http://, https:// or file://"):
        download(record("http://never.asked.invalid/"), tmp_path, [mirror])


def test_when_no_mirror_helps_the_way_by_hand_is_told(server, tmp_path, dead):
    mirrors = [dead, *(address(server, manner) for manner in BAD)]
    other = f"its {NAMES[0]} is not the published one"
    reasons = (
        other,
        "403 Forbidden",
        "500 Internal Server Error",
        "429 Too Many Requests, try again in 120 seconds",
        "429 Too Many Requests",
        "it redirects without end",
        "its answer makes no sense",
        "its answer makes no sense",
        "the connection broke off",
        *(other,) * 3,
    )
    empty = (tmp_path / "empty").as_uri()
    with pytest.raises(DownloadError) as caught:
        download(record(*mirrors), tmp_path, [empty])
    message = str(caught.value)
    assert message.splitlines()[1:-1] == [
        f"  {empty}: no {NAMES[0]} there",
        f"  {dead}: cannot be reached",
        *(f"  {mirror}: {why}" for mirror, why in zip(mirrors[1:], reasons, strict=True)),
    ]
    assert all(name in message for name in NAMES)
    assert str(tmp_path / "digits") in message
    assert "mnist-5k" in message
    assert list((tmp_path / "digits").iterdir()) == []


class Bar:
    """Keeps what a progress bar would have shown."""

    def __init__(self, file):
        self.total, self.shown, self.closed = file.size, 0, False

    def update(self, n):
        self.shown += n

    def reset(self):
        self.shown = 0

    def close(self):
        self.closed = True


def test_each_file_has_a_bar_that_ends_full(server, tmp_path):
    bars = []

    def progress(file):
        bars.append(Bar(file))
        return bars[-1]

    download(record(address(server, "good")), tmp_path, progress=progress)
    assert [bar.shown for bar in bars] == [file.size for file in MNIST_5K.files]
    assert all(bar.closed for bar in bars)


def test_an_interrupted_download_leaves_nothing(server, tmp_path):
    class Interrupted(Bar):
        def update(self, n):
            raise KeyboardInterrupt

    bar = Interrupted(MNIST_5K.files[0])
    with pytest.raises(KeyboardInterrupt):
        download(record(address(server, "good")), tmp_path, progress=lambda file: bar)
    assert list((tmp_path / "digits").iterdir()) == []
    assert bar.closed


def test_a_folder_that_cannot_be_made_is_named(server, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"digits: cannot be stored in .*file/digits"):
        download(record(address(server, "good")), tmp_path / "file")


def test_the_shipped_sample_is_never_downloaded(tmp_path, monkeypatch):
    download(MNIST_5K, tmp_path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(shipped, "DATA", tmp_path)
    with pytest.raises(DataError, match="install mlp-cli again"):
        download(MNIST_5K, tmp_path, [SAMPLE.as_uri()])


def test_the_full_set_arrives_as_published(server, tmp_path, mnist):
    server.files = mnist / "mnist"
    published = dataclasses.replace(MNIST, mirrors=(address(server, "good"),))
    download(published, tmp_path)
    assert is_whole(MNIST, tmp_path)
