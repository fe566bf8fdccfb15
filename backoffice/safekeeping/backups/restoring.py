"""Put a copy back: verified first, whole or not at all, and with nothing of then sent again.

What can fail without touching anything comes before: the copy is read to its end, must be of this database and of no
newer version, and what there is now is copied. Then the files that are missing are added, which harms nobody, and the
database is exchanged in one step.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from backoffice.accounts.models import AuditEvent, User
from backoffice.common.errors import DomainError
from backoffice.common.management.commands.prepare import Command as Prepare
from backoffice.common.models import ConfigRevision
from backoffice.conversations.models import Contact, Message
from backoffice.customers.models import Customer
from backoffice.safekeeping.backups import archive, engines, folder
from backoffice.safekeeping.backups.making import make_here, told
from backoffice.safekeeping.backups.manifest import Kind, Manifest
from backoffice.safekeeping.backups.progress import Beat, silent
from backoffice.tickets.models import Ticket

Settle = Callable[[Manifest, int], tuple[str, ...]]
"""Called in what was put back, inside the same step, with the revision that was in force; what it did, in words."""
ANONYMISED = "Anonimizó al contacto"  # how the audit begins to tell it (`services.anonymise`)
OF_PEOPLE = (Contact, Customer, Message, Ticket)


@dataclass(frozen=True, slots=True)
class Restored:
    """`safety` is the name of the copy of what was there before; "" when nothing was. `lines` tell what was done."""

    manifest: Manifest
    safety: str
    lines: tuple[str, ...]


def restore(
    path: Path, settle: Settle, *, by: str = "", wait: float = folder.WAIT, beat: Beat = silent,
    saved: Callable[[str], None] = lambda name: None,
) -> Restored:  # fmt: skip
    """Have the installation be what the copy at `path` says. `saved` is told the name of the safety copy.

    Raises:
        Damaged: the copy is not whole.
        DomainError: it is of another database or a newer version, there is no room, or somebody else is at it.
        Whatever is raised, the installation is as it was.
    """
    place = folder.folder()
    with told("restaurar la copia"), folder.alone(place, wait=wait):
        manifest = archive.verify(path, beat)
        refuse_unfit(manifest)
        safety = ""
        if has_data():
            safety = make_here(place, kind=Kind.SAFETY, by=by, media=False, beat=beat).name
            saved(safety)
        with TemporaryDirectory(dir=place, prefix=folder.SCRATCH) as scratch:
            database = Path(scratch) / "database"
            archive.extract_database(path, database)
            added = archive.add_media(path, Path(settings.MEDIA_ROOT), beat)
            beat("Reemplazando la base de datos", 0, 0)
            held = _forgotten_since(manifest)
            engines.put_back(database, manifest, partial(_settle, settle, manifest, _revision(), held))
    ContentType.objects.clear_cache()
    return Restored(manifest, safety, (*_figures(manifest, added), *held))


def _settle(settle: Settle, manifest: Manifest, revision: int, held: list[str]) -> None:
    held += (*_bring_up_to_date(), *settle(manifest, revision))


def refuse_unfit(manifest: Manifest) -> None:
    """Raises: DomainError when the copy is of the other database, or of a version newer than this one."""
    if manifest.engine != connection.vendor:
        theirs, ours = engines.NAMES.get(manifest.engine, manifest.engine), engines.NAMES[connection.vendor]
        raise DomainError(f"Esta copia es de {theirs} y este sistema usa {ours}: no se pueden mezclar.")
    disk = MigrationLoader(None).disk_migrations
    known = set(disk) | {old for migration in disk.values() for old in migration.replaces}
    if set(manifest.migrations) - known:
        raise DomainError(
            f"Esta copia la hizo una versión más nueva de Mostrador ({manifest.version}): actualizá antes de usarla."
        )


def has_data() -> bool:
    """Whether something of people is in the living database, or more than the first user."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        for model in OF_PEOPLE:
            if model._meta.db_table in there and _some(cursor, model._meta.db_table, 1):
                return True
        return User._meta.db_table in there and _some(cursor, User._meta.db_table, 2)


def _some(cursor: Any, table: str, wanted: int) -> bool:
    cursor.execute(f"SELECT 1 FROM {table} LIMIT {wanted}")  # noqa: S608 # our own tables
    return len(cursor.fetchall()) == wanted


def _forgotten_since(manifest: Manifest) -> list[str]:
    """Whom the law had us forget after the copy comes back with it: staff have to know (Ley 25.326)."""
    with connection.cursor() as cursor:
        if AuditEvent._meta.db_table not in connection.introspection.table_names(cursor):
            return []
    told = AuditEvent.objects.filter(kind=AuditEvent.Kind.DELETED, at__gt=manifest.made_at)
    whom = told.filter(text__startswith=ANONYMISED).order_by("pk").values_list("about", flat=True)
    if not whom:
        return []
    return [f"Después de esa copia se había borrado a personas que lo pidieron. Borralas de nuevo: {', '.join(whom)}."]


def _revision() -> int:
    with connection.cursor() as cursor:
        there = ConfigRevision._meta.db_table in connection.introspection.table_names(cursor)
    return ConfigRevision.current() if there else 0


def _bring_up_to_date() -> list[str]:
    """Tables and first rows of this version, where the copy is of an older one."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return []
    prepare = Prepare()
    prepare.quiet = True
    prepare.migrate()
    prepare.run_hooks()
    return ["La copia era de una versión anterior: se actualizó. Reiniciá los servicios para terminar."]


def _figures(manifest: Manifest, added: int) -> list[str]:
    rows = sum(count for count, _ in manifest.tables.values())
    lines = [f"Volvieron {len(manifest.tables)} tablas con {rows} filas, iguales a las de la copia."]
    if manifest.media.included:
        lines.append(f"Archivos de la copia: {manifest.media.count}. Se repusieron los que faltaban: {added}.")
    return lines
