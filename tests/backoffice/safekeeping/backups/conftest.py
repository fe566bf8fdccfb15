"""Installations of their own, of the kind of database that the run is about: one is put back into another."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dj_database_url
import pytest
from django.test import override_settings

from backoffice.accounts.prepare import prepare
from backoffice.safekeeping.backups import making
from backoffice.safekeeping.backups.elsewhere import working_on
from backoffice.safekeeping.backups.folder import Copy
from backoffice.safekeeping.backups.manifest import Kind
from tests.end_to_end.databases import fresh_database
from tests.security import house


@dataclass(frozen=True)
class Installed:
    """A database that has its tables, and a folder of uploads."""

    database: str
    media: Path

    @contextmanager
    def here(self) -> Iterator[None]:
        """Everything works on it, within."""
        with working_on(NAME=self.database), override_settings(MEDIA_ROOT=self.media):
            yield


@contextmanager
def installed(folder: Path) -> Iterator[Installed]:
    folder.mkdir(parents=True, exist_ok=True)
    with fresh_database(folder) as url:
        yield Installed(str(dj_database_url.parse(url)["NAME"]), folder / "media")


@pytest.fixture(scope="module")
def original(django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A copy of a company with a row in every table and its files."""
    folder = tmp_path_factory.mktemp("original")
    with django_db_blocker.unblock():
        with installed(folder / "world") as there, there.here():
            prepare()
            house.build()
            copy = making.make(kind=Kind.AUTOMATIC, place=folder)
        yield copy


@pytest.fixture
def new_installation(django_db_blocker: Any, tmp_path: Path, settings: Any) -> Iterator[Callable[[], Installed]]:
    """Makes empty ones, which are gone with the test. Copies are kept in a folder of the test."""
    settings.BACKUP_DIR = tmp_path / "copias"
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        made: list[Installed] = []

        def make() -> Installed:
            made.append(stack.enter_context(installed(tmp_path / f"installed-{len(made)}")))
            return made[-1]

        yield make
