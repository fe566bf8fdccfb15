"""Make a copy: the database first, then the files; it gets its name once it was read again to its last byte.

A file that is there and no row names is harmless; a row whose file is missing is not: hence the order.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from backoffice.common.errors import DomainError
from backoffice.company.models import Company
from backoffice.safekeeping.backups import archive, engines, folder
from backoffice.safekeeping.backups.contents import weight
from backoffice.safekeeping.backups.folder import Copy
from backoffice.safekeeping.backups.manifest import Database, Kind, Manifest, Media
from backoffice.safekeeping.backups.progress import Beat, silent

SPARE = 200 * 1024**2


def make(
    *, kind: Kind, by: str = "", media: bool = True, place: Path | None = None, wait: float = folder.WAIT,
    beat: Beat = silent,
) -> Copy:  # fmt: skip
    """Make a copy of the installation as it stands in `place`, or in its own folder.

    `by` is who asked, in words. What `beat` raises stops it, and nothing is left.

    Raises:
        DomainError: no room, no PostgreSQL client, no way to write, or somebody else is at it.
    """
    place = place if place is not None else folder.folder()
    with told("hacer la copia"), folder.alone(place, wait=wait):
        return make_here(place, kind=kind, by=by, media=media, beat=beat)


def make_here(place: Path, *, kind: Kind, by: str, media: bool, beat: Beat) -> Copy:
    """As `make`, for whoever holds the folder."""
    total = _refuse_without_room(place, media)
    (company, clock), made_at = _company(), timezone.now()
    with TemporaryDirectory(dir=place, prefix=folder.SCRATCH) as scratch:
        database = Path(scratch) / engines.member()
        tables, version = engines.snapshot(database, beat)
        manifest = Manifest(
            engine=connection.vendor,
            engine_version=version,
            company=company,
            made_at=made_at,
            kind=kind.value,
            by=by,
            migrations=applied_migrations(),
            tables=tables,
            database=Database(engines.member(), 0, ""),
            media=Media(),
            version=settings.VERSION,
        )
        path = folder.free_name(place, kind, made_at.astimezone(clock))
        _write(path, manifest, database, media, beat, total)
    copy = folder.look(path)
    assert copy is not None  # noqa: S101 # we hold the folder
    folder.note_check(copy)
    return folder.look(path) or copy


def _write(path: Path, manifest: Manifest, database: Path, media: bool, beat: Beat, total: int) -> None:
    """Write it under a name that nobody lists, read it again, and only then give it its own."""
    partial = path.with_name(f".{path.name}{folder.PARTIAL}")
    try:
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "w+b") as out:
            root = Path(settings.MEDIA_ROOT) if media else None
            archive.write(out, manifest, database, root, beat, total)
            out.flush()
            os.fsync(out.fileno())
        archive.verify(partial, beat)
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    _keep_names(path.parent)


def applied_migrations() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(MigrationRecorder(connection).applied_migrations()))


def _company() -> tuple[str, ZoneInfo]:
    """Its name and its clock. Raises: DomainError where there are no tables: it is not the database that was meant."""
    name, clock = "", "America/Argentina/Buenos_Aires"
    with connection.cursor() as cursor:
        if Company._meta.db_table not in connection.introspection.table_names(cursor):
            raise DomainError("La base de datos está vacía: no hay nada que copiar. Revisá DATABASE_URL.")
        cursor.execute(f"SELECT name, timezone FROM {Company._meta.db_table} WHERE id = 1")  # noqa: S608 # our own table
        name, clock = cursor.fetchone() or (name, clock)
    try:
        return name, ZoneInfo(clock)
    except (ZoneInfoNotFoundError, ValueError):
        return name, ZoneInfo("America/Argentina/Buenos_Aires")


def _refuse_without_room(place: Path, media: bool) -> int:
    """About how many bytes the copy will have. Raises: DomainError without room for it and what it is made of."""
    database = engines.size()
    files = sum(path.stat().st_size for _, path in archive.files_under(Path(settings.MEDIA_ROOT))) if media else 0
    needed, free = database * 5 // 2 + files + SPARE, shutil.disk_usage(place).free
    if free < needed:
        raise DomainError(
            f"No hay lugar para la copia: hacen falta unos {weight(needed)} en {place} y quedan {weight(free)}. "
            "Borrá copias viejas o elegí otra carpeta (BACKUP_DIR)."
        )
    return database + files


def _keep_names(place: Path) -> None:
    """The name too survives a power cut, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def told(what: str) -> Iterator[None]:
    """What the disk refuses, in words."""
    try:
        yield
    except OSError as error:
        raise DomainError(f"No se pudo {what}: {error.strerror or error}.") from error
