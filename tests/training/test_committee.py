"""A committee answers with the mean of probabilities: its members', and of copies of an image."""

import numpy as np
import pytest
from toys import CLASSES, SHAPE, toy_config, toy_dataset

from mlp_cli.data.augment import AUGMENTATIONS
from mlp_cli.data.warp import Warp
from mlp_cli.errors import DivergedError
from mlp_cli.randomness import stream
from mlp_cli.training import committee
from mlp_cli.training import evaluate as judging
from mlp_cli.training.committee import judge_together
from mlp_cli.training.evaluate import judge
from mlp_cli.training.loop import Trainer

DATA = toy_dataset(test=30)
ROWS = np.random.default_rng(0).permutation(30)[:20]
MEMBERS = [
    {"seed": 1},
    {"layers": [], "output": "sigmoid", "loss": "mse"},
    {"norm": "batch"},
]


@pytest.fixture(scope="module")
def networks():
    """Three, each of another kind."""
    trainers = [Trainer(toy_config(**keys, batch_size=5), DATA) for keys in MEMBERS]
    for trainer in trainers:
        list(trainer.fit())
    return [trainer.network for trainer in trainers]


def answers(networks, x):
    """Their mean probabilities (B, K) in float64."""
    return np.mean([network.probabilities(x).astype(float) for network in networks], axis=0)


def shown(networks):
    """Each with the examples as they are."""
    return [(network, DATA.test) for network in networks]


def plain():
    return (DATA.test.images[ROWS] / 255).astype(np.float32)


def agrees(found, probabilities):
    labels = DATA.test.labels[ROWS]
    confusion = np.zeros((3, 3), int)
    np.add.at(confusion, (labels, probabilities.argmax(axis=1)), 1)
    right = probabilities[np.arange(len(ROWS)), labels]
    assert found.confusion.tolist() == confusion.tolist()
    assert found.accuracy == confusion.trace() / len(ROWS)
    assert found.loss == pytest.approx(-np.log(right).mean(), rel=1e-5)


@pytest.mark.parametrize("at_once", [7, 1000])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_it_is_judged_by_the_mean_of_the_members_probabilities(
    networks, monkeypatch, at_once, size
):
    monkeypatch.setattr(judging, "JUDGED_AT_ONCE", at_once)
    found = judge_together(shown(networks[:size]), ROWS, CLASSES)
    agrees(found, answers(networks[:size], plain()))
    assert found.examples == len(ROWS)


def test_one_member_alone_or_twice_answers_as_ever(networks):
    network = networks[0]
    alone = judge(network, DATA.test, ROWS, CLASSES)
    for members in ([network], [network, network]):
        found = judge_together(shown(members), ROWS, CLASSES)
        told, known = found.to_json(), alone.to_json()
        assert told.pop("loss") == pytest.approx(known.pop("loss"))
        assert told == known


def test_each_member_answers_to_the_examples_as_it_is_shown_them(networks):
    upright = DATA.shown(upright=True).test
    found = judge_together([(networks[0], DATA.test), (networks[1], upright)], ROWS, CLASSES)
    inputs = plain(), (upright.images[ROWS] / 255).astype(np.float32)
    each = [answers([network], x) for network, x in zip(networks, inputs, strict=False)]
    agrees(found, np.mean(each, axis=0))


def test_the_order_of_the_members_does_not_matter(networks):
    found = [judge_together(shown(m), ROWS, CLASSES) for m in (networks, networks[::-1])]
    assert found[0].confusion.tolist() == found[1].confusion.tolist()


@pytest.mark.parametrize("copies", [1, 5])
@pytest.mark.parametrize("size", [1, 2])
def test_copies_count_as_much_as_the_image_and_are_always_the_same(networks, copies, size):
    limits = AUGMENTATIONS["digits"]()
    seen = [answers(networks[:size], plain())]
    for copy in range(copies):
        changed = np.empty((len(ROWS), 20), np.float32)
        Warp(limits, SHAPE)(DATA.test.images[ROWS], changed, stream(0, "copies", copy))
        seen.append(answers(networks[:size], changed))
    for _ in range(2):
        warp = Warp(limits, SHAPE)
        found = judge_together(shown(networks[:size]), ROWS, CLASSES, copies, warp)
        agrees(found, np.mean(seen, axis=0))


def test_copies_that_are_not_changed_change_nothing(networks):
    still = dict.fromkeys(("shift", "rotate", "scale", "shear", "elastic"), 0.0)
    warp = Warp(AUGMENTATIONS["digits"](**still), SHAPE)
    found = judge_together(shown(networks[:1]), ROWS, CLASSES, 3, warp)
    alone = judge(networks[0], DATA.test, ROWS, CLASSES)
    assert found.confusion.tolist() == alone.confusion.tolist()
    assert found.loss == pytest.approx(alone.loss, rel=1e-4)


def test_each_batch_has_changes_of_its_own(networks, monkeypatch):
    asked = []
    monkeypatch.setattr(committee, "JUDGED_AT_ONCE", 8)
    monkeypatch.setattr(committee, "stream", lambda *key: (asked.append(key), stream(*key))[1])
    warp = Warp(AUGMENTATIONS["digits"](), SHAPE)
    judge_together(shown(networks[:1]), ROWS, CLASSES, 2, warp)
    assert asked == [(0, "copies", copy, first) for copy in (0, 1) for first in (0, 8, 16)]


def test_a_member_that_diverged_is_told(networks):
    sick = Trainer(toy_config(), DATA).network
    sick.theta[:] = np.nan
    with pytest.raises(DivergedError, match="outputs are not finite numbers"):
        judge_together(shown([networks[0], sick]), ROWS, CLASSES)


def test_a_share_of_nothing_is_no_infinite_loss(networks, monkeypatch):
    sure = np.tile(np.float32([1, 0, 0]), (len(ROWS), 1))
    monkeypatch.setattr(committee, "answers", lambda network, split, rows: sure)
    assert np.isfinite(judge_together(shown(networks), ROWS, CLASSES).loss)
