"""What is drawn for a training: told, resumed with the same bits, refused where it has no sense."""

import numpy as np
import pytest
from PIL import Image

from mlp_cli.training.checkpoint import load

DRAWN = {
    "data.upstrokes=0.5": "upstrokes on 0.5 of the 1s",
    "data.nondigits=0.1": "24 drawings that are no digits",
}
REFUSED = {
    "data.upstrokes=0.5": "has no class 1 to draw upstrokes on; leave data.upstrokes out",
    "data.nondigits=0.1": "has not the classes 0 to 9, and what is no digit may be one of its own; "
    "leave data.nondigits out",
}


@pytest.mark.parametrize("setting", DRAWN)
def test_a_run_goes_on_with_the_same_bits(mlp, here, setting):
    learned = ["--set", setting]
    done = mlp("train", "--config", "tiny.yaml", "--epochs", 2, "--out", "run", *learned)
    assert f"\ndata         mnist-5k, {DRAWN[setting]}: " in f"\n{done.out}"
    assert mlp("train", "--resume", "run", "--epochs", 4, "-q").code == 0
    flags = ["--epochs", 4, "-q"]
    assert mlp("train", "--config", "tiny.yaml", "--out", "at-once", *flags, *learned).code == 0
    assert mlp("train", "--config", "tiny.yaml", "--out", "plain", *flags).code == 0
    resumed, undisturbed, other = (
        load(here / run / "last.npz").theta for run in ("run", "at-once", "plain")
    )
    assert np.array_equal(resumed, undisturbed)
    assert not np.array_equal(resumed, other)


@pytest.mark.parametrize("setting", REFUSED)
def test_data_of_ones_own_with_other_classes_is_refused(mlp, here, setting):
    for letter in "ab":
        (here / "mine" / letter).mkdir(parents=True)
        for i in range(6):
            page = Image.new("L", (60, 60), "white")
            page.paste("black", (20, 10, 25 + i, 50))
            page.save(here / "mine" / letter / f"{i}.png")
    flags = ["--set", "data.validation=2", "--out", "run", "--set", setting]
    done = mlp("train", "--config", "tiny.yaml", "--set", "data.name=./mine", *flags)
    assert done.code == 1
    assert f"mine: {REFUSED[setting]}" in done.err
    assert len(done.err.splitlines()) == 1
    assert not (here / "run").exists()
