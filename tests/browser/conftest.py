"""The real product, and a browser in front of it. One of each serves all the tests of a worker."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import skipped
from tests.end_to_end.chromium import CHROMIUM, browser, page_of
from tests.end_to_end.databases import fresh_database
from tests.end_to_end.live import Installation, StoryOfProcesses

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def missing() -> str:
    """What keeps these tests from running here; empty when nothing does."""
    if importlib.util.find_spec("playwright") is None:
        return "needs playwright: pip install -r requirements-dev.txt"
    return "" if CHROMIUM.exists() else f"needs Debian's Chromium in {CHROMIUM}: apt-get install chromium"


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    return skipped.module(module_path, parent, missing())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("browser")
    with fresh_database(folder) as url:
        product = Installation(folder, url)
        try:
            product.start()
            yield product
        finally:
            product.stop()


@pytest.fixture
def story(running: Installation) -> StoryOfProcesses:
    """The company as it was at first; nobody has said anything."""
    told = StoryOfProcesses(running)
    told.do("begin_again")
    told.goes_on()
    told.do("empty_phones")
    told.everybody_reads()
    return told


@pytest.fixture
def url(story: StoryOfProcesses) -> str:
    return story.installation.url


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Closed with the last test of this folder: while it is open, its thread cannot use the database."""
    with browser() as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Somebody at a desk. Whatever the page writes to its console as an error fails the test."""
    with page_of(chromium) as page:
        yield page
