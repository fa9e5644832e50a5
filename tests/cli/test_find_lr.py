"""``mlp train --find-lr`` suggests a learning rate, and leaves nothing but a picture asked for."""

import json
from pathlib import Path

import pytest
from PIL import Image

FIND = ("train", "--config", "tiny.yaml", "--find-lr")


@pytest.fixture(autouse=True)
def nothing_else(here):
    """No file is left that is not named."""
    yield
    assert {path.name for path in here.iterdir()} <= {"tiny.yaml", "range.png"}


def test_json_has_the_rates_the_losses_and_the_suggestion(mlp):
    done = mlp(*FIND, "--json")
    assert (done.code, done.err) == (0, "")
    (line,) = done.out.splitlines()
    found = json.loads(line)
    assert list(found) == ["suggested", "rates", "losses"]
    assert len(found["rates"]) == len(found["losses"]) > 100
    assert found["rates"] == sorted(found["rates"])
    best = found["rates"][found["losses"].index(min(found["losses"]))]
    assert found["suggested"] == pytest.approx(best / 10, rel=0.5)


def test_the_text_has_the_banner_the_chart_and_the_flag_to_paste(run_mlp, mlp):
    done = run_mlp(*FIND)
    assert (done.code, done.err) == (0, "")
    found = json.loads(mlp(*FIND, "--json").out)
    assert done.out.startswith("data         mnist-5k: 240 to train")
    assert done.out.count("•") > 30
    assert f"suggested    --lr {found['suggested']:g}, a tenth of" in done.out


def test_out_is_the_picture(mlp, here):
    drawn = mlp(*FIND, "--out", "range.png")
    assert (drawn.code, drawn.err) == (0, "")
    assert drawn.out == mlp(*FIND).out + "Drawn into range.png\n"
    with Image.open(here / "range.png") as picture:
        assert picture.format == "PNG"


def test_a_picture_that_cannot_be_written_is_one_line(mlp):
    done = mlp(*FIND, "--out", "nowhere/range.png")
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert line.startswith("Error: cannot write nowhere/range.png")


@pytest.mark.parametrize(
    "flags",
    [
        ["--batch-size", 1],
        ["--batch-size", "all"],
        ["--set", "norm=batch", "--set", "augment=digits"],
        ["--set", "minutes=1e-9"],
        ["--set", "schedule=one_cycle", "--set", "optimizer.lr=1e30"],
        ["--set", "loss=sse", "--set", "output=identity", "--set", "optimizer=sgd"],
    ],
    ids=str,
)
def test_it_works_with_any_config(mlp, flags):
    done = mlp(*FIND, *flags)
    assert (done.code, done.err) == (0, "")
    assert "suggested    --lr " in done.out


@pytest.mark.parametrize(
    "flags", [["--dry-run"], ["--quiet"], ["--lr", 1], ["--epochs", 1]], ids=str
)
def test_what_it_would_not_heed_is_refused(mlp, flags):
    done = mlp(*FIND, *flags)
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("Error: --find-lr: tries a config with all rates; leave --resume, ")


def test_where_no_rate_lowers_the_loss_none_is_suggested(mlp):
    still = ["--set", "init=zeros", "--set", "activation=relu"]
    done = mlp(*FIND, *still)
    assert done.code == 0
    assert "no rate lowered the loss" in done.out
    assert json.loads(mlp(*FIND, *still, "--json").out)["suggested"] is None


def test_for_a_run_it_is_refused(mlp):
    done = mlp("train", "--resume", "latest", "--find-lr")
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert line.startswith("Error: --find-lr: tries a config with all rates; ")


def test_a_network_that_gives_no_finite_loss_at_all_is_one_line(mlp):
    huge = ["--set", "init={name: uniform, limit: 1e30}", "--set", "activation=relu"]
    done = mlp(*FIND, *huge, "--set", "loss=mse", "--set", "output=identity", "--json")
    assert (done.code, done.out) == (1, "")
    (line,) = done.err.splitlines()
    assert line.startswith("Error: the training diverged at epoch 1, by step ")
    assert not Path("runs").exists()
