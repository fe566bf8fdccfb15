"""The real product, and a browser in front of it. One installation serves all the tests of a worker."""

from collections.abc import Iterator

import pytest

from tests.end_to_end.chromium import CHROMIUM
from tests.end_to_end.databases import fresh_database
from tests.end_to_end.live import Installation, StoryOfProcesses


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    needs_chromium = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's Chromium in /usr/bin/chromium")
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(needs_chromium)


@pytest.fixture(scope="session")
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
    told.everybody_reads()
    return told


@pytest.fixture
def url(story: StoryOfProcesses) -> str:
    return story.installation.url
