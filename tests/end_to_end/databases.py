"""A fresh database for an installation under test, of the kind the run is about: its tables, and nothing in them."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests import template


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The URL of a database where nothing is: a file, or one made and dropped beside the run's own PostgreSQL."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield sqlite_in(folder)
        return
    url = create(server)
    try:
        yield url
    finally:
        drop(url)


def sqlite_in(folder: Path) -> str:
    """The URL of a new file there."""
    file = folder / "live.sqlite3"
    url = f"sqlite:///{file}"
    if not template.copy_to(file):
        template.migrate(url, folder)
    return url


def create(server: str) -> str:
    """A new database beside the one that `server` (a URL) names, called after it: whoever made that one finds this."""
    before = urlsplit(server).path[1:41]
    name = f"{'mostrador' if before in ('', 'postgres') else before}_live_{uuid.uuid4().hex[:12]}"
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    ready = template.postgres(server)
    template.run(server, f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{ready}"' if ready else ""))
    if not ready:
        with tempfile.TemporaryDirectory() as folder:
            template.migrate(url, Path(folder))
    return url


def drop(url: str) -> None:
    """Remove a database that `create` made, whoever is still connected."""
    template.run(url, f'DROP DATABASE IF EXISTS "{urlsplit(url).path[1:]}" WITH (FORCE)')


def answers(server: str) -> bool:
    """Whether a PostgreSQL is there and lets us in."""
    import psycopg

    try:
        template.run(server, "SELECT 1")
    except psycopg.Error:
        return False
    return True
