"""What every test gets: no network, its own files, and the marks that say where it runs again."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests import template
from tests.guard import network

if TYPE_CHECKING:
    from tests.outside import Outside
    from tests.story import StoryHere

_GUARD = str(Path(__file__).parent / "guard")
_USES_DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-transcripts",
        action="store_true",
        help="Rewrite the answers in tests/transcripts with what the bot says today.",
    )


# The same examples each time: what fails only sometimes is a defect of the suite. `explore` looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_configure(config: pytest.Config) -> None:
    network.install()
    path = os.environ.get("PYTHONPATH", "")
    if _GUARD not in path.split(os.pathsep):
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [_GUARD, path]))


def pytest_unconfigure(config: pytest.Config) -> None:
    """The first process owns the folder of the run; the workers only use it."""
    if not hasattr(config, "workerinput") and "MOSTRADOR_TESTS_DIR" in os.environ:
        folder = os.environ.pop("MOSTRADOR_TESTS_DIR")
        template.forget(Path(folder))
        shutil.rmtree(folder, ignore_errors=True)


# Rooms whose questions to the database are asked on PostgreSQL by their neighbours too: these run once.
_ONCE = ("backoffice/simulator", "backoffice/mail", "backoffice/demo", "backoffice/panel", "hostile", "bench")
_AGAIN = ("charts", "dashboard", "exports", "search", "chats", "unanswered", "imports")  # of the panel: sums, words


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `db` all that touches the database, so nobody forgets to run it on PostgreSQL too."""
    here = Path(__file__).parent
    for item in items:
        room = item.path.relative_to(here).as_posix() if item.path.is_relative_to(here) else ""
        if room.startswith(_ONCE) and not any(name in item.path.stem for name in _AGAIN):
            item.add_marker(pytest.mark.once)
        uses = set(getattr(item, "fixturenames", ()))
        if uses & _USES_DATABASE or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.db)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Thousands of tests were gathered, and looking for cycles among them again and again is a tenth of the run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """A worker's database begins with its tables made. SQLite's is a file that dies with the run's folder."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        return template.copy_to(Path(database["TEST"]["NAME"]))
    database["TEST"]["TEMPLATE"] = template.postgres(os.environ["DATABASE_URL"])
    return False


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path: Path) -> None:
    """Uploaded files of a test, and its copies, die with it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_DIR = tmp_path / "backups"


@pytest.fixture
def story(db: None) -> "Iterator[StoryHere]":
    """FibraSur on a Tuesday morning, with its people at their phones (`tests/story.py`)."""
    from tests.story import telling

    with telling() as told:
        yield told


@pytest.fixture
def outside() -> "Iterator[Outside]":
    """Somebody else's server on this machine (`tests/outside.py`)."""
    from tests.outside import listening

    with listening() as place:
        yield place
