"""Ranks that share each batch end where one process ends, up to the rounding of sums."""

import sys
from pathlib import Path

import mpirun
import numpy as np
import pytest
import ranked
from hypothesis import given
from hypothesis import strategies as st
from toys import toy_config, toy_dataset

from mlp_cli.data.augment import AUGMENTATIONS
from mlp_cli.data.warp import Warp
from mlp_cli.errors import UsageError
from mlp_cli.training import loop
from mlp_cli.training.loop import Trainer
from mlp_cli.training.ownrows import OwnRows
from mlp_cli.training.ranks import Alone
from mlp_cli.training.shared import SharedTrainer


class Rank(Alone):
    """One of several that are not there."""

    def __init__(self, rank, size):
        self.rank, self.size = rank, size


@pytest.fixture(autouse=True)
def as_in_a_process_of_its_own(monkeypatch):
    """Toys are learned many batches at once, as by the ranks."""
    monkeypatch.setattr(loop, "LEARNED_AT_ONCE", 256)


@pytest.fixture(scope="module", params=[2, 3])
def endings(request, tmp_path_factory):
    """The folder with what every rank of so many came to, and their number."""
    folder = tmp_path_factory.mktemp("ranked")
    paths = f"{Path(ranked.__file__).parent.parent}:{':'.join(filter(None, sys.path))}"
    process = mpirun.start(request.param, ranked.__file__, folder, PYTHONPATH=paths)
    assert mpirun.ended(process) == (0, "", "")
    return folder, request.param


@mpirun.here
@pytest.mark.parametrize("name", ranked.CASES)
def test_several_ranks_learn_as_one_process_does(endings, name):
    folder, ranks = endings
    alone = ranked.ending(Trainer(toy_config(**ranked.CASES[name]), toy_dataset()))
    first, *others = (dict(np.load(folder / f"{name}-{rank}.npz")) for rank in range(ranks))
    assert first.keys() == alone.keys()
    for key, values in alone.items():
        np.testing.assert_allclose(first[key], values, rtol=1e-4, atol=2e-6, err_msg=key)
    for other in others:
        for key, values in first.items():
            assert values.tobytes() == other[key].tobytes(), key
    assert not np.array_equal(alone["theta"], start(ranked.CASES[name]))


def start(keys):
    return Trainer(toy_config(**keys), toy_dataset()).network.theta


def test_early_stopping_is_among_them():
    trainer = Trainer(toy_config(**ranked.CASES["stopping"]), toy_dataset())
    ranked.ending(trainer)
    assert trainer.stopped_early


@given(n=st.integers(0, 40), size=st.integers(1, 9))
def test_the_parts_of_a_batch_are_the_batch_and_as_even_as_can_be(n, size):
    parts = [list(range(n))[Rank(rank, size).rows(n)] for rank in range(size)]
    assert [row for part in parts for row in part] == list(range(n))
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@given(
    size=st.integers(1, 4),
    batches=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    draws=st.lists(st.tuples(st.booleans(), st.integers(1, 5)), min_size=1, max_size=4),
)
def test_a_rank_draws_its_rows_of_what_one_process_draws(size, batches, draws):
    whole_rng = np.random.default_rng(3)
    every = [Rank(rank, size) for rank in range(size)]
    parts = [[(rank.rows(n), n) for n in batches] for rank in every]
    own = [OwnRows(np.random.default_rng(3), each) for each in parts]
    for i, n in enumerate(batches):
        for normal, width in draws:
            method = "standard_normal" if normal else "random"
            whole = np.empty((n, width), np.float32)
            getattr(whole_rng, method)(dtype=np.float32, out=whole)
            for rank, rng in zip(every, own, strict=True):
                rng.batch = i
                out = np.empty_like(whole[rank.rows(n)])
                getattr(rng, method)(dtype=np.float32, out=out)
                np.testing.assert_array_equal(out, whole[rank.rows(n)])


@pytest.mark.parametrize("kind", ["digits", "clothes"])
def test_some_images_are_warped_as_among_all(kind):
    shape, rng = (6, 5), np.random.default_rng
    pixels = rng(0).integers(0, 256, (300, 30)).astype(np.uint8)  # in three goes
    own = rng(1).random(300) < 0.4
    own[128:256] = False
    warp = Warp(AUGMENTATIONS[kind](erase=0.5), shape)
    whole = warp(pixels, np.empty(pixels.shape, np.float32), rng(2))
    some = warp(pixels[own], np.empty((own.sum(), 30), np.float32), rng(2), own)
    np.testing.assert_array_equal(some, whole[own])


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"norm": "batch"}, "norm: batch is over whole batches, of which each of 2 ranks"),
        ({"minutes": 1}, "minutes: are measured by one process alone; set epochs"),
    ],
)
def test_what_is_not_shared_is_refused(keys, message):
    with pytest.raises(UsageError, match=message):
        SharedTrainer(toy_config(**keys), toy_dataset(), 1, Rank(0, 2))
