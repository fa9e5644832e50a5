"""IDX files: what is written is read, and nothing but a whole file is."""

import gzip
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mlp_cli.data import idx
from mlp_cli.errors import DataError

arrays = hnp.arrays(np.uint8, hnp.array_shapes(max_dims=3, min_side=0, max_side=5))
DIGITS = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
many_files = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def packed(path, raw):
    path.write_bytes(gzip.compress(raw))
    return path


def test_the_layout_is_that_of_the_format():
    assert idx.encode(np.array([[7, 9]], np.uint8)) == bytes(
        [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9]
    )


@given(arrays)
def test_decode_undoes_encode(array):
    decoded = idx.decode(idx.encode(array), "array")
    assert decoded.shape == array.shape
    assert np.array_equal(decoded, array)


@many_files
@given(arrays)
def test_a_file_gives_the_same_plain_and_packed(tmp_path, array):
    raw = idx.encode(array)
    plain = tmp_path / "plain"
    plain.write_bytes(raw)
    assert np.array_equal(idx.map_file(plain), array)
    assert b"".join(idx.decompress(packed(tmp_path / "a.gz", raw))) == raw


def test_a_mapped_file_cannot_be_written_through(tmp_path):
    (tmp_path / "digits").write_bytes(idx.encode(DIGITS))
    assert not idx.map_file(tmp_path / "digits").flags.writeable


FAULTS = {
    "empty": (b"", "not an IDX file"),
    "a web page": (b"<!DOCTYPE html>", "not an IDX file"),
    "signed bytes": (b"\0\0\x09\1\0\0\0\1\0", "IDX type 0x09"),
    "no dimensions": (b"\0\0\x08\0", "0 dimensions"),
    "too many dimensions": (b"\0\0\x08\xff" + b"\0\0\0\1" * 255, "255 dimensions"),
    "header cut": (b"\0\0\x08\3\0\0\0\1", "ends within its IDX header"),
    "enormous": (b"\0\0\x08\3" + b"\xff" * 12, "more than any file holds|more than 2 GiB; unpack"),
    "enormous and empty": (
        b"\0\0\x08\3" + bytes(4) + b"\xff" * 8,
        "more than any file holds|more than 2 GiB; unpack",
    ),
    "large and cut short": (
        b"\0\0\x08\3" + bytes([0, 64, 0, 0, 0, 0, 0, 28, 0, 0, 0, 28]),
        "3,288,334,352 bytes, the file has 16|more than 2 GiB; unpack",
    ),
    "one byte short": (idx.encode(DIGITS)[:-1], r"40 bytes, the file has 39|ends 1 bytes before"),
    "one byte over": (idx.encode(DIGITS) + b"\0", "40 bytes, the file has 41|goes on after the 24"),
}


@pytest.mark.parametrize(("raw", "message"), FAULTS.values(), ids=FAULTS)
def test_what_is_not_whole_idx_is_refused_by_name(tmp_path, raw, message):
    plain = tmp_path / "digits"
    plain.write_bytes(raw)
    with pytest.raises(DataError, match=rf"digits: .*({message})"):
        idx.map_file(plain)
    with pytest.raises(DataError, match=rf"digits.gz: .*({message})"):
        list(idx.decompress(packed(tmp_path / "digits.gz", raw)))


@many_files
@given(st.data())
def test_damage_to_a_packed_file_is_never_read_as_other_digits(tmp_path, data):
    raw = idx.encode(DIGITS)
    damaged = bytearray(gzip.compress(raw))
    position = data.draw(st.integers(0, len(damaged) - 1))
    damaged[position] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "digits.gz"
    path.write_bytes(damaged)
    try:
        read = b"".join(idx.decompress(path))
    except DataError:
        return
    assert read == raw  # the damage was to what does not matter, such as the time of writing


@pytest.mark.parametrize("kept", [3, 12, 20, -8, -1])
def test_a_packed_file_cut_short_is_refused(tmp_path, kept):
    path = packed(tmp_path / "digits.gz", idx.encode(DIGITS))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(DataError, match=r"digits\.gz: damaged gzip file"):
        list(idx.decompress(path))


def test_a_bomb_takes_no_memory(tmp_path):
    header = idx.encode(np.zeros((1, 28, 28), np.uint8))
    path = packed(tmp_path / "bomb.gz", header + bytes(64 * 2**20))
    tracemalloc.start()
    with pytest.raises(DataError, match="goes on after the 784 bytes"):
        list(idx.decompress(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**20
