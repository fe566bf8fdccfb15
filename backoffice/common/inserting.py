"""Rows stored by an INSERT whose SQL is written once: building it anew for each batch was a quarter of a turn's cost.

For the few tables that take a row with each message; everything else is stored by the ORM.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import CharField, Field, ForeignKey, IntegerField, Model, TextField

AT_ONCE = 200  # rows a statement: far from SQLite's limit of parameters
_AS_THEY_ARE = (CharField, TextField, IntegerField, ForeignKey)


def insert(rows: Sequence[Model], *, skip_known: bool = False, replace_by: str = "") -> None:
    """Store new rows of one model, in their order; each learns its id unless known ones are skipped or replaced.

    Values are adapted by their fields, as the ORM does. `skip_known` leaves alone a row whose unique values are there
    already; `replace_by` is the unique field by which a row that is there takes the new values.

    Raises:
        TypeError: the model keeps a history, which only `common/bulk.py` writes.
        DatabaseError: as any INSERT.
    """
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        model = type(part[0])
        ids = _execute(model, part, _sql(model, len(part), skip_known, replace_by), not (skip_known or replace_by))
        for row, pk in zip(part, ids, strict=False):
            row.pk, row._state.adding, row._state.db = pk, False, DEFAULT_DB_ALIAS


def _execute(model: type[Model], rows: Sequence[Model], sql: str, tells: bool) -> list[Any]:
    wire = connections[DEFAULT_DB_ALIAS]
    values = [
        getattr(row, name) if adapt is None else adapt(getattr(row, name), wire)
        for row in rows
        for name, adapt in _adapted(model)
    ]
    with wire.cursor() as cursor:
        cursor.execute(sql, values)
        return [pk for (pk,) in cursor.fetchall()] if tells else []


@cache
def _fields(model: type[Model]) -> tuple[Field, ...]:
    if hasattr(model, "history"):
        raise TypeError(f"{model.__name__} keeps a history")
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


@cache
def _adapted(model: type[Model]) -> tuple[tuple[str, Callable[[Any, Any], Any] | None], ...]:
    """Each field's attribute and what makes a database value of it: texts, numbers and keys are one already."""
    return tuple(
        (field.attname, None if isinstance(field, _AS_THEY_ARE) else field.get_db_prep_save) for field in _fields(model)
    )


@lru_cache(maxsize=1024)
def _sql(model: type[Model], count: int, skip_known: bool, replace_by: str) -> str:
    """Only names of ours are written in it."""
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = [quote(str(field.column)) for field in _fields(model)]
    row = f"({', '.join(['%s'] * len(columns))})"
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) VALUES {', '.join([row] * count)}"  # noqa: S608
    if skip_known:
        return f"{sql} ON CONFLICT DO NOTHING"
    if replace_by:
        key = quote(str(model._meta.get_field(replace_by).column))  # type: ignore[union-attr]
        changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != key)
        return f"{sql} ON CONFLICT ({key}) DO UPDATE SET {changes}"
    return f"{sql} RETURNING {quote(str(model._meta.pk.column))}"
