"""Databases and processes of a run. Whatever is started here ends with its `with`, whatever happens."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
SQLITE, POSTGRES = "sqlite", "postgresql"
ADMIN = "postgresql://postgres@127.0.0.1:5432/postgres"
"""Where databases are made when no DATABASE_URL says so."""
_KEPT = ("PATH", "HOME", "PYTHONPATH", "LANG", "LC_ALL")


class CannotMeasure(RuntimeError):
    """A process or a database of the run did not do its part."""


def environment(folder: Path, database: str, *, into_this_process: bool = False, **more: str) -> dict[str, str]:
    """The variables of an installation whose files live in `folder`: nothing of the developer's own."""
    folder.mkdir(parents=True, exist_ok=True)
    ours = {
        "DJANGO_SETTINGS_MODULE": "backoffice.settings",
        "VAR_DIR": str(folder),
        "DATABASE_URL": database,
        "DEMO": "0",
        "SIMULATOR": "1",
        "BURST_PERCENT": "0",
        "LOG_LEVEL": "WARNING",
        "SECRET_KEY": "only-for-the-bench-" + "0" * 50,
        "PYTHONUNBUFFERED": "1",
    } | more
    if into_this_process:
        os.environ.update(ours)
    return {key: value for key, value in os.environ.items() if key in _KEPT} | ours


class Worker:
    """A process of `tests.bench.worker`. `ask` does not wait, `answer` does; `do` is both."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.worker"],
            cwd=ROOT,
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=_die_with_parent,
        )

    def ask(self, name: str, /, **values: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": name, "with": values}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise CannotMeasure(f"a worker ended with {self._process.wait()}")
        told = json.loads(line)
        if "error" in told:
            raise CannotMeasure(told["error"])
        return told["gives"]

    def do(self, name: str, /, **values: Any) -> Any:
        self.ask(name, **values)
        return self.answer()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


class Stage:
    """An empty database of one kind with its folder; workers and other processes are started on it."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.database = database
        self._ends = ExitStack()

    @property
    def kind(self) -> str:
        return POSTGRES if self.database.startswith("postgres") else SQLITE

    def worker(self, **more: str) -> Worker:
        started = Worker(environment(self.folder, self.database, **more))
        self._ends.callback(started.stop)
        return started

    def start(self, *command: str, **more: str) -> subprocess.Popen[bytes]:
        """A process of the product, its words in the folder's log."""
        log = (self.folder / "processes.log").open("ab")
        variables = environment(self.folder, self.database, **more)
        process = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=log, stderr=log, preexec_fn=_die_with_parent
        )
        self._ends.callback(_end, process)
        return process

    def dispatchers(self, amount: int) -> None:
        for number in range(1, amount + 1):
            self.start(sys.executable, "-m", "bot", "dispatcher", str(number))

    def close(self) -> None:
        self._ends.close()


@contextmanager
def stage(kind: str) -> Iterator[Stage]:
    """A migrated database of `kind`, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mostrador-bench-") as folder, _database(kind, Path(folder)) as url:
        one = Stage(Path(folder), url)
        try:
            migrated = subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=ROOT,
                env=environment(one.folder, url),
                capture_output=True,
                text=True,
                check=False,
            )
            if migrated.returncode:
                raise CannotMeasure(migrated.stderr[-1500:])
            yield one
        finally:
            one.close()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == SQLITE:
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    import psycopg

    run = urlsplit(os.environ.get("DATABASE_URL", "")).path.strip("/") if _is_given() else "mostrador"
    name, admin = f"{run}_bench_{uuid.uuid4().hex[:12]}", admin_url()
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(admin)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def admin_url() -> str:
    """The server of DATABASE_URL, or the one of this machine."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres")) if _is_given() else ADMIN


def _is_given() -> bool:
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def kinds(wanted: Sequence[str] = (SQLITE, POSTGRES)) -> list[str]:
    """Which of these databases can be had here: PostgreSQL only when it answers."""
    return [kind for kind in wanted if kind == SQLITE or _answers()]


def _answers() -> bool:
    import psycopg

    try:
        psycopg.connect(admin_url(), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def _die_with_parent() -> None:
    """In the child, before it runs: nothing goes on measuring when the run was killed. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=12)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
