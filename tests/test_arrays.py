"""Arrays of an .npz from anybody: what promises more than it holds is refused before it costs."""

import io
import tracemalloc
import zipfile

import numpy as np
import pytest

from mlp_cli.arrays import read_arrays


def written(path, name, header, data, packing=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr(f"{name}.npy", header + data)
    return path


def header_of(shape, dtype="<f4"):
    out = io.BytesIO()
    page = {"descr": dtype, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(out, page)
    return out.getvalue()


def test_what_numpy_saves_is_read(tmp_path):
    rng = np.random.default_rng(0)
    made = {
        "a": rng.normal(size=(3, 4)),
        "columns": np.asfortranarray(rng.normal(size=(3, 4))),
        "none": np.empty((0, 5), np.uint8),
        "one": np.float32(7),
        "words": np.array(["b", "two"]),
    }
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "made.npz", **made)
        found = read_arrays(tmp_path / "made.npz")
        assert found.keys() == made.keys()
        for name, array in made.items():
            assert np.array_equal(found[name], array)
            assert found[name].dtype == array.dtype


@pytest.mark.parametrize("shape", [(1 << 40,), (1 << 20, 1 << 20), (-1,), (5,), (3,)])
def test_a_header_that_promises_what_is_not_there_costs_nothing(tmp_path, shape):
    path = written(tmp_path / "bad.npz", "a", header_of(shape), bytes(16))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="is not as long as it says"):
            read_arrays(path)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_small_file_that_unpacks_to_very_much_is_refused(tmp_path):
    path = written(tmp_path / "bomb.npz", "a", b"", bytes(1000))
    raw = path.read_bytes().replace((1000).to_bytes(4, "little"), (3 << 30).to_bytes(4, "little"))
    path.write_bytes(raw)
    with pytest.raises(ValueError, match="unpacks to more than 2 GiB"):
        read_arrays(path)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_not_packed_as_numpy_packs_is_refused(tmp_path, packing):
    path = written(tmp_path / "odd.npz", "a", header_of((4,)), bytes(16), packing)
    with pytest.raises(ValueError, match=r"a\.npy is packed in a way that is not known"):
        read_arrays(path)


def test_a_header_that_is_nested_without_end_is_damaged(tmp_path):
    text = b"-" * 9000 + b"1\n"
    header = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text
    with pytest.raises(ValueError, match=r"a\.npy has no header"):
        read_arrays(written(tmp_path / "bad.npz", "a", header, bytes(16)))


def test_objects_are_refused(tmp_path):
    np.savez(tmp_path / "objects.npz", a=np.array([print], object))
    with pytest.raises(ValueError, match=r"a\.npy holds Python objects"):
        read_arrays(tmp_path / "objects.npz")


def test_one_wrong_byte_is_found(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.arange(1000))
    raw = bytearray((tmp_path / "a.npz").read_bytes())
    raw[2000] ^= 1
    (tmp_path / "a.npz").write_bytes(raw)
    with pytest.raises(ValueError, match="Bad CRC-32"):
        read_arrays(tmp_path / "a.npz")
