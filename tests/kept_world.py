"""FibraSur, made by the product's own verbs once a worker and moment, and put back row by row for every other story.

Hundreds of stories begin with the same company, and making it takes hundreds of statements. What is put back is what
was written the first time; where the tables do not stand as they stood then, the company is made by the verbs again.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils import timezone

from tests import hands

Row = tuple[Any, ...]


@dataclass(frozen=True)
class World:
    """What making the company added, and how the tables stood before."""

    channel: int
    before: Row
    rows: dict[str, list[Row]]


_worlds: dict[datetime, World] = {}


def load() -> int:
    """`hands.load_world`, from memory when this worker did it at this moment before. Returns the channel's id."""
    kept = _worlds.get(timezone.now())
    if kept is None:
        kept = _worlds[timezone.now()] = _made()
    elif _standing() != kept.before:
        return hands.load_world()
    else:
        _put_back(kept.rows)
    return kept.channel


def _made() -> World:
    before, already = _standing(), {table: set(map(repr, read(table))) for table in _tables()}
    channel = hands.load_world()
    rows: dict[str, list[Row]] = {}
    for table, found in already.items():
        now = {repr(row): row for row in read(table)}
        assert found <= set(now), f"{table}: what was there has changed, and could not be put back"
        rows[table] = [row for told, row in now.items() if told not in found]
    return World(channel, before, {table: added for table, added in rows.items() if added})


def _tables() -> list[str]:
    """All but the marks of what changed, which triggers write by themselves when the rows are put back."""
    ours = apps.get_models(include_auto_created=True)
    return sorted(model._meta.db_table for model in ours if model._meta.managed and model.__name__ != "SearchDirty")


def _standing() -> Row:
    """How many rows each table has, and which ids the permissions have: the company's roles point at them."""
    counts = ", ".join(f'(SELECT count(*) FROM "{table}")' for table in _tables())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}, (SELECT min(id) FROM auth_permission)")  # noqa: S608
        return tuple(cursor.fetchone())


def read(table: str) -> list[Row]:
    """Every row of a table, whole."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
        return [tuple(_as_written(value) for value in row) for row in cursor.fetchall()]


def _as_written(value: Any) -> Any:
    """SQLite's driver reads a time of the day as one, and does not write it."""
    return connection.ops.adapt_timefield_value(value) if isinstance(value, time) else value


def _put_back(rows: dict[str, list[Row]]) -> None:
    """Foreign keys are looked at when the transaction ends, so the order of the tables does not matter."""
    with connection.cursor() as cursor:
        for table, added in rows.items():
            blanks = ", ".join(["%s"] * len(added[0]))
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({blanks})', added)  # noqa: S608
