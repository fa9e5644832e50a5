"""Changes of growing size: as large as they say, always the same, and judged like anything else."""

import numpy as np
import pytest

from mlp_cli import shipped
from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.deskew import deskew
from mlp_cli.data.split import Split
from mlp_cli.nn import ACTIVATIONS, LOSSES, Network
from mlp_cli.randomness import stream
from mlp_cli.training.robustness import CHANGES, robustness

SHAPE = (28, 28)
BY_NAME = {change.name: change for change in CHANGES}


@pytest.fixture(scope="module")
def digits():
    test = open_dataset("mnist-5k", shipped.DATA).test
    return Split(np.asarray(test.images[:200]), test.labels[:200])


def untrained(seed):
    net = Network([784, 10], [ACTIVATIONS["softmax"]()], LOSSES["cross_entropy"]())
    net.theta[:] = np.random.default_rng(seed).normal(size=net.theta.size) / 28
    return net


def shares(network, images):
    return network.probabilities((images / 255).astype(np.float32))


def changed(name, images, amount):
    return BY_NAME[name].make(images, SHAPE, amount, np.random.default_rng(0))


def test_without_a_change_it_is_the_accuracy_of_the_mean(digits):
    members = [(untrained(0), False), (untrained(1), True)]
    upright = deskew(digits.images, SHAPE)
    mean = shares(members[0][0], digits.images) + shares(members[1][0], upright)
    expected = np.mean(mean.argmax(axis=1) == digits.labels)
    for each in robustness(members, digits, SHAPE):
        assert each.change.amounts[0] == 0
        assert len(each.accuracies) == len(each.change.amounts)
        assert each.accuracies[0] == expected


@pytest.mark.parametrize("upright", [False, True])
def test_each_amount_is_judged_on_images_changed_so_far(digits, upright):
    network = untrained(2)
    for each in robustness([(network, upright)], digits, SHAPE):
        assert each.change is BY_NAME[each.change.name]
        for amount, found in zip(each.change.amounts[1:], each.accuracies[1:], strict=True):
            rng = stream(0, f"robustness: {each.change.name}")
            images = each.change.make(digits.images, SHAPE, amount, rng)
            answers = shares(network, deskew(images, SHAPE) if upright else images)
            assert found == np.mean(answers.argmax(axis=1) == digits.labels)


def test_moved_images_lie_so_many_pixels_away_along_both_axes(digits):
    moved = changed("moved", digits.images, 2).reshape(-1, *SHAPE)
    for before, after in zip(digits.images.reshape(-1, *SHAPE), moved, strict=True):
        framed = np.pad(before, 4)
        places = [framed[4 + y : 32 + y, 4 + x : 32 + x] for y in (-2, 2) for x in (-2, 2)]
        assert any(np.array_equal(after, place) for place in places)


def test_turned_images_are_turned_one_way_or_the_other(digits):
    bar = np.zeros((40, *SHAPE), np.uint8)
    bar[:, 4:24, 13:15] = 255
    turned = changed("turned", bar.reshape(40, -1), 45).reshape(-1, *SHAPE)
    y, x = np.indices(SHAPE) - 13.5
    slopes = [(image * x * y).sum() / (image * y * y).sum() for image in turned.astype(float)]
    assert np.abs(slopes) == pytest.approx(np.ones(40), abs=0.1)
    assert len(set(np.sign(slopes))) == 2


def test_noise_has_its_deviation_and_stays_a_picture(digits):
    grey = np.full((50, 784), 128, np.uint8)
    noisy = changed("noise", grey, 0.1)
    assert noisy.dtype == np.uint8
    assert noisy.std() == pytest.approx(25.5, rel=0.05)
    assert abs(noisy.mean() - 128) < 1
