"""A fresh database for an installation under test, of the kind the run is about."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The URL of an empty database: a file, or one made and dropped beside the run's own PostgreSQL."""
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
    return f"sqlite:///{folder / 'live.sqlite3'}"


def create(server: str) -> str:
    """A new database beside the one that `server` (a URL) names, called after it: whoever made that one finds this."""
    before = urlsplit(server).path[1:41]
    name = f"{'mostrador' if before in ('', 'postgres') else before}_live_{uuid.uuid4().hex[:12]}"
    _run(server, f'CREATE DATABASE "{name}"')
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def drop(url: str) -> None:
    """Remove a database that `create` made, whoever is still connected."""
    _run(url, f'DROP DATABASE IF EXISTS "{urlsplit(url).path[1:]}" WITH (FORCE)')


def answers(server: str) -> bool:
    """Whether a PostgreSQL is there and lets us in."""
    import psycopg

    try:
        _run(server, "SELECT 1")
    except psycopg.Error:
        return False
    return True


def _run(server: str, statement: str) -> None:
    import psycopg

    admin = urlunsplit(urlsplit(server)._replace(path="/postgres"))
    with psycopg.connect(admin, autocommit=True, connect_timeout=3) as connection:
        connection.execute(statement.encode())
