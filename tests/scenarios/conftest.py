"""Each scenario is told twice: in this process, and to the real web and bot (`-m e2e`)."""

from collections.abc import Iterator

import pytest

from tests.end_to_end.databases import fresh_database
from tests.end_to_end.live import Installation, StoryOfProcesses
from tests.story import Story

HERE = [pytest.mark.django_db, pytest.mark.flow]
# Real processes on PostgreSQL: `tests/end_to_end` and `make chaos`. Here they are told once, on SQLite.
PROCESSES = [pytest.mark.e2e, pytest.mark.flow, pytest.mark.once, pytest.mark.xdist_group("processes")]


@pytest.fixture(params=[pytest.param("here", marks=HERE), pytest.param("processes", marks=PROCESSES)])
def story(request: pytest.FixtureRequest) -> Iterator[Story]:
    """The story on either stage. To processes, the database is the installation's own."""
    if request.param == "here":
        from tests.story import telling

        with telling() as told:
            yield told
        return
    installation: Installation = request.getfixturevalue("installation")
    told_outside = StoryOfProcesses(installation)
    told_outside.do("begin_again")
    told_outside.goes_on()
    told_outside.everybody_reads()
    yield told_outside


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One running product for the scenarios of this worker. Then it stops: at rest it still takes half a processor."""
    folder = tmp_path_factory.mktemp("installation")
    with fresh_database(folder) as url:
        running = Installation(folder, url)
        try:
            running.start()
            yield running
        finally:
            running.stop()
