"""A file is replaced whole or not at all, and nothing is left beside it."""

import os
import shutil
import stat

import pytest

from mlp_cli import files
from mlp_cli.files import replacing


def test_the_new_file_takes_the_place_of_the_old_one(tmp_path):
    path = tmp_path / "page"
    path.write_bytes(b"old")
    with replacing(path) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "page"
    path.write_bytes(b"old")

    def write():
        with replacing(path) as file:
            file.write(b"half of the ne")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("linking", [True, False], ids=["by a link", "by a copy"])
def test_what_was_there_is_kept_under_another_name(tmp_path, monkeypatch, linking):
    def refused(*names):
        raise PermissionError(1, "Operation not permitted")

    if not linking:
        monkeypatch.setattr(files.os, "link", refused)
    path, previous = tmp_path / "page", tmp_path / "previous"
    for text in (b"first", b"second", b"third"):
        with replacing(path, previous) as file:
            file.write(text)
    assert path.read_bytes() == b"third"
    assert previous.read_bytes() == b"second"
    assert sorted(tmp_path.iterdir()) == [path, previous]


def test_killed_when_the_old_file_had_two_names_nothing_stays_the_next_time(tmp_path):
    path, previous = tmp_path / "page", tmp_path / "previous"
    path.write_bytes(b"old")
    previous.hardlink_to(path)  # kept, but then not replaced any more
    with replacing(path, previous) as file:
        file.write(b"new")
    assert (path.read_bytes(), previous.read_bytes()) == (b"new", b"old")
    assert sorted(tmp_path.iterdir()) == [path, previous]


def test_a_folder_that_vanishes_is_an_error_of_the_system(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()

    def write():
        with replacing(folder / "page") as file:
            file.write(b"new")
            shutil.rmtree(folder)

    with pytest.raises(FileNotFoundError):
        write()


def test_a_failure_to_flush_leaves_nothing(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="No space"), replacing(tmp_path / "page") as file:
        file.write(b"new")
    assert not any(tmp_path.iterdir())


def test_the_bytes_are_on_the_disk_before_they_get_the_name(tmp_path, monkeypatch):
    path, seen = tmp_path / "page", []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(files.os, "fsync", lambda handle: (seen.append("fsync"), fsync(handle)))
    monkeypatch.setattr(files.os, "replace", lambda a, b: (seen.append("replace"), replace(a, b)))
    with replacing(path) as file:
        file.write(b"new")
    assert seen == ["fsync", "replace"]


def test_others_may_read_it_as_the_user_allows(tmp_path):
    before = os.umask(0o027)
    try:
        with replacing(tmp_path / "page") as file:
            file.write(b"new")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "page").stat().st_mode) == 0o640


def test_a_folder_that_is_not_there_is_an_error_of_the_system(tmp_path):
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "nowhere" / "page"):
        pass


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes that have names")
def test_what_is_no_file_is_not_replaced(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileExistsError, match="no file"), replacing(pipe) as file:
        file.write(b"new")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]
