"""Which of the two databases this installation has, behind one face."""

from collections.abc import Callable
from pathlib import Path

from django.db import connection

from backoffice.safekeeping.backups import postgres, sqlite
from backoffice.safekeeping.backups.manifest import Damaged, Figures, Manifest
from backoffice.safekeeping.backups.progress import Beat, silent

NAMES = {sqlite.VENDOR: "SQLite (la base incorporada)", postgres.VENDOR: "PostgreSQL"}


def member() -> str:
    """The name of the database inside a copy."""
    return sqlite.MEMBER if connection.vendor == sqlite.VENDOR else postgres.MEMBER


def size() -> int:
    """How many bytes the living database has, about."""
    return sqlite.size() if connection.vendor == sqlite.VENDOR else postgres.size()


def snapshot(into: Path, beat: Beat) -> tuple[dict[str, Figures], str]:
    """Write the living database to `into`, checked; the figures of that very moment and the server's version."""
    if connection.vendor == sqlite.VENDOR:
        return sqlite.snapshot(into, beat)
    found = postgres.snapshot(into, beat)
    postgres.check(into, beat)
    return found


def put_back(database: Path, manifest: Manifest, settle: Callable[[], None]) -> None:
    """Have the living database be this one, after `settle` ran in it, whole or not at all.

    Raises: Damaged when it is not what the copy says; then the living one is as it was.
    """
    if connection.vendor == postgres.VENDOR:
        postgres.put_back(database, manifest.tables, settle)
        return
    found = sqlite.check(database, silent)
    wrong = sorted(
        name for name in found.keys() | manifest.tables.keys() if found.get(name) != manifest.tables.get(name)
    )
    if wrong:
        raise Damaged(f"no quedó igual la tabla {', '.join(wrong[:3])}.")
    sqlite.put_back(database, settle)
