"""What is not a whole checkpoint is refused in one line, and nothing in it is ever run."""

import contextlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlp_cli.errors import CheckpointError
from mlp_cli.training.checkpoint import load, save


@pytest.fixture(scope="module")
def whole(trainer, tmp_path_factory):
    """The bytes of a checkpoint."""
    path = tmp_path_factory.mktemp("whole") / "last.npz"
    save(trainer, path)
    return path.read_bytes()


def contents(path):
    with np.load(path, allow_pickle=False) as archive:
        return dict(archive)


def refused(path):
    with pytest.raises(CheckpointError) as caught:
        load(path).network()
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


def test_a_pickled_array_is_refused(saved):
    arrays = contents(saved)
    np.savez(saved, **{**arrays, "theta": np.array([print], dtype=object)}, allow_pickle=True)
    refused(saved)


def test_another_format_is_refused_by_its_number(saved):
    arrays = contents(saved)
    page = {**json.loads(arrays.pop("page").tobytes()), "format": 99}
    np.savez(saved, page=np.frombuffer(json.dumps(page).encode(), np.uint8), **arrays)
    assert "format 99, and this program reads 1" in refused(saved)


@pytest.mark.parametrize("change", [{"epoch": 7}, {"val_loss": None, "val_accuracy": None}])
def test_epochs_must_be_those_of_one_training(saved, change):
    arrays = contents(saved)
    page = json.loads(arrays.pop("page").tobytes())
    (epoch,) = page["history"]
    page["history"] = [epoch, {**epoch, "epoch": 2, **change}]
    page["position"] = {**page["position"], "epoch": 2}
    np.savez(saved, page=np.frombuffer(json.dumps(page).encode(), np.uint8), **arrays)
    refused(saved)


@pytest.mark.parametrize("name", ["page", "theta", "memory.m", "memory.v"])
def test_each_array_must_be_there(saved, name):
    arrays = contents(saved)
    del arrays[name]
    np.savez(saved, **arrays)
    refused(saved)


@pytest.mark.parametrize("name", ["theta", "memory.m", "memory.v"])
def test_each_array_must_be_as_long_as_the_network_has_parameters(saved, name):
    arrays = contents(saved)
    np.savez(saved, **{**arrays, name: arrays[name][:-1]})
    assert "damaged" in refused(saved)


@pytest.mark.parametrize(
    "page",
    ["[]", "{}", "null", '"page"', "{", "", "\xff", "[" * 100_000, '{"format": 1}'],
    ids=lambda page: page[:8],
)
def test_another_page_is_refused(saved, page):
    arrays = contents(saved)
    np.savez(saved, **{**arrays, "page": np.frombuffer(page.encode("latin-1"), np.uint8)})
    refused(saved)


@pytest.mark.parametrize(
    "change",
    [
        {"config": {"layers": [0]}},
        {"config": 5},
        {"position": {"where": 1}},
        {"position": None},
        {"history": [{"epoch": 1}]},
        {"shape": [28]},
        {"classes": 3},
    ],
    ids=str,
)
def test_a_page_with_something_wrong_is_refused(saved, change):
    arrays = contents(saved)
    page = {**json.loads(arrays.pop("page").tobytes()), **change}
    np.savez(saved, page=np.frombuffer(json.dumps(page).encode(), np.uint8), **arrays)
    refused(saved)


@pytest.mark.parametrize(
    "data", [b"", b"digits", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"\x80\x04."]
)
def test_a_file_of_another_kind_is_refused(tmp_path, data):
    path = tmp_path / "last.npz"
    path.write_bytes(data)
    refused(path)


def test_an_array_alone_is_refused(tmp_path):
    np.save(tmp_path / "theta.npy", np.zeros(3))
    refused(tmp_path / "theta.npy")


def test_a_folder_is_refused(tmp_path):
    assert "Is a directory" in refused(tmp_path)


def test_a_missing_file_is_told(tmp_path):
    assert "there is no such checkpoint" in refused(tmp_path / "last.npz")


@given(share=st.floats(0, 1, exclude_max=True))
def test_cut_short_anywhere_it_is_refused(whole, tmp_path_factory, share):
    path = tmp_path_factory.getbasetemp() / "cut.npz"
    path.write_bytes(whole[: int(share * len(whole))])
    refused(path)


@settings(max_examples=300)
@given(data=st.data())
def test_with_any_bit_flipped_it_is_refused_or_nothing_has_changed(whole, tmp_path_factory, data):
    bit = data.draw(st.integers(0, 8 * len(whole) - 1))
    bent = bytearray(whole)
    bent[bit // 8] ^= 1 << bit % 8
    path = tmp_path_factory.getbasetemp() / "bent.npz"
    path.write_bytes(whole)
    unbent = load(path)
    path.write_bytes(bent)
    with contextlib.suppress(CheckpointError):
        found = load(path)
        assert found.theta.tobytes() == unbent.theta.tobytes()
        assert {k: v.tobytes() for k, v in found.memory.items()} == {
            k: v.tobytes() for k, v in unbent.memory.items()
        }
        assert (found.config, found.position) == (unbent.config, unbent.position)
