"""The page says what was measured, stands alone, and lets no name become HTML."""

import re
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from mlp_cli.data.split import Split
from mlp_cli.errors import RunError, UsageError
from mlp_cli.reports.evaluationpage import Judged, write_page
from mlp_cli.training.metrics import evaluate
from mlp_cli.training.robustness import CHANGES, Measured

NASTY = '<b>"x"&'
UPSET = [Measured(each, tuple(np.linspace(0.9, 0.5, len(each.amounts)))) for each in CHANGES]


def judged(n=60, wrong=6, classes=("cat", NASTY, "$owl$"), warning=None):
    """What a page is made of, and the probabilities, so many of which are wrong."""
    rng = np.random.default_rng(0)
    labels = np.arange(n) % 3
    guesses = np.where(np.arange(n) < wrong, (labels + 1) % 3, labels)
    sure = rng.uniform(0.5, 1, n)
    probabilities = np.full((n, 3), 0.0) + ((1 - sure) / 2)[:, None]
    probabilities[np.arange(n), guesses] = sure
    examples = Split(rng.integers(0, 256, (n, 20), np.uint8), labels)
    found = evaluate([(labels, probabilities)], classes, 0.25)
    return Judged([NASTY], NASTY, "test", warning, examples, (4, 5), found), probabilities


class Tags(HTMLParser):
    """Every tag with its attributes, and what is left open."""

    def __init__(self):
        super().__init__()
        self.seen, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in {"meta", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open.pop() != tag:
            pass


def page(folder, **keys):
    about, probabilities = judged(**keys)
    return write_page(about, probabilities, UPSET, folder).read_text("utf-8")


def tags(text):
    parser = Tags()
    parser.feed(text)
    return parser


def test_it_says_what_was_measured(tmp_path):
    text = page(tmp_path / "new" / "report")
    for number in ("90.00 %", "on 60 examples", "Loss 0.2500", "All 6 mistakes"):
        assert number in text
    assert "cat taken for" in text


def test_it_needs_no_other_file(tmp_path):
    text = page(tmp_path)
    assert "http" not in re.sub(r"base64,[^\"]*", "", text)
    pictures = [attrs for tag, attrs in tags(text).seen if tag == "img"]
    kept = {path.read_bytes() for path in tmp_path.glob("*.png")}
    assert len(pictures) == len(kept) == 6
    for attrs in pictures:
        head, data = attrs["src"].split(",")
        assert head == "data:image/png;base64"
        assert b64decode(data) in kept
        assert len(attrs["alt"]) > 20
    assert {tag for tag, _ in tags(text).seen}.isdisjoint({"script", "link", "iframe"})


def test_no_name_becomes_html(tmp_path):
    text = page(tmp_path, warning=f"{NASTY} was seen")
    assert "b" not in [tag for tag, _ in tags(text).seen]
    assert text.count("&lt;b&gt;&quot;x&quot;&amp;") >= 4
    assert "&lt;b&gt;&quot;x&quot;&amp; was seen." in text
    assert "$owl$" in text


def test_all_tags_are_closed(tmp_path):
    assert tags(page(tmp_path)).open == []


def test_many_mistakes_are_the_surest_and_none_is_no_picture(tmp_path):
    assert "40 of 45 mistakes" in page(tmp_path, wrong=45)
    none = page(tmp_path / "none", wrong=0)
    assert "There is none." in none
    assert not (tmp_path / "none" / "mistakes.png").exists()


def test_without_a_warning_there_is_none(tmp_path):
    assert not re.search(r'class="warning"', page(tmp_path))


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    Path(tmp_path, "file").write_text("")
    with pytest.raises(RunError, match=r"file/report: the report cannot be written: "):
        page(tmp_path / "file" / "report")


def test_a_name_that_no_folder_can_have_is_told(tmp_path):
    with pytest.raises(RunError, match=r"x: the report cannot be written: File name too long$"):
        page(tmp_path / ("x" * 300))


def test_the_pictures_of_a_run_are_not_written_over(tmp_path):
    (tmp_path / "last.npz").write_bytes(b"")
    (tmp_path / "confusion.png").write_bytes(b"its own")
    with pytest.raises(UsageError, match="is a run folder"):
        page(tmp_path)
    assert (tmp_path / "confusion.png").read_bytes() == b"its own"


def test_mistakes_of_an_earlier_report_do_not_stay(tmp_path):
    page(tmp_path)
    page(tmp_path, wrong=0)
    assert not (tmp_path / "mistakes.png").exists()
