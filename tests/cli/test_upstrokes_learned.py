"""Upstrokes in a training: told, resumed with the same bits, refused where there are no 1s."""

import numpy as np
from PIL import Image

from mlp_cli.training.checkpoint import load

LEARNED = ["--set", "data.upstrokes=0.5"]


def test_a_run_goes_on_with_the_same_bits(mlp, here):
    done = mlp("train", "--config", "tiny.yaml", "--epochs", 2, "--out", "run", *LEARNED)
    assert "\ndata         mnist-5k, upstrokes on 0.5 of the 1s: " in f"\n{done.out}"
    assert mlp("train", "--resume", "run", "--epochs", 4, "-q").code == 0
    flags = ["--epochs", 4, "-q"]
    assert mlp("train", "--config", "tiny.yaml", "--out", "at-once", *flags, *LEARNED).code == 0
    assert mlp("train", "--config", "tiny.yaml", "--out", "plain", *flags).code == 0
    resumed, undisturbed, other = (
        load(here / run / "last.npz").theta for run in ("run", "at-once", "plain")
    )
    assert np.array_equal(resumed, undisturbed)
    assert not np.array_equal(resumed, other)


def test_data_of_ones_own_without_ones_is_refused(mlp, here):
    for letter in "ab":
        (here / "mine" / letter).mkdir(parents=True)
        for i in range(6):
            page = Image.new("L", (60, 60), "white")
            page.paste("black", (20, 10, 25 + i, 50))
            page.save(here / "mine" / letter / f"{i}.png")
    flags = ["--set", "data.validation=2", "--out", "run"]
    done = mlp("train", "--config", "tiny.yaml", "--set", "data.name=./mine", *flags, *LEARNED)
    assert done.code == 1
    assert "mine: has no class 1 to draw upstrokes on; leave data.upstrokes out" in done.err
    assert len(done.err.splitlines()) == 1
    assert not (here / "run").exists()
