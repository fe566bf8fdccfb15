"""The embedded database: copied by `VACUUM INTO`, put back by SQLite's own backup into the living file.

The copy is taken and checked as a file of its own. To put it back, all that has to change in it (older tables, what
must not be sent again) is done to a loose file; the last step carries that over in one transaction of the living one.
Whoever is killed before it ends leaves the old data, and connections that are open see the new ones.
"""

import gzip
import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.db import connection

from backoffice.safekeeping.backups.elsewhere import working_on
from backoffice.safekeeping.backups.manifest import Damaged, Figures
from backoffice.safekeeping.backups.progress import Beat

VENDOR = "sqlite"
MEMBER = "database.sqlite3.gz"
SPARE_KEYS = 1000  # of rows that are written while the copy is put back
_TOLD_EACH = 20_000
_COMPRESSION = 3  # half the size at the speed of a disk; more takes many times longer for little


def size() -> int:
    """How many bytes the living database has, about."""
    return sum(_size_of(Path(f"{_live()}{suffix}")) for suffix in ("", "-wal"))


def snapshot(into: Path, beat: Beat) -> tuple[dict[str, Figures], str]:
    """Write the database as it stands to `into`, checked. Returns the figures of its tables and SQLite's version."""
    loose = into.with_name("loose.sqlite3")
    beat("Copiando la base de datos", 0, 0)
    with closing(sqlite3.connect(_live(), timeout=20)) as live:
        live.execute("VACUUM INTO ?", (str(loose),))
    found = check(loose, beat)
    beat("Comprimiendo la base de datos", 0, 0)
    with loose.open("rb") as source, gzip.open(into, "wb", compresslevel=_COMPRESSION) as target:
        shutil.copyfileobj(source, target, 1024 * 1024)
    loose.unlink()
    return found, sqlite3.sqlite_version


def check(file: Path, beat: Beat) -> dict[str, Figures]:
    """The figures of a loose database. Raises: Damaged when SQLite finds a fault in it."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as loose:
            if loose.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                raise Damaged("la base de datos tiene fallas.")
            loose.text_factory = bytes  # as it is kept: nothing is read as text
            return {name: _figures(loose, name, beat) for name in _tables(loose)}
    except sqlite3.DatabaseError as error:
        raise Damaged(f"la base de datos no se puede leer ({error}).") from None


def put_back(file: Path, settle: Callable[[], None]) -> None:
    """Have the living database be this loose one after `settle` was called with everything pointed at it."""
    live = _live()
    with working_on(NAME=str(file)):
        settle()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with closing(sqlite3.connect(live, timeout=20)) as target, closing(sqlite3.connect(file)) as source:
        target.execute("PRAGMA journal_mode=WAL")
        _leave_keys_unused(source, target)
        _carry_over(source, target)


def _carry_over(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """All pages in one step and one transaction. With more steps each write of others would begin it again."""
    source.backup(target)


def _leave_keys_unused(source: sqlite3.Connection, living: sqlite3.Connection) -> None:
    """New rows get keys that nobody had: what was sent or asked under a number before must not be taken for them."""
    if not living.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
        return
    known = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    used = [(name, last + SPARE_KEYS) for name, last in living.execute("SELECT name, seq FROM sqlite_sequence")]
    for name, last in used:
        if name not in known:
            continue
        moved = source.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (last, name))
        if not moved.rowcount:
            source.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, last))
    source.commit()


def _live() -> str:
    return str(connection.settings_dict["NAME"])


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _tables(loose: sqlite3.Connection) -> list[str]:
    """All but SQLite's own, and those that are only a way to look at others."""
    rows = loose.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' "
        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return [name.decode() for (name,) in rows]


def _figures(loose: sqlite3.Connection, table: str, beat: Beat) -> Figures:
    """How many rows, and the sum of a hash of each one: the order in which they come does not matter."""
    count, total = 0, 0
    quoted = table.replace('"', '""')
    for row in loose.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608 # a table of this very database
        count += 1
        total += int.from_bytes(hashlib.blake2b(repr(row).encode(), digest_size=16).digest())
        if count % _TOLD_EACH == 0:
            beat("Revisando la base de datos", 0, 0)
    beat("Revisando la base de datos", 0, 0)
    return count, f"{total % 2**128:032x}"
