"""PostgreSQL's own programs: found, of the right version, and told the password where nobody else reads it."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection
from psycopg.conninfo import make_conninfo

from backoffice.common.errors import DomainError
from backoffice.safekeeping.backups.progress import Beat

DEBIANS = Path("/usr/lib/postgresql")  # each version has its folder there; the one in the path may be another
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_OPTIONS = ("service", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "passfile")
EACH = 0.1
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Client:
    """`pg_dump` and `pg_restore` of one version, in one folder."""

    folder: Path
    version: int

    @classmethod
    def for_server(cls, version: int) -> "Client":
        """The programs, at least as new as a server of that version. Raises: DomainError that says what to install."""
        found = [client for client in map(_in, _folders()) if client is not None]
        fitting = [client for client in found if client.version >= version]
        if fitting:
            return fitting[0]
        wanted = f"postgresql-client-{version}" if version else "postgresql-client"
        if found:
            raise DomainError(
                f"El pg_dump de este servidor es de PostgreSQL {found[0].version} y la base es {version}, más nueva. "
                f"Instalá {wanted} y probá de nuevo."
            )
        raise DomainError(
            f"Para copiar PostgreSQL hacen falta sus programas pg_dump y pg_restore. En Debian: apt install {wanted}."
        )

    def dump(self, into: Path, *options: str, beat: Beat) -> None:
        """Run pg_dump on the living database. Raises: DomainError when it fails. Stops it when `beat` raises."""
        command = [str(self.folder / "pg_dump"), *options, f"--file={into}", f"--dbname={self._address}"]
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(command, env=self._environment, stdin=subprocess.DEVNULL, stderr=errors)  # noqa: S603 # nobody types any of it
            try:
                while process.poll() is None:
                    time.sleep(EACH)
                    beat("Copiando la base de datos", 0, 0)
            finally:
                _end(process)
            _check(process, errors, "copiar")

    @contextmanager
    def script(self, file: Path, section: str) -> Iterator[Iterator[bytes]]:
        """The lines of a section of a dump as SQL. Raises: DomainError when it cannot be read to its end."""
        command = [str(self.folder / "pg_restore"), "--no-owner", "--no-privileges", "--no-comments"]
        command += [f"--section={section}", "--file=-", str(file)]
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(  # noqa: S603 # nobody types any of it
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, bufsize=CHUNK
            )
            assert process.stdout is not None  # noqa: S101 # it was asked for
            try:
                yield iter(process.stdout)
                process.wait()
            finally:
                _end(process)
                process.stdout.close()
            _check(process, errors, "leer")

    @property
    def _address(self) -> str:
        """Where the database is and who enters, without the password: every program of the machine can read this.

        Only what was set: psycopg's own library may know options that these programs do not.
        """
        told = connection.settings_dict
        where = {"dbname": told["NAME"], "host": told["HOST"], "port": told["PORT"], "user": told["USER"]}
        where |= {name: value for name, value in told["OPTIONS"].items() if name in _OPTIONS}
        return make_conninfo(**{name: value for name, value in where.items() if value})

    @property
    def _environment(self) -> dict[str, str]:
        password = connection.settings_dict.get("PASSWORD")
        return os.environ | ({"PGPASSWORD": str(password)} if password else {})


def _folders() -> Iterator[Path]:
    """Where they may be: in the path, then Debian's folders, the newest version first."""
    found = shutil.which("pg_dump")
    if found is not None:
        yield Path(found).parent
    versions = [path for path in DEBIANS.glob("*/bin") if path.parent.name.isdecimal()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)


def _in(folder: Path) -> Client | None:
    if not all((folder / name).exists() for name in ("pg_dump", "pg_restore")):
        return None
    told = subprocess.run(  # noqa: S603 # nobody types any of it
        [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False, timeout=20
    )
    version = _VERSION.search(told.stdout)
    return Client(folder, int(version[1])) if version else None


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
    process.wait()


def _check(process: "subprocess.Popen[bytes]", errors: object, what: str) -> None:
    if process.returncode == 0:
        return
    errors.seek(0)  # type: ignore[attr-defined]
    words = errors.read().decode("utf-8", "replace").strip().splitlines()  # type: ignore[attr-defined]
    raise DomainError(f"PostgreSQL no pudo {what} la base de datos: {words[-1][:200] if words else 'sin motivo'}")
