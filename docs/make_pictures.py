"""The README's pictures of the program at work, made anew: python docs/make_pictures.py.

It takes the full MNIST (MLP_DATA_DIR), the dev extra and Chromium, and trains two small networks.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "browser"))

from drawn import DIGITS, draw
from papers import NUISANCES
from sheets import Sheet, developed, enlarged

from mlp_cli.data.dataset import open_dataset
from mlp_cli.data.directory import data_directory

DOCS = Path(__file__).parent.resolve()
NUMBER = (4, 7, 1, 1)
TERMINAL = """<meta charset="utf-8"><style>
body { margin: 0; display: inline-block; background: #16181c; color: #eee; }
pre { font: 14px/1.25 "DejaVu Sans Mono", monospace; margin: 1rem; }</style><pre>"""


def main() -> None:
    """Make them all."""
    with tempfile.TemporaryDirectory() as folder, browsing() as page:
        os.chdir(folder)
        mlp("train", "--config", "quickstart", "--quiet")
        mlp("train", "--config", "quickstart", "--quiet", "--set", "augment=null")
        drawing(page)
        report(page)
        number()
        inside()
        comparison = mlp("runs", "compare", "runs/quickstart-001", "runs/quickstart-002")
        terminal(page, "mlp runs compare quickstart-001 quickstart-002", comparison, "compare.png")
        pages = mlp("walkthrough").split("\n── ")
        (slope,) = [each for each in pages if each.startswith("The loss over one weight")]
        terminal(page, "mlp walkthrough", f"…\n── {slope.strip()}\n…", "walkthrough.png")


def drawing(page: Page) -> None:
    """The exported page, with a digit drawn."""
    mlp("export", "shipped", "--format", "html", "--out", "draw.html")
    page.goto(Path("draw.html").resolve().as_uri())
    draw(page, DIGITS["5"])
    page.wait_for_timeout(500)
    page.screenshot(path=DOCS / "draw.png", full_page=True)
    smaller(DOCS / "draw.png")


def report(page: Page) -> None:
    """The first part of an evaluation's page."""
    mlp("eval", "shipped", "--report", "report")
    page.goto(Path("report/report.html").resolve().as_uri())
    page.set_viewport_size({"width": 1000, "height": 1500})
    page.screenshot(path=DOCS / "report.png")
    smaller(DOCS / "report.png")


def number() -> None:
    """A number on squared paper, and what was read in it."""
    test = open_dataset("mnist", data_directory(None)).test
    rng = np.random.default_rng(0)
    chosen = [int(rng.choice(np.flatnonzero(test.labels == digit))) for digit in NUMBER]
    inks = [enlarged(test.images[i].reshape(28, 28), rng, times=5) for i in chosen]
    high = max(ink.shape[0] for ink in inks)
    row = np.hstack([np.pad(ink, ((0, high - ink.shape[0]), (0, 0))) for ink in inks])
    sheet = Sheet(row, rng)
    for nuisance in ("squared paper", "coloured ink"):
        for spoil in NUISANCES[nuisance]:
            spoil(sheet)
    Path("number.png").write_bytes(developed(sheet))
    (DOCS / "number.png").unlink(missing_ok=True)
    print(mlp("predict", "number.png", "--split", "--annotate", str(DOCS / "number.png")))
    smaller(DOCS / "number.png")


def inside() -> None:
    """What the first layer looks for."""
    mlp("inspect", "shipped", "--figures", "inside")
    (DOCS / "inside.png").write_bytes(Path("inside/weights.png").read_bytes())
    smaller(DOCS / "inside.png")


def terminal(page: Page, command: str, text: str, name: str) -> None:
    """What a command prints, as a terminal shows it."""
    Path("terminal.html").write_text(f"{TERMINAL}$ {escape(command)}\n{escape(text)}", "utf-8")
    page.goto(Path("terminal.html").resolve().as_uri())
    page.locator("body").screenshot(path=DOCS / name)
    smaller(DOCS / name)


def mlp(*arguments: str) -> str:
    """What the program prints."""
    command = [sys.executable, "-m", "mlp_cli", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def smaller(path: Path) -> None:
    """A picture in 64 colours, which are enough for it."""
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(64)
    few.save(path, optimize=True)


@contextmanager
def browsing() -> Iterator[Page]:
    """A window that nobody sees."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 1000, "height": 900}, color_scheme="light")
        browser.close()


if __name__ == "__main__":
    main()
