"""The pieces of an import's jobs. Each keeps what it did and how far it came in one transaction, so whatever dies
and whenever, another goes on where it was: no row is written twice, none is lost, none is half.

Reading the file is the first piece and is done again from its beginning; then a chunk is a piece.
"""

import tempfile
from collections.abc import Iterable
from datetime import timedelta
from itertools import chain, islice
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from backoffice.common.errors import DomainError
from backoffice.common.importing.header import Header, find
from backoffice.common.importing.limits import HEADER_WITHIN, MOST_ROWS, rows_text
from backoffice.common.importing.models import FOLDER, Import, ImportChunk
from backoffice.common.importing.outcomes import COUNTED, Outcome, counts
from backoffice.common.importing.reading import Cell, opened
from backoffice.common.importing.spool import Row, Spool, chunk
from backoffice.common.importing.table import Table, table_of
from backoffice.common.importing.writers import Writer, twice
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.common.sql import grew
from backoffice.common.worker import job_kind

READ, APPLY, UNDO = "import-read", "import-apply", "import-undo"
LEASE = timedelta(minutes=10)  # reading 200,000 rows of Excel is one piece
GROWN = (2, 20, 100)  # chunks before which a new table has become ten times what it was
State = Import.State
Numbered = Iterable[tuple[int, list[Cell]]]


def _gave_up(job: Job, error: str) -> None:
    """What was written stays written and can be gone on with or undone: it is never half a row."""
    Import.objects.filter(job=job).update(state=State.FAILED, error=error[:500])


@job_kind(READ, "Leer una planilla", lease=LEASE, failed=_gave_up)
def read(job: Job) -> bool:
    """Put the file in order, and then judge it, a chunk a piece. Nothing of its table is written."""
    one = Import.objects.get(pk=job.payload["import"])
    if not one.spool:
        _spool(one, job)
        return True
    number = ImportChunk.objects.filter(of=one).count()
    if number < len(one.offsets):
        _judge(one, job, number)
    return _go_on(one, job, number + 1, State.READY)


@job_kind(APPLY, "Importar una planilla", lease=LEASE, failed=_gave_up)
def apply(job: Job) -> bool:
    """Write a chunk: its rows, their history, the journal, what became of each row."""
    one = Import.objects.select_related("by").get(pk=job.payload["import"])
    part = ImportChunk.objects.filter(of=one, is_applied=False).order_by("number").first()
    if part is not None:
        if part.number in GROWN:
            grew(table_of(one.table).model)
        rows, flagged = _rows(one, part.number)
        hand = writer(one)
        hand.ready(rows)
        with transaction.atomic():
            outcomes = [*flagged.values(), *hand.write(rows)]
            outcomes.sort(key=_by_number)
            part.journal = [outcome.entry for outcome in outcomes if outcome.entry is not None]
            part.is_applied = True
            _keep_outcomes(part, outcomes)
            return _go_on(one, job, part.number + 1, State.DONE)
    return _go_on(one, job, len(one.offsets), State.DONE)


@job_kind(UNDO, "Deshacer una importación", lease=LEASE, failed=_gave_up)
def undo(job: Job) -> bool:
    """Take back a chunk, the last one first: rows that somebody changed since stay, and are listed."""
    one = Import.objects.select_related("by").get(pk=job.payload["import"])
    part = ImportChunk.objects.filter(of=one, is_applied=True, is_undone=False).order_by("-number").first()
    if part is not None:
        with transaction.atomic():
            hand = writer(one, undoing=True)
            numbers = [told[0] for told in part.outcomes if told[1] in ("n", "c")]
            part.kept = [[numbers[place], who, why] for place, who, why in hand.undo(part.journal)]
            part.is_undone = True
            part.save(update_fields=["kept", "is_undone"])
            Import.objects.filter(pk=one.pk).update(kept=F("kept") + len(part.kept))
            return _go_on(one, job, len(one.offsets) - part.number, State.UNDONE, more=True)
    return _go_on(one, job, len(one.offsets), State.UNDONE)


def table_and_header(one: Import) -> tuple[Table, Header]:
    return table_of(one.table), Header.of(one.header)


def writer(one: Import, *, undoing: bool = False) -> Writer:
    table, header = table_and_header(one)
    reason = f"Se deshizo la importación {one.pk}" if undoing else f"Importación {one.pk}"
    return table.writer(header, one.key, by=one.by, reason=reason)


# --- reading --------------------------------------------------------------------------------------


def _spool(one: Import, job: Job) -> None:
    """The file's rows in order, which keys are there twice, and what its columns are."""
    table = table_of(one.table)
    with one.file.open("rb") as source, tempfile.TemporaryFile() as target:
        with opened(cast(BinaryIO, source), table.known) as found:
            header, rows = _header_first(found.rows, table)
            kind = table.writer(header, one.key)
            spool = Spool(target, kind.chunk)  # type: ignore[arg-type]
            keys = _Keys(kind)
            blanks = _fill(spool, rows, keys)
        if not spool.count:
            raise DomainError("El archivo no tiene filas: solo los nombres de las columnas.", field="file")
        told = header.as_json() | {"how": found.how, "highest": keys.highest if keys.has_blank else 0}
        target.seek(0)
        name = f"{FOLDER}{one.pk}.jsonl"
        one.spool.storage.delete(name)  # of a process that died before it told
        one.spool.storage.save(name, File(target))
    with transaction.atomic():
        job.payload |= {"done": 0, "total": spool.count}
        job.steps = [jobs.step(f"Revisando {spool.count} filas")]
        jobs.advance(job=job, lease=LEASE)
        Import.objects.filter(pk=one.pk).update(
            spool=name,
            offsets=spool.offsets,
            total=spool.count,
            blank_rows=blanks,
            header=told,
            doubles=keys.doubles,
        )


def _header_first(rows: Numbered, table: Table) -> tuple[Header, Numbered]:
    """The header, and the rows after it, whichever of the first rows it is."""
    source = iter(rows)
    first = list(islice(source, HEADER_WITHIN))
    header = find(first, table.known, table.titles)
    return header, chain((row for row in first if row[0] > header.row), source)


def _fill(spool: Spool, rows: Numbered, keys: "_Keys") -> int:
    blanks = 0
    waiting = 0  # blank rows at the end of a sheet are nobody's
    for number, cells in rows:
        if not any(cell.strip() if isinstance(cell, str) else True for cell in cells):
            waiting += 1
            continue
        blanks, waiting = blanks + waiting, 0
        if spool.count >= MOST_ROWS:
            raise DomainError(f"Tiene más de {rows_text()} filas: partilo en dos o más archivos.", field="file")
        row = Row(number, cells)
        spool.add(row)
        keys.note(row)
    return blanks


class _Keys:
    """Which rows say the same key, while they are read: number → number of another."""

    def __init__(self, kind: Writer) -> None:
        self._kind = kind
        self._first: dict[str, int] = {}
        self.doubles: dict[str, int] = {}
        self.highest = 0
        self.has_blank = False

    def note(self, row: Row) -> None:
        key = self._kind.key_text(row)
        if not key:
            self.has_blank = True
            return
        if key.isascii() and key.isdecimal() and len(key) <= 9:
            self.highest = max(self.highest, int(key))
        first = self._first.setdefault(key, row.number)
        if first != row.number:
            self.doubles[str(row.number)] = first
            self.doubles.setdefault(str(first), row.number)


# --- judging ----------------------------------------------------------------------------------------


def _judge(one: Import, job: Job, number: int) -> None:
    rows, flagged = _rows(one, number)
    outcomes = [*flagged.values(), *writer(one).judge(rows)]
    outcomes.sort(key=_by_number)
    with transaction.atomic():
        part = ImportChunk(of=one, number=number)
        _keep_outcomes(part, outcomes)
        jobs.advance(job=job, lease=LEASE)


def _rows(one: Import, number: int) -> tuple[list[Row], dict[int, Outcome]]:
    """The rows of a chunk that are to be judged, and what is known already of the others."""
    table = table_of(one.table)
    with one.spool.open("rb") as file:
        rows = list(chunk(cast(BinaryIO, file), one.offsets, number))
    column = table.key_named(one.key).fields[0]
    flagged = twice(rows, one.doubles, table.column(column))
    return [row for row in rows if row.number not in flagged], flagged


def _by_number(outcome: Outcome) -> int:
    return outcome.number


def _keep_outcomes(part: ImportChunk, outcomes: list[Outcome]) -> None:
    part.outcomes = [outcome.as_json() for outcome in outcomes]
    for name, count in counts(outcomes).items():
        setattr(part, name, count)
    part.save()


def _go_on(one: Import, job: Job, done: int, last: str, *, more: bool = False) -> bool:
    """Note how many chunks are done; True while there is more. The last piece adds up and says that it is over."""
    more = more or done < len(one.offsets)
    with transaction.atomic():
        job.payload |= {"done": min(done * _size(one), one.total), "total": one.total}
        jobs.advance(job=job, lease=LEASE)
        if not more:
            _end(one, last)
    return more


def _size(one: Import) -> int:
    return -(-one.total // max(len(one.offsets), 1))


def _end(one: Import, last: str) -> None:
    changes: dict[str, Any] = {"state": last, "error": ""}
    if last != State.UNDONE:
        names = COUNTED.values()
        changes |= ImportChunk.objects.filter(of=one).aggregate(**{name: Sum(name, default=0) for name in names})
    moment = {State.DONE: "applied_at", State.UNDONE: "undone_at"}.get(State(last))
    if moment:
        changes[moment] = timezone.now()
    Import.objects.filter(pk=one.pk).update(**changes)
