"""The entries that a query meets, by the database's own index of words (SQLite's FTS5, PostgreSQL's GIN)."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value

from backoffice.common.models import SearchEntry
from backoffice.common.search.kinds import Kind
from backoffice.common.search.triggers import ENTRIES, VECTOR, WORDS
from backoffice.common.search.words import Query

MANY = 5000  # what is found more often is looked for among the rows, in the order of their list


def ids(kind: Kind, query: Query, limit: int = MANY + 1, *, whole: bool = False) -> list[int]:
    """The rows of a kind that are found, in no order, at most `limit`. `whole`: by whole words only."""
    if not query:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            sql = f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s LIMIT %s"
            cursor.execute(sql, [_for_sqlite(kind, query, whole), limit])
        else:
            sql = f"SELECT id FROM {ENTRIES} WHERE {VECTOR} @@ %s::tsquery LIMIT %s"
            cursor.execute(sql, [_for_postgres(kind, query, whole), limit])
        return [found - kind.base for (found,) in cursor.fetchall()]


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

    A kind of which nothing is found is left out.
    """
    parts, values = [], list[Any]()
    for kind in kinds:
        for whole in (True, False):
            part, given = _newest_first(kind, query, whole, most)
            parts.append(part)
            values += given
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        found = cursor.fetchall()
    told: dict[Kind, list[int]] = {}
    for kind in kinds:
        ids = [pk - kind.base for pk, _, number in found if number == kind.number]
        if ids:
            told[kind] = list(dict.fromkeys(ids))[:most]
    return told


def _newest_first(kind: Kind, query: Query, whole: bool, most: int) -> tuple[str, list[Any]]:
    """Of what is found very often the newest are not looked for: any will do."""
    if connection.vendor == "sqlite":
        inner = f"SELECT rowid AS id FROM {WORDS} WHERE {WORDS} MATCH %s LIMIT {MANY}"
        asked = _for_sqlite(kind, query, whole)
    else:
        inner = f"SELECT id FROM {ENTRIES} WHERE {VECTOR} @@ %s::tsquery LIMIT {MANY}"
        asked = _for_postgres(kind, query, whole)
    order = f"SELECT id FROM ({inner}) hits ORDER BY id DESC LIMIT %s"
    return f"SELECT id, {0 if whole else 1}, {kind.number} FROM ({order}) newest", [asked, most]
