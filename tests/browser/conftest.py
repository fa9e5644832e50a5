"""A browser without a window, which asks nobody for anything."""

import shutil

import pytest

from mlp_cli.cli.main import run
from mlp_cli.training.checkpoint import load
from mlp_cli.training.names import find_checkpoint

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update")


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright")
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def opened(browser):
    """Opens a file in a fresh window; nothing may fail in it or be asked of anybody."""
    faults, windows = [], []

    def open_file(path, **options):
        window = browser.new_context(**options)
        page = window.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text))
        page.on("request", lambda request: asked(request.url, path))
        page.goto(path.as_uri())
        windows.append(window)
        return page

    def asked(url, path):
        if url != path.as_uri():
            faults.append(f"asked for {url}")

    yield open_file
    for window in windows:
        window.close()
    assert faults == []


@pytest.fixture(scope="session")
def page_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("drawing") / "draw.html"
    assert run(["export", "shipped", "--format", "html", "--out", str(path)]) == 0
    return path


@pytest.fixture(scope="session")
def saved():
    return load(find_checkpoint("shipped"))
