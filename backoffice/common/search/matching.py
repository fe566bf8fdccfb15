"""The entries that a query meets, by the database's own index of words (SQLite's FTS5, PostgreSQL's GIN)."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value

from backoffice.common.models import SearchEntry
from backoffice.common.search import entries
from backoffice.common.search.kinds import Kind
from backoffice.common.search.triggers import ENTRIES, VECTOR, WORDS
from backoffice.common.search.words import Query

MANY = 1000  # what is found more often is looked for among the rows, in the order of their list

LOOKED_AT = 2000  # of what is found everywhere, before the newest of it are chosen


def ids(kind: Kind, query: Query) -> list[int] | None:
    """The rows of a kind that are found, as they are now, in no order; one more than `MANY` when there are more.

    One query says also what changed since the last search, which is made findable first. None while everything is
    being made again: whoever asks has to look in the tables.
    """
    if not query:
        return []
    asked = _for_sqlite(kind, query, whole=False) if _is_sqlite() else _for_postgres(kind, query, whole=False)
    with connection.cursor() as cursor:
        cursor.execute(f"{_hits(MANY + 1)} UNION ALL {entries.marks_sql()}", [asked])
        rows = cursor.fetchall()
        marks = [row for row in rows if row[1] is not None]
        if marks:
            if not entries.refresh(marks):
                return None
            cursor.execute(_hits(MANY + 1), [asked])
            rows = cursor.fetchall()
    return [found - kind.base for found, _, _ in rows]


def count(kind: Kind, query: Query, most: int) -> int:
    """How many are found; `most` when there are more."""
    asked = _for_sqlite(kind, query, whole=False) if _is_sqlite() else _for_postgres(kind, query, whole=False)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM ({_hits(most)}) counted", [asked])
        return int(cursor.fetchone()[0])


def _hits(limit: int) -> str:
    if _is_sqlite():
        inner = f"SELECT rowid AS id FROM {WORDS} WHERE {WORDS} MATCH %s LIMIT {limit}"
    else:
        inner = f"SELECT id FROM {ENTRIES} WHERE {VECTOR} @@ %s::tsquery LIMIT {limit}"
    return f"SELECT id, NULL, NULL FROM ({inner}) hits"


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
    """The rows of several kinds that are found, in one query: by whole words first, then the newest; `most` of each.

    A kind of which nothing is found is left out. What changed since the last search is made findable first.
    """
    parts = [_newest_first(kind, query, whole, most) for kind in kinds for whole in (True, False)]
    hits, values = " UNION ALL ".join(sql for sql, _ in parts), [one for _, given in parts for one in given]
    with connection.cursor() as cursor:
        changed = f"SELECT id, kind, object_id FROM ({entries.marks_sql()}) marks"
        cursor.execute(f"{hits} UNION ALL {changed}", values)
        rows = cursor.fetchall()
        marks = [row for row in rows if row[2] is not None]
        if marks:
            entries.refresh(marks)
            cursor.execute(hits, values)
            rows = cursor.fetchall()
    told: dict[Kind, dict[int, None]] = {}
    by_number = {kind.number: kind for kind in kinds}
    for found, number, _ in rows:
        told.setdefault(by_number[number], {})[found - by_number[number].base] = None
    return {kind: list(told[kind])[:most] for kind in kinds if kind in told}


def _newest_first(kind: Kind, query: Query, whole: bool, most: int) -> tuple[str, list[Any]]:
    """Of what is found very often the newest are not looked for: any will do."""
    if _is_sqlite():
        inner = f"SELECT rowid AS id FROM {WORDS} WHERE {WORDS} MATCH %s LIMIT {LOOKED_AT}"
        asked = _for_sqlite(kind, query, whole)
    else:
        inner = f"SELECT id FROM {ENTRIES} WHERE {VECTOR} @@ %s::tsquery LIMIT {LOOKED_AT}"
        asked = _for_postgres(kind, query, whole)
    order = f"SELECT id FROM ({inner}) hits ORDER BY id DESC LIMIT %s"
    return f"SELECT id, {kind.number} AS kind, NULL AS object_id FROM ({order}) newest", [asked, most]
