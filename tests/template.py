"""A database with its tables made, once a run: every database of the tests begins as a copy of it.

Making the tables takes ten seconds of a processor, and a run needs some thirty databases. That the migrations work on
a database that has nothing is what one of `make up`'s own tests shows.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent


def copy_to(target: Path) -> bool:
    """Write the prepared SQLite database at `target`. False when this process has no run to share it with."""
    folder = _folder()
    if folder is None:
        return False
    ready, making = folder / "template.sqlite3", folder / "template-in-the-making.sqlite3"
    with _alone(folder):
        if not ready.exists():
            migrate(f"sqlite:///{making}", folder)
            making.rename(ready)
    shutil.copyfile(ready, target)
    return True


def postgres(server: str) -> str | None:
    """The name of the prepared database on this PostgreSQL (a URL), for `CREATE DATABASE … TEMPLATE`.

    None when this process has no run to share it with. `forget` drops it.
    """
    folder = _folder()
    if folder is None:
        return None
    made = folder / "template.postgres"
    with _alone(folder):
        if not made.exists():
            name = f"{urlsplit(server).path[1:41] or 'mostrador'}_template_{folder.name[-8:]}".lower()
            url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
            run(server, f'CREATE DATABASE "{name}"')
            made.write_text(url, encoding="utf-8")
            migrate(url, folder)
    return urlsplit(made.read_text(encoding="utf-8")).path[1:]


def forget(folder: Path) -> None:
    """The run is over: nothing of it stays on the server."""
    made = folder / "template.postgres"
    if made.exists():
        url = made.read_text(encoding="utf-8")
        run(url, f'DROP DATABASE IF EXISTS "{urlsplit(url).path[1:]}" WITH (FORCE)')


def run(server: str, statement: str) -> None:
    """A statement outside any transaction, said to the server's own database."""
    import psycopg

    admin = urlunsplit(urlsplit(server)._replace(path="/postgres"))
    with psycopg.connect(admin, autocommit=True, connect_timeout=3) as connection:
        connection.execute(statement.encode())


def _folder() -> Path | None:
    named = os.environ.get("MOSTRADOR_TESTS_DIR")
    return Path(named) if named else None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(url: str, folder: Path) -> None:
    """Make the tables of the database at `url`; `folder` is where the installation would keep its files."""
    environment = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(folder)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=180)
