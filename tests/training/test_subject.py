"""A checkpoint is judged on what its training held out, and told when digits are not new to it."""

from dataclasses import replace

import numpy as np
import pytest
from toys import SHAPE, toy_config, toy_dataset

from mlp_cli.data.deskew import deskew
from mlp_cli.errors import CheckpointError, DataError
from mlp_cli.training.checkpoint import load, save
from mlp_cli.training.loop import Trainer
from mlp_cli.training.subject import common_subject, subject


@pytest.fixture
def trainer():
    return Trainer(toy_config(data={"name": "mnist-5k", "limit": 20, "validation": 5}), DATA)


DATA = toy_dataset()


@pytest.fixture
def saved(trainer, tmp_path):
    save(trainer, tmp_path / "best.npz")
    return load(tmp_path / "best.npz")


def test_train_and_validation_are_those_of_the_training(trainer, saved):
    for part, rows in (("train", trainer.train_rows), ("validation", trainer.val_rows)):
        split, found, _ = subject(saved, DATA, part)
        assert split is DATA.train
        assert found.tolist() == rows.tolist()


def test_test_is_the_whole_test_set(saved):
    split, rows, warning = subject(saved, DATA, "test")
    assert split is DATA.test
    assert rows.tolist() == list(range(12))
    assert warning is None


@pytest.mark.parametrize(
    ("trained_on", "judged_on", "part", "warned"),
    [
        ("mnist-5k", "mnist-5k", "test", False),
        ("mnist-5k", "mnist-5k", "validation", False),
        ("mnist-5k", "mnist-5k", "train", True),
        ("mnist", "mnist-5k", "test", True),
        ("mnist-5k", "mnist", "test", False),
        ("mnist-5k", "mnist", "train", True),
        ("kmnist", "mnist", "train", False),
    ],
)
def test_digits_that_it_may_have_learned_from_are_told(saved, trained_on, judged_on, part, warned):
    data = replace(DATA, name=judged_on)
    _, _, warning = subject(replace(saved, data_name=trained_on), data, part)
    assert (warning is not None) == warned


def test_all_of_another_training_set_is_judged(saved):
    _, rows, _ = subject(saved, replace(DATA, name="mnist"), "train")
    assert rows.tolist() == list(range(30))


def test_another_data_set_has_nothing_held_out(saved):
    with pytest.raises(DataError, match="held digits out of mnist-5k, not of mnist"):
        subject(saved, replace(DATA, name="mnist"), "validation")


def test_a_training_without_validation_has_nothing_held_out(tmp_path):
    trainer = Trainer(toy_config(data={"name": "mnist-5k", "validation": 0}), DATA)
    save(trainer, tmp_path / "best.npz")
    with pytest.raises(DataError, match="this training held nothing out; choose test or train"):
        subject(load(tmp_path / "best.npz"), DATA, "validation")


CHANGED = replace(DATA, train=toy_dataset(seed=1).train)


def test_the_test_part_of_data_that_have_changed_is_judged_with_a_warning(saved):
    split, rows, warning = subject(saved, CHANGED, "test")
    assert split is CHANGED.test
    assert len(rows) == 12
    assert warning == "mnist-5k has changed since, and may be divided otherwise"


@pytest.mark.parametrize("part", ["train", "validation"])
def test_what_was_held_out_of_data_that_have_changed_is_not_known(saved, part):
    with pytest.raises(CheckpointError, match=r"no longer what it was .* judge it on --split test"):
        subject(saved, CHANGED, part)


@pytest.mark.parametrize("change", [{"classes": ("a", "b", "c")}, {"shape": (5, 4)}])
def test_data_of_another_kind_are_refused(saved, change):
    with pytest.raises(CheckpointError, match="judge it on data of its own kind"):
        subject(saved, replace(DATA, **change), "test")


@pytest.fixture
def member(tmp_path):
    """Makes a checkpoint of a training with these keys."""

    def make(name, **keys):
        save(Trainer(toy_config(**keys), DATA), tmp_path / name)
        return load(tmp_path / name)

    return make


@pytest.mark.parametrize("part", ["test", "validation", "train"])
def test_what_is_common_to_one_or_to_equals_is_what_each_is_judged_on(member, part):
    members = [member("a.npz"), member("b.npz", layers=[9], norm="batch")]
    split, rows, warning = subject(members[0], DATA, part)
    for some in (members[:1], members):
        common, found, told = common_subject(some, DATA, part)
        assert len(common) == len(some)
        assert all(each is split for each in common)
        assert found.tolist() == rows.tolist()
        assert told == warning


@pytest.mark.parametrize("part", ["test", "validation", "train"])
def test_a_network_is_judged_on_digits_as_it_learned_from_them(member, part):
    deskewing = {"data": {"name": "mnist-5k", "validation": 6, "deskew": True}}
    split, rows, warning = subject(member("upright.npz", **deskewing), DATA, part)
    plain, same, known = subject(member("plain.npz"), DATA, part)
    assert np.array_equal(split.images, deskew(plain.images, SHAPE))
    assert not np.array_equal(split.images, plain.images)
    assert (rows.tolist(), warning) == (same.tolist(), known)
    both, found, _ = common_subject(
        [member("upright.npz", **deskewing), member("plain.npz")], DATA, part
    )
    assert [each.images.tobytes() for each in both] == [
        split.images.tobytes(),
        plain.images.tobytes(),
    ]
    assert found.tolist() == rows.tolist()


@pytest.mark.parametrize("part", ["validation", "train"])
@pytest.mark.parametrize(
    "keys",
    [
        {"seed": 1},
        *({"data": {"name": "mnist-5k", **d}} for d in ({"validation": 7}, {"limit": 9})),
    ],
    ids=str,
)
def test_members_that_held_out_other_digits_are_refused_but_on_the_test_set(member, part, keys):
    members = [member("a.npz"), member("b.npz", **keys)]
    told = (
        r"b\.npz: its training divided mnist-5k otherwise than that of .*a\.npz; .* --split test$"
    )
    with pytest.raises(CheckpointError, match=told):
        common_subject(members, DATA, part)
    assert common_subject(members, DATA, "test")[2] is None


@pytest.mark.parametrize("change", [{"classes": ("a", "b", "c")}, {"shape": (5, 4)}])
def test_a_member_trained_on_data_of_another_kind_is_refused(member, change):
    members = [member("a.npz"), replace(member("b.npz"), **change)]
    with pytest.raises(CheckpointError, match=r"b\.npz: .* judge it on data of its own kind"):
        common_subject(members, DATA, "test")


def test_the_warning_is_that_of_any_member(member):
    members = [member("a.npz"), replace(member("b.npz"), data_name="mnist")]
    warning = common_subject(members, DATA, "test")[2]
    assert warning == subject(members[1], DATA, "test")[2] is not None
