"""Small copies, made without any database: what the folder and the pages look at."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from backoffice.safekeeping.backups import archive, folder
from backoffice.safekeeping.backups.folder import Copy
from backoffice.safekeeping.backups.making import applied_migrations
from backoffice.safekeeping.backups.manifest import Database, Kind, Manifest, Media
from backoffice.safekeeping.backups.progress import silent

MANIFEST = Manifest(
    engine="sqlite",
    engine_version="3.40",
    company="FibraSur",
    made_at=datetime.fromisoformat("2026-11-30T06:00:00+00:00"),
    kind=Kind.AUTOMATIC.value,
    by="",
    migrations=(),
    tables={"tickets_ticket": (12, "ab"), "accounts_user": (3, "cd")},
    database=Database("database.bin", 0, ""),
    media=Media(),
    version="0.1.0",
)


def small(path: Path, *, files: dict[str, bytes] | None = None, database: bytes = b"rows", **changed: Any) -> Path:
    """Write a copy at `path` with these files and this database; `changed` is what its manifest says otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    root = path.parent / f"{path.name}-files"
    for name, content in (files or {}).items():
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    rows = path.parent / f"{path.name}-rows"
    rows.write_bytes(database)
    with path.open("w+b") as out:
        archive.write(out, replace(MANIFEST, **changed), rows, root, silent, 0)
    return path


def kept(name: str, made_at: datetime | None = None, *, kind: Kind = Kind.AUTOMATIC, by: str = "") -> Copy:
    """A copy in the folder that could be put back here, as far as its manifest says."""
    path = small(
        folder.folder() / name,
        made_at=made_at or timezone.now(),
        kind=kind.value,
        by=by,
        engine=connection.vendor,
        migrations=applied_migrations(),
    )
    copy = folder.look(path)
    assert copy is not None
    folder.note_check(copy)
    found = folder.find(name)
    assert found is not None
    return found
