"""``mlp train``: a run folder with everything in it, and on the screen what was asked for."""

import csv
import json
import shlex
from pathlib import Path

import numpy as np
import pytest
import yaml
from toys import bits

from mlp_cli import blas
from mlp_cli.training.checkpoint import load

RUN = Path("runs/tiny-001")


def strict(line):
    """JSON as every reader knows it: without NaN and Infinity."""

    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    return json.loads(line, parse_constant=refuse)


def test_a_run_folder_has_everything(mlp):
    done = mlp("train", "--config", "tiny.yaml", "--set", "plots=true")
    assert (done.code, done.err) == (0, "")
    assert {path.name for path in RUN.iterdir()} == {
        "config.yaml",
        "metrics.csv",
        "summary.json",
        "best.npz",
        "last.npz",
        "curves.png",
        "confusion.png",
    }
    for picture in ("curves.png", "confusion.png"):
        assert (RUN / picture).read_bytes().startswith(b"\x89PNG")
    assert len((RUN / "metrics.csv").read_text().splitlines()) == 4
    assert yaml.safe_load((RUN / "config.yaml").read_text())["batch_size"] == 50


def test_plots_can_be_left_out(mlp):
    mlp("train", "--config", "tiny.yaml")
    assert not list(RUN.glob("*.png"))


def test_without_validation_the_pictures_are_drawn_too(mlp):
    flags = ["--set", "data.validation=0", "--set", "plots=true"]
    assert mlp("train", "--config", "tiny.yaml", *flags).code == 0
    assert (RUN / "curves.png").is_file()


def test_the_summary_has_what_scripts_look_for(mlp):
    mlp("train", "--config", "tiny.yaml", "--seed", 3)
    summary = strict((RUN / "summary.json").read_text())
    for key in ("test_accuracy", "val_accuracy", "train_accuracy"):
        assert 0 <= summary[key] <= 1
    for key in ("test_loss", "val_loss", "train_cost", "training_seconds", "seconds"):
        assert summary[key] > 0
    assert 1 <= summary["best_epoch"] <= summary["epochs"] == 3
    assert summary["seed"] == 3
    assert set(summary["versions"]) == {"mlp", "numpy", "python", "blas"}
    assert summary["versions"]["blas"] == str(blas.describe())
    assert "command" in summary


def test_the_summary_keeps_the_command_as_typed(run_mlp):
    run_mlp("train", "--config", "tiny.yaml", "--set", "layers=[4, 4]", "--quiet")
    summary = json.loads((RUN / "summary.json").read_text())
    assert summary["command"] == "mlp train --config tiny.yaml --set 'layers=[4, 4]' --quiet"


def test_each_training_has_a_folder_of_its_own(mlp):
    for _ in range(2):
        mlp("train", "--config", "tiny.yaml", "--epochs", 1)
    assert sorted(path.name for path in Path("runs").iterdir()) == ["tiny-001", "tiny-002"]


def test_out_is_the_run_folder_and_is_not_used_twice(mlp):
    assert mlp("train", "--config", "tiny.yaml", "--out", "mine").code == 0
    before = Path("mine/last.npz").read_bytes()
    again = mlp("train", "--config", "tiny.yaml", "--out", "mine")
    assert again.code == 2
    assert "--out mine: has a run in it already" in again.err
    assert Path("mine/last.npz").read_bytes() == before
    assert [path.name for path in Path("runs").iterdir()] == ["elsewhere.txt"]


def test_the_same_seed_gives_the_same_bits(mlp):
    for out, seed in (("a", 0), ("b", 0), ("c", 1)):
        mlp("train", "--config", "tiny.yaml", "--out", out, "--seed", seed)
    assert bits("a/last.npz") == bits("b/last.npz")
    assert bits("a/last.npz") != bits("c/last.npz")


def test_flags_go_before_settings_and_settings_before_the_file(mlp):
    settings = ["--set", "epochs=2", "--set", "optimizer.lr=3e-4", "--set", "batch_size=20"]
    mlp("train", "--config", "tiny.yaml", *settings, "--batch-size", "all", "--lr", "1e-2")
    config = yaml.safe_load((RUN / "config.yaml").read_text())
    assert config["epochs"] == 2
    assert config["batch_size"] == "all"
    assert config["optimizer"]["learning_rate"] == 0.01


def test_json_is_a_line_per_epoch_and_the_summary_last(run_mlp):
    done = run_mlp("train", "--config", "tiny.yaml", "--json")
    assert (done.code, done.err) == (0, "")
    *epochs, summary = map(strict, done.out.splitlines())
    assert [row["epoch"] for row in epochs] == [1, 2, 3]
    with (RUN / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [{key: str(value) for key, value in row.items()} for row in epochs] == rows
    assert summary == {"run": str(RUN), **json.loads((RUN / "summary.json").read_text())}


def test_json_says_null_where_nothing_was_validated(mlp):
    done = mlp("train", "--config", "tiny.yaml", "--json", "--set", "data.validation=0")
    *epochs, summary = map(strict, done.out.splitlines())
    assert {row["val_loss"] for row in epochs} == {None}
    assert summary["val_accuracy"] is None


def test_quiet_prints_nothing(run_mlp):
    done = run_mlp("train", "--config", "tiny.yaml", "--quiet")
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (RUN / "summary.json").is_file()


def test_the_end_names_the_accuracy_the_folder_and_the_next_command(mlp):
    done = mlp("train", "--config", "tiny.yaml")
    summary = json.loads((RUN / "summary.json").read_text())
    assert f"accuracy {100 * summary['test_accuracy']:.2f} %" in done.out
    *_, folder, following = done.out.splitlines()
    assert folder.split() == ["run", str(RUN)]
    assert following == "next         mlp predict --checkpoint runs/tiny-001 --index 17 --show"


def test_the_next_command_can_be_pasted_and_names_the_data_directory(mlp):
    done = mlp("train", "--config", "tiny.yaml", "--out", "my run", "--data-dir", "my data")
    _, program, *words = shlex.split(done.out.splitlines()[-1])
    assert program == "mlp"
    assert words[words.index("--checkpoint") + 1] == "my run"
    assert words[words.index("--data-dir") + 1] == "my data"
    assert mlp(*words).code == 0


def test_a_dry_run_shows_the_plan_and_leaves_nothing(mlp):
    done = mlp("train", "--config", "tiny.yaml", "--dry-run")
    assert done.code == 0
    assert "6,370 parameters" in done.out
    assert "15 steps in all" in done.out
    assert not Path("runs").exists()


def test_sigmoids_that_have_all_gone_to_0_end_a_training_like_any_other(mlp):
    dead = ["--set", "output=sigmoid", "--set", "loss=absolute", "--lr", 1.0]
    assert mlp("train", "--config", "tiny.yaml", *dead, "--quiet").code == 0
    (line,) = mlp("predict", "-c", "latest", "--index", 0, "--json").out.splitlines()
    assert sum(strict(line)["probabilities"].values()) == pytest.approx(1)


def test_a_run_that_diverged_in_its_last_step_can_be_told_but_not_used(mlp):
    last = ["--epochs", 1, "--batch-size", "all", "--set", "data.validation=0", "--lr", 1e30]
    judged = ["--set", "optimizer.name=sgd", "--set", "output=identity", "--set", "loss=mse"]
    assert mlp("train", "--config", "tiny.yaml", *last, *judged, "--quiet").code == 1
    for words in (["eval", "latest"], ["predict", "-c", "latest", "--index", 0, "--json"]):
        done = mlp(*words)
        assert (done.code, done.out) == (1, "")
        assert done.err.endswith("outputs are not finite numbers: its training diverged\n")
    assert mlp("inspect", "latest").code == 0


@pytest.mark.parametrize("batch_size", [50, "all"])
@pytest.mark.parametrize(
    "judged", [["output=softmax", "loss=cross_entropy"], ["output=identity", "loss=mse"]]
)
def test_a_rate_far_too_large_is_one_line(run_mlp, batch_size, judged):
    settings = [word for setting in judged for word in ("--set", setting)]
    flags = ["--lr", "1e30", "--batch-size", batch_size, *settings]
    done = run_mlp("train", "--config", "tiny.yaml", *flags)
    assert done.code == 1
    (line,) = done.err.splitlines()
    assert line.startswith("Error: the training diverged at epoch 1, by step ")
    assert "try a smaller optimizer.learning_rate" in line
    assert [path.name for path in RUN.glob("*.npz")] == ["last.npz"]
    saved = load(RUN / "last.npz")  # as it began
    assert (saved.position.epoch, saved.position.step) == (0, 0)
    assert np.isfinite(saved.theta).all()


def test_more_held_out_than_there_is_leaves_no_run(mlp):
    done = mlp("train", "--config", "tiny.yaml", "--set", "data.validation=300")
    assert done.code == 1
    assert "hold out fewer" in done.err
    assert not Path("runs").exists()


def test_the_full_set_is_learned_in_an_epoch(mlp, mnist):
    flags = ["--epochs", 1, "--data-dir", mnist, "--set", "plots=false", "--quiet"]
    assert mlp("train", "--config", "mnist", *flags).code == 0
    summary = json.loads(Path("runs/mnist-001/summary.json").read_text())
    assert summary["val_accuracy"] > 0.94
    assert summary["examples"]["test"] == 10_000
