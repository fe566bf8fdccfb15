"""The entries that a query meets, by the database's own index of words (SQLite's FTS5, PostgreSQL's GIN)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value

from backoffice.common.models import SearchEntry
from backoffice.common.search import entries
from backoffice.common.search.kinds import Kind
from backoffice.common.search.triggers import ENTRIES, VECTOR, WORDS
from backoffice.common.search.words import Query

MANY = 1000  # what is found more often is looked for among the rows, in the order of their list
COUNTED = 5001  # nobody counts further
LOOKED_AT, COMMON = 2000, 500  # of the newest entries of a kind, so many make a word too common to ask the index


@dataclass(frozen=True, slots=True)
class Found:
    """`ids` in no order, or None when there are too many; `count` of them, up to `COUNTED`."""

    ids: list[int] | None
    count: int


def find(kind: Kind, query: Query) -> Found | None:
    """The rows of a kind that are found, as they are now. None while everything is being made again.

    What is common among the newest is not asked of the index, which would gather all of it before it answers.
    """
    if not query:
        return Found([], 0)
    common = _common([kind], query)
    if common is None:
        return None
    if common:
        among_all = SearchEntry.objects.filter(meets(query), pk__gte=kind.base, pk__lte=kind.last)
        return Found(None, among_all.order_by().values("pk")[:COUNTED].count())
    with connection.cursor() as cursor:
        cursor.execute(f"{_hits()} LIMIT {COUNTED}", [_asked(kind, query)])
        ids = [found - kind.base for (found,) in cursor.fetchall()]
    return Found(ids if len(ids) <= MANY else None, len(ids))


def _common(kinds: Sequence[Kind], query: Query, *, even_then: bool = False) -> set[Kind] | None:
    """Of which kinds what is asked is common. The same query says what changed, which is made findable first.

    None while everything is being made again, unless what there is will do `even_then`.
    """
    condition, words = _condition(query)
    parts, values = [entries.marks_sql()], list[Any]()
    for kind in kinds:
        newest = f"SELECT text FROM {ENTRIES} WHERE id >= {kind.base} AND id <= {kind.last} ORDER BY id DESC"
        met = f"SELECT COUNT(*) FROM ({newest} LIMIT {LOOKED_AT}) newest WHERE {condition}"
        parts.append(f"SELECT {kind.number}, CAST(NULL AS integer), ({met})")
        values += words
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        rows = cursor.fetchall()
    marks = [row for row in rows if row[1] is not None]
    if marks and not entries.refresh(marks) and not even_then:
        return None
    often = {number for number, mark, met in rows if mark is None and met >= COMMON}
    return {kind for kind in kinds if kind.number in often}


def _condition(query: Query) -> tuple[str, list[str]]:
    """`meets` in SQL, and its values."""
    groups, values = [], list[str]()
    for group in query.groups:
        groups.append(" OR ".join(f"({' AND '.join(['text LIKE %s'] * len(one))})" for one in group))
        values += [f"% {word}%" for one in group for word in one]
    return " AND ".join(f"({group})" for group in groups), values


def _hits() -> str:
    """A SELECT of the entries that the index has for what is given."""
    if _is_sqlite():
        return f"SELECT rowid AS id FROM {WORDS} WHERE {WORDS} MATCH %s"
    return f"SELECT id FROM {ENTRIES} WHERE {VECTOR} @@ %s::tsquery"


def _asked(kind: Kind, query: Query, *, whole: bool = False) -> str:
    return _for_sqlite(kind, query, whole) if _is_sqlite() else _for_postgres(kind, query, whole)


def _is_sqlite() -> bool:
    return bool(connection.vendor == "sqlite")


def among(rows: QuerySet[Any], kind: Kind, query: Query) -> QuerySet[Any]:
    """The rows of a list that are found, asked one by one: for what is found often, so that a page comes soon.

    The subquery is a value and not an EXISTS, which PostgreSQL would turn into a join of everything.
    """
    entry = SearchEntry.objects.filter(meets(query), pk=OuterRef("pk") + Value(kind.base)).order_by()
    return rows.alias(found_entry=Subquery(entry.values("pk")[:1])).filter(found_entry__isnull=False)


def meets(query: Query) -> Q:
    """The query as a condition on an entry's text."""
    whole = Q()
    for group in query.groups:
        either = Q()
        for alternative in group:
            each = Q()
            for word in alternative:
                each &= Q(text__contains=f" {word}")
            either |= each
        whole &= either
    return whole


def _for_sqlite(kind: Kind, query: Query, whole: bool) -> str:
    star = "" if whole else " *"
    return _written(query, lambda word: f'"k{kind.number}x{word}"{star}', " AND ", " OR ")


def _for_postgres(kind: Kind, query: Query, whole: bool) -> str:
    star = "" if whole else ":*"
    return _written(query, lambda word: f"'k{kind.number}x{word}'{star}", " & ", " | ")


def _written(query: Query, word: Any, both: str, either: str) -> str:
    groups = (
        either.join(f"({both.join(word(one) for one in alternative)})" for alternative in group)
        for group in query.groups
    )
    return both.join(f"({group})" for group in groups)


def best(kinds: Sequence[Kind], query: Query, most: int) -> dict[Kind, list[int]]:
    """The rows of several kinds that are found: by whole words first, then the newest; `most` of each.

    A kind of which nothing is found is left out. Two queries.
    """
    common = _common(kinds, query, even_then=True) or set()
    parts, values = [], list[Any]()
    for kind in kinds:
        for sql, given in (
            [_newest(kind, query)] if kind in common else [_indexed(kind, query, w) for w in (True, False)]
        ):
            parts.append(f"SELECT id, {kind.number} AS kind FROM ({sql} ORDER BY id DESC LIMIT {most}) best")
            values += given
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        rows = cursor.fetchall()
    told: dict[int, dict[int, None]] = {}
    for found, number in rows:
        told.setdefault(number, {})[found] = None
    return {kind: [pk - kind.base for pk in told[kind.number]][:most] for kind in kinds if kind.number in told}


def _newest(kind: Kind, query: Query) -> tuple[str, list[str]]:
    condition, values = _condition(query)
    last = f"SELECT id, text FROM {ENTRIES} WHERE id >= {kind.base} AND id <= {kind.last} ORDER BY id DESC"
    return f"SELECT id FROM ({last} LIMIT {LOOKED_AT}) newest WHERE {condition}", values


def _indexed(kind: Kind, query: Query, whole: bool) -> tuple[str, list[str]]:
    return f"SELECT id FROM ({_hits()} LIMIT {COUNTED}) hits", [_asked(kind, query, whole=whole)]
