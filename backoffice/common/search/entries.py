"""Entries kept true: what is marked dirty is made again, a few before each search and the rest by the worker."""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import islice

from django.db import OperationalError, connection, transaction

from backoffice.common import worker
from backoffice.common.models import Job, SearchDirty, SearchEntry
from backoffice.common.search.kinds import Kind, kinds
from backoffice.common.search.words import as_text
from backoffice.common.services import jobs

log = logging.getLogger(__name__)

BEFORE_A_SEARCH = 200  # rows that a search makes again itself, the newest changes first
AT_ONCE = 100  # rows in a piece of the worker's: on SQLite whoever writes waits for it to end
FEW = 1000  # rows of a table that are made while somebody waits
PATIENCE = 300  # milliseconds that a search waits for SQLite's only writer
EVERYTHING = 0
JOB = "search"
_LOCK = 0x4D4F5345  # of ours among PostgreSQL's advisory locks
DIRTY = SearchDirty._meta.db_table
_SHOWN = ("title", "subtitle", "text")


Mark = tuple[int, int, int]  # its own id, the kind's number, the row's id


def marks_sql() -> str:
    """A SELECT of the newest marks, and of the one that says that everything is to be made again."""
    newest = f"SELECT id FROM {DIRTY} ORDER BY id DESC LIMIT {BEFORE_A_SEARCH}"
    return f"SELECT id, kind, object_id FROM {DIRTY} WHERE kind = {EVERYTHING} OR id IN ({newest})"


def refresh(marks: Collection[Mark]) -> bool:
    """Make findable what these say. False while everything is being made again: then the tables must be asked."""
    found = [mark for mark in marks if mark[1] != EVERYTHING]
    if found:
        try:
            with _impatient():
                _clean(found, wait=False)
                if len(found) >= BEFORE_A_SEARCH:
                    make_the_rest()
        except OperationalError as error:  # an import holds the database: what it writes is found when it is over
            log.info("search goes on without the newest changes: %s", error)
    return len(found) == len(marks)


def make_the_rest() -> None:
    """Have the worker make findable now what a search has no time for."""
    if not Job.objects.filter(kind=JOB, state__in=jobs.OPEN).exists():
        worker.start(kind=JOB)


def drain(limit: int | None = None) -> bool:
    """Make again what changed first, a piece of the worker's unless told. True while there is more."""
    limit = limit or AT_ONCE
    marks = list(
        SearchDirty.objects.exclude(kind=EVERYTHING).order_by("pk").values_list("pk", "kind", "object_id")[:limit]
    )
    if marks:
        _clean(marks, wait=True)
    return len(marks) == limit


def drain_all() -> None:
    """For whoever has just filled the tables and wants all of it found."""
    while drain():
        pass


def _clean(marks: Collection[Mark], *, wait: bool) -> None:
    rows: dict[int, set[int]] = defaultdict(set)
    for _, kind, pk in marks:
        rows[kind].add(pk)
    with transaction.atomic():
        if not _alone(wait=wait):
            return  # somebody is making them
        for number, ids in rows.items():
            if kind_ := kinds().get(number):
                make(kind_, ids)
        SearchDirty.objects.filter(pk__in=[pk for pk, _, _ in marks]).delete()


def make(kind: Kind, ids: Collection[int]) -> None:
    """Write the entries of these rows as the rows are now; a row that is gone loses its entry."""
    wanted = {}
    for row in kind.rows().filter(pk__in=ids):
        card = kind.card(row)
        if card is None:
            continue
        text = as_text(card.words)
        wanted[kind.base + row.pk] = SearchEntry(
            id=kind.base + row.pk, title=card.title[:200], subtitle=card.subtitle[:200], text=text
        )
    known = SearchEntry.objects.in_bulk([kind.base + pk for pk in ids])
    changed = [entry for pk, entry in wanted.items() if pk not in known or not _alike(entry, known[pk])]
    SearchEntry.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=_SHOWN)
    forget(known.keys() - wanted.keys())


def forget(entries: Collection[int]) -> None:
    """Drop entries by their own ids."""
    if entries:
        SearchEntry.objects.filter(pk__in=entries).delete()


def forget_rows(model: type, ids: Collection[int]) -> None:
    """Drop what is found of these rows now, in the caller's transaction; what is left of them is found again later."""
    for kind in kinds().values():
        if kind.model is model:
            rest = iter(ids)
            while some := list(islice(rest, AT_ONCE)):
                forget([kind.base + pk for pk in some])


def make_range(kind: Kind, after: int) -> int | None:
    """Make the entries of the next rows of a kind. Returns the last id, None when there are no more.

    Entries of rows that are not there any more go too.
    """
    with transaction.atomic():
        _alone(wait=True)
        ids = list(
            kind.model._default_manager.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
        )
        last = kind.base + ids[-1] if len(ids) == AT_ONCE else kind.last
        make(kind, ids)
        among = SearchEntry.objects.filter(pk__gt=kind.base + after, pk__lte=last)
        among.exclude(pk__in=[kind.base + pk for pk in ids]).delete()
    return ids[-1] if len(ids) == AT_ONCE else None


def everything_changed() -> None:
    """Have all entries made again: here when they are few, by the worker (who comes within a minute) otherwise."""
    if all(kind.model._default_manager.count() <= FEW for kind in kinds().values()):
        for kind in kinds().values():
            after: int | None = 0
            while after is not None:
                after = make_range(kind, after)
    elif not SearchDirty.objects.filter(kind=EVERYTHING).exists():
        SearchDirty.objects.create(kind=EVERYTHING, object_id=0)


def _alike(one: SearchEntry, other: SearchEntry) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _SHOWN)


def _alone(*, wait: bool) -> bool:
    """Two who make the same entry at once could leave the older one. SQLite has one writer anyway."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


@contextmanager
def _impatient() -> Iterator[None]:
    """On SQLite: do not stand in line behind a long import only to find its rows."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        before = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {before}")
