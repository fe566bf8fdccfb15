"""The life of an import: brought, looked at, written, undone, forgotten. The work itself is `importing/running.py`.

A file of at most `AT_ONCE` rows is judged and written while somebody waits; a larger one is the worker's.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from backoffice.common import worker
from backoffice.common.errors import DomainError
from backoffice.common.importing.header import find
from backoffice.common.importing.limits import AT_ONCE, MOST_BYTES, size_text
from backoffice.common.importing.models import FOLDER, KEPT, Import, ImportChunk
from backoffice.common.importing.reading import opened
from backoffice.common.importing.running import APPLY, READ, UNDO
from backoffice.common.importing.table import table_of
from backoffice.common.models import Job
from backoffice.common.services import jobs

State = Import.State
Rows = Mapping[str, Collection[int]]
Seen = tuple[int, str, int | None, frozenset[int], frozenset[str]]
Looked = Mapping[Seen, bool]
"""Whether each import names whom it was asked about."""
SOON = 1_500_000  # bytes that are read while somebody waits
WAITS = 8.0  # seconds that somebody waits for what was asked for
TOO_MUCH = f"El archivo pesa más de {size_text()}: partilo en dos o más, o guardalo como CSV."
MOVING = "Se está leyendo, importando o deshaciendo una planilla de clientes o de contactos: esperá a que termine."
FORGOTTEN_AT_ONCE = 20
_NO_DIGIT = bytes(byte for byte in range(256) if not 48 <= byte <= 57)
SWEEPS = 7  # the minute of each hour


def bring(*, table: str, name: str, file: File, key: str = "", by: Any = None) -> Import:
    """Take a file in and judge what it would do; nothing of the table is written.

    Raises:
        DomainError: it is too large, no table, or lacks the column that says which row is which; `.field` is "file".
    """
    if (file.size or 0) > MOST_BYTES:
        raise DomainError(TOO_MUCH, field="file")
    chosen = _looked_at(table, file, key)
    file.seek(0)
    kept = default_storage.save(f"{FOLDER}original", file)
    one: Import | None = None
    try:
        one = _kept(table=table, name=name, file=kept, key=chosen, by=by)
    finally:
        if one is None:
            default_storage.delete(kept)
    if (file.size or 0) <= SOON:
        _here(one)
    else:
        worker.nudge()
    one.refresh_from_db()
    return one


@transaction.atomic
def apply(*, one: Import, by: Any = None) -> Import:
    """Have its new and changed rows written, or go on where a job gave up.

    Raises:
        DomainError: it is not to be written: somebody did, or nothing in it is new.
    """
    if not one.may_apply or not one.to_write:
        raise DomainError("Esta importación ya no se puede hacer.")
    _moves(one, APPLY, State.APPLYING, applied_at=one.applied_at or timezone.now())
    return one


@transaction.atomic
def undo(*, one: Import, by: Any = None) -> Import:
    """Have everything that it wrote left as it was, but what somebody changed since.

    Raises:
        DomainError: it cannot be undone: it was, it wrote nothing, or too long ago.
    """
    if not one.may_undo:
        raise DomainError("Esta importación ya no se puede deshacer.")
    _moves(one, UNDO, State.UNDOING, undone_at=timezone.now())
    return one


@transaction.atomic
def cancel(*, one: Import) -> None:
    """Drop an import that wrote nothing, with what it kept of the file.

    Raises:
        DomainError: it is being written, or was.
    """
    if one.applied_at is not None or one.state not in (State.READING, State.READY, State.FAILED):
        raise DomainError("Esta importación ya no se puede cancelar.")
    if not Import.objects.filter(pk=one.pk, state=one.state).update(state=State.CANCELLED):
        raise DomainError("Esta importación ya no se puede cancelar.")
    if one.job is not None:
        jobs.cancel(job=one.job)
    transaction.on_commit(lambda: forget(one=one), robust=True)


@transaction.atomic
def forget(*, one: Import) -> None:
    """Leave nothing of what people the file, its rows and its journal spoke of; who did it, when and how many stay."""
    for name in _files(one):
        default_storage.delete(name)  # before its row: a process that dies here leaves nothing behind
    _blank(one)


def look_for(*, rows: Rows, numbers: Collection[str]) -> Looked:
    """Read which imports `forget_naming` would forget: some are large, so nobody should wait for that in its
    transaction. Those that are under way are left out."""
    found = _kept_of(rows)
    return {_seen(one, rows, numbers): _is_named(one, rows, numbers) for one in found if not one.is_moving}


@transaction.atomic
def forget_naming(*, rows: Rows, numbers: Collection[str], looked: Looked) -> list[str]:
    """Forget the imports of the tables of `rows` that have one of these numbers (its digits, however it was written) in
    the file, in what came of its rows or in the journal, or that wrote one of the rows, by primary key. One that waited
    to be looked at is cancelled. What `looked` does not know, or knows as it is no longer, is read now.

    Returns the files to remove once it is kept.

    Raises:
        DomainError: one is being read, written or undone, so nobody knows yet what it will keep.
    """
    gone: list[str] = []
    for one in _kept_of(rows).select_for_update():
        if one.is_moving:
            raise DomainError(MOVING)
        known = looked.get(_seen(one, rows, numbers))
        if _is_named(one, rows, numbers) if known is None else known:
            gone += _files(one)
            _blank(one)
            Import.objects.filter(pk=one.pk, state=State.READY).update(state=State.CANCELLED)
    return gone


def forget_old(*, now: datetime) -> int:
    """Forget those of more than `KEPT` ago, and those that were cancelled; how many."""
    old = Q(created_at__lt=now - KEPT) | Q(state=State.CANCELLED)
    moving = [State.APPLYING, State.UNDOING]
    due = Import.objects.filter(old, forgotten_at=None).exclude(state__in=moving).order_by("pk")[:FORGOTTEN_AT_ONCE]
    for one in due:
        if one.state == State.READING and one.job is not None:
            jobs.cancel(job=one.job)
        forget(one=one)
    if now.minute == SWEEPS:
        _sweep(now)
    return len(due)


def do_now(*, one: Import) -> None:
    """Do what was just asked for, or its beginning, while somebody waits. Outside of a transaction."""
    if one.job is not None and one.total <= AT_ONCE:
        if not worker.run_here(one.job, seconds=WAITS):
            worker.nudge()
    else:
        worker.nudge()
    one.refresh_from_db()


def _files(one: Import) -> list[str]:
    return [str(file.name) for file in (one.file, one.spool) if file]


def _blank(one: Import) -> None:
    ImportChunk.objects.filter(of=one).delete()
    Import.objects.filter(pk=one.pk).update(
        file="", spool="", doubles={}, offsets=[], header={}, forgotten_at=timezone.now()
    )


def _kept_of(rows: Rows) -> QuerySet[Import]:
    return Import.objects.filter(table__in=rows, forgotten_at=None).order_by("pk")


def _seen(one: Import, rows: Rows, numbers: Collection[str]) -> Seen:
    """What was asked of an import, and of which stage of it: each stage has a job of its own."""
    return one.pk, one.state, one.job_id, frozenset(rows[one.table]), frozenset(numbers)


def _is_named(one: Import, rows: Rows, numbers: Collection[str]) -> bool:
    return _names(one, numbers) or _wrote(one, rows[one.table])


def _names(one: Import, numbers: Collection[str]) -> bool:
    """Whether any of the numbers is in what it keeps. What could not be read is taken for a yes."""
    if not one.spool:
        return True
    wanted = [number.encode() for number in numbers]
    with suppress(FileNotFoundError), one.spool.open("rb") as lines:  # a copy put back without the files has none
        for line in lines:
            digits = line.translate(None, _NO_DIGIT)
            if any(number in digits for number in wanted):
                return True
    written = Concat(*(Cast(name, TextField()) for name in ("outcomes", "journal", "kept")), output_field=TextField())
    told = reduce(or_, (Q(written__contains=number) for number in numbers), Q(pk__in=[]))
    return ImportChunk.objects.filter(of=one).annotate(written=written).filter(told).exists()


def _wrote(one: Import, keys: Collection[int]) -> bool:
    journals = ImportChunk.objects.filter(of=one, is_applied=True).values_list("journal", flat=True)
    return bool(keys) and any(entry[0] in keys for journal in journals.iterator() for entry in journal)


def _sweep(now: datetime) -> None:
    """Files of nobody: whoever brought them died before the row was kept."""
    if not default_storage.exists(FOLDER):
        return
    rows = Import.objects.filter(forgotten_at=None).values_list("file", "spool")
    kept = {name for pair in rows for name in pair}
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}{name}"
        if path not in kept and default_storage.get_modified_time(path) < now - timedelta(days=1):
            default_storage.delete(path)


def _looked_at(table: str, file: File, key: str) -> str:
    """By what its rows are recognised, once its first rows show that it is a table of ours."""
    kind = table_of(table)
    with opened(cast(BinaryIO, file), kind.known) as found:
        return kind.key_of(find(found.rows, kind.known, kind.titles), key).name


@transaction.atomic
def _kept(*, table: str, name: str, file: str, key: str, by: Any) -> Import:
    one = Import.objects.create(table=table, name=name[-160:], file=file, key=key, by=by)
    one.job = _job(one, READ)
    one.save(update_fields=["job"])
    return one


def _here(one: Import) -> None:
    """The reading, and the judging of what is small."""
    if one.job is None or worker.run_here(one.job, seconds=0):
        return
    one.refresh_from_db()
    do_now(one=one)


def _moves(one: Import, kind: str, state: State, **changes: Any) -> None:
    job = _job(one, kind)
    if not Import.objects.filter(pk=one.pk, state=one.state).update(state=state, job=job, error="", **changes):
        raise DomainError("Otra persona ya está en eso.")
    one.refresh_from_db()


def _job(one: Import, kind: str) -> Job:
    return jobs.enqueue(kind=kind, owner=worker.OWNER, subject=f"import:{one.pk}", payload={"import": one.pk})
