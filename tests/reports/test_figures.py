import numpy as np
import pytest
from PIL import Image

from mlp_cli.errors import RunError
from mlp_cli.reports import figures
from mlp_cli.reports.figures import (
    draw_confusion,
    draw_curves,
    draw_range_test,
    draw_sheet,
    drawable,
)
from mlp_cli.training.events import EpochDone
from mlp_cli.training.rangetest import RangeTest

KANA = list("おきすつなはまやれを")


def epoch(number, **measures):
    validated = {"val_loss": None, "val_accuracy": None, **measures}
    return EpochDone(
        number, learning_rate=0.1, epoch_seconds=1.0, samples_per_second=10.0, **validated
    )


HISTORY = [
    epoch(1, train_loss=0.5, train_accuracy=0.8, val_loss=0.4, val_accuracy=0.9),
    epoch(2, train_loss=0.3, train_accuracy=0.9, val_loss=0.3, val_accuracy=0.95),
    epoch(3, train_loss=0.2, train_accuracy=0.95, val_loss=0.35, val_accuracy=0.95),
]
RISING = RangeTest((1e-3, 1e-2, 1e-1), (2.0, 0.5, 1.0))


@pytest.fixture
def drawn(monkeypatch):
    """The figures that were saved, in place of their files."""
    saved = []
    monkeypatch.setattr(figures, "save", lambda figure, path: saved.append(figure))
    return saved


def lines(axes):
    return {line.get_label(): np.asarray(line.get_data()).tolist() for line in axes.lines}


def test_curves_show_every_measure_and_the_best_epoch(drawn, tmp_path):
    draw_curves(HISTORY, tmp_path)
    loss, accuracy = (lines(axes) for axes in drawn[0].axes)
    assert loss["training"] == [[1, 2, 3], [0.5, 0.3, 0.2]]
    assert loss["validation"] == [[1, 2, 3], [0.4, 0.3, 0.35]]
    assert accuracy["training"] == [[1, 2, 3], [80, 90, 95]]
    assert accuracy["validation"] == [[1, 2, 3], [90, 95, 95]]
    assert accuracy["best epoch (2)"][0] == [2, 2]


def test_curves_without_validation(drawn, tmp_path):
    draw_curves([epoch(1, train_loss=0.5, train_accuracy=0.8)], tmp_path)
    assert [list(lines(axes)) for axes in drawn[0].axes] == [["training"]] * 2


def test_confusion_writes_counts_and_names(drawn, tmp_path):
    draw_confusion(np.array([[7, 1], [0, 4]]), ["cat", "dog"], tmp_path)
    axes = drawn[0].axes[0]
    assert sorted(text.get_text() for text in axes.texts) == ["1", "4", "7"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["cat", "dog"]
    assert "91.67 % of 12" in axes.get_title()


def test_names_that_the_font_lacks_become_numbers(drawn, tmp_path):
    draw_confusion(np.eye(10, dtype=np.int64), KANA, tmp_path)
    names = [label.get_text() for label in drawn[0].axes[0].get_xticklabels()]
    assert names == [str(number) for number in range(10)]


def test_sheet_has_each_picture_under_its_title(drawn, tmp_path):
    images = np.arange(12 * 4, dtype=np.uint8).reshape(12, 2, 2)
    draw_sheet(images, ["zero", "one", "two"] * 4, tmp_path)
    shown = [axes for axes in drawn[0].axes if axes.images]
    assert [axes.get_title() for axes in shown] == ["zero", "one", "two"] * 4
    assert (np.stack([axes.images[0].get_array() for axes in shown]) == images).all()


def test_a_range_test_shows_the_losses_and_the_suggested_rate(drawn, tmp_path):
    draw_range_test(RISING, tmp_path)
    (axes,) = drawn[0].axes
    losses, suggested = axes.lines
    assert np.asarray(losses.get_data()).tolist() == [[1e-3, 1e-2, 1e-1], [2.0, 0.5, 1.0]]
    assert suggested.get_label() == "suggested (0.001)"
    assert suggested.get_xdata() == [1e-3, 1e-3]
    assert axes.get_xscale() == "log"


@pytest.mark.parametrize(
    "draw",
    [
        lambda path: draw_curves(HISTORY, path),
        lambda path: draw_confusion(np.eye(10, dtype=np.int64), KANA, path),
        lambda path: draw_confusion(np.eye(2, dtype=np.int64), ["$1", "$_{$"], path),
        lambda path: draw_confusion(np.array([[3, 0], [0, 0]]), ["seen", "absent"], path),
        lambda path: draw_confusion(np.eye(40, dtype=np.int64), [str(k) for k in range(40)], path),
        lambda path: draw_range_test(RISING, path),
        lambda path: draw_range_test(RangeTest((1e-6,), (2.5,)), path),
        lambda path: draw_sheet(np.zeros((3, 28, 28), np.uint8), drawable(KANA)[:3], path),
    ],
    ids=["curves", "kana", "dollars", "absent", "many", "range", "one rate", "sheet"],
)
def test_files_are_whole_png_and_nothing_is_left_beside(draw, tmp_path):
    draw(tmp_path / "figure.png")
    assert [file.name for file in tmp_path.iterdir()] == ["figure.png"]
    with Image.open(tmp_path / "figure.png") as picture:
        picture.load()
        assert picture.format == "PNG"


def test_failed_drawing_keeps_the_old_file(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    path = tmp_path / "curves.png"
    path.write_text("old")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(RunError, match=r"curves\.png: No space left"):
        draw_curves(HISTORY, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(RunError, match=r"nowhere/curves\.png: No such file"):
        draw_curves(HISTORY, tmp_path / "nowhere" / "curves.png")
