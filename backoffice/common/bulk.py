"""Bulk writes of models that keep a history: the rows and their history lines in one transaction (design 7).

`.update()` and `bulk_create` write no history, so tracked models are written in bulk only through here.
Configuration models bump the `ConfigRevision` as every other write of theirs does.

The history lines are copied from the rows by the database itself (`INSERT … SELECT`), which costs a fifth of building
them here; simple_history's own way is taken where a row names who wrote it, or its model keeps more than its columns.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import connections, models, router, transaction
from django.utils import timezone
from simple_history.utils import bulk_create_with_history as _create
from simple_history.utils import bulk_update_with_history as _update
from simple_history.utils import get_history_manager_for_model

M = TypeVar("M", bound=models.Model)
BATCH = 500


def bulk_create_with_history(rows: Sequence[M], *, by: Any = None, reason: str = "") -> list[M]:
    """Insert rows of one model, each with its «+» line of history; the same rows with their ids.

    `by` is the user to name when there is no request that tells it.
    """
    if not rows:
        return []
    model = type(rows[0])
    if not _copies(rows):
        made: list[M] = _create(rows, model, batch_size=BATCH, default_user=by, default_change_reason=reason or None)
        return made
    with transaction.atomic(savepoint=False):
        created = model._default_manager.bulk_create(rows, batch_size=BATCH)
        _write_lines(created, "+", by, reason)
    return created


def bulk_update_with_history(rows: Sequence[M], fields: Sequence[str], *, by: Any = None, reason: str = "") -> int:
    """Write those fields of rows of one model, each with its «~» line of history; how many rows changed."""
    if not rows:
        return 0
    model = type(rows[0])
    if not _copies(rows):
        return int(
            _update(rows, model, list(fields), batch_size=BATCH, default_user=by, default_change_reason=reason or None)
        )
    with transaction.atomic(savepoint=False):
        changed = model._default_manager.bulk_update(rows, list(fields), batch_size=BATCH)
        _write_lines(rows, "~", by, reason)
    return int(changed)


def bulk_delete_with_history(rows: Sequence[models.Model], *, by: Any = None, reason: str = "") -> int:
    """Delete rows of one model that nothing points to, each with its «-» line of history; how many there were.

    Nothing follows them, whatever `on_delete` says: what pointed to one makes the database refuse (IntegrityError).
    """
    if not rows:
        return 0
    model = type(rows[0])
    with transaction.atomic(savepoint=False):
        _write_lines(rows, "-", by, reason)
        keys = [row.pk for row in rows]
        gone: int = model._base_manager.filter(pk__in=keys)._raw_delete(router.db_for_write(model))  # type: ignore[attr-defined]
    return gone


def _copies(rows: Sequence[models.Model]) -> bool:
    """Whether the rows' lines are their columns and no more, signed by one hand."""
    history = get_history_manager_for_model(type(rows[0])).model
    if getattr(history, "_history_m2m_fields", None) or hasattr(history, "history_relation"):
        return False
    signs = ("_history_user", "_change_reason", "_history_date")
    return not any(sign in vars(row) for row in rows for sign in signs)


def _write_lines(rows: Sequence[models.Model], kind: str, by: Any, reason: str) -> None:
    """A line of history of each stored row, as it is stored."""
    model = type(rows[0])
    history = get_history_manager_for_model(model).model
    connection = connections[router.db_for_write(history)]
    user = by or history.get_default_history_user(rows[0])
    signed_by = {
        "history_date": timezone.now(),
        "history_type": kind,
        "history_change_reason": reason[:100] or None,
        "history_user_id": getattr(user, "pk", None),
    }
    fields = {field.attname: field for field in history._meta.concrete_fields}
    told = [fields[name].get_db_prep_save(value, connection) for name, value in signed_by.items()]
    quote = connection.ops.quote_name
    copied = [quote(field.column) for field in history.tracked_fields]
    into = ", ".join([*copied, *(quote(fields[name].column) for name in signed_by)])
    blanks = ", ".join(["%s"] * len(told))
    key = quote(str(model._meta.pk.column))  # type: ignore[union-attr]
    table, lines = quote(model._meta.db_table), quote(history._meta.db_table)
    with connection.cursor() as cursor:
        for begin in range(0, len(rows), BATCH):
            keys = [row.pk for row in rows[begin : begin + BATCH]]
            asked = ", ".join(["%s"] * len(keys))
            cursor.execute(
                f"INSERT INTO {lines} ({into}) SELECT {', '.join(copied)}, {blanks} FROM {table} "  # noqa: S608
                f"WHERE {key} IN ({asked}) ORDER BY {key}",
                [*told, *keys],
            )


def bring_back(rows: Sequence[models.Model], *, by: Any = None, reason: str = "") -> None:
    """Insert rows exactly as they were, with their keys and their clocks, each with its «+» line of history.

    `rows` are of any models, the links of many-to-many fields among them. No `save()` of theirs runs.
    """
    links: list[models.Model] = []
    for row in rows:
        if row._meta.auto_created:
            links.append(row)
        else:
            row.save_base(raw=True, force_insert=True)  # raw: what is set when a row is made stays as it was
    for table, alike in _by_table(links).items():
        table._default_manager.bulk_create(alike, batch_size=BATCH)
    for table, alike in _by_table(rows).items():
        if hasattr(table, "history"):
            lines = table.history.bulk_history_create(
                alike, batch_size=BATCH, default_user=by, default_change_reason=reason or None
            )
            _tell_links(lines, links)


def _by_table(rows: Iterable[models.Model]) -> dict[type[models.Model], list[models.Model]]:
    found: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        found.setdefault(type(row), []).append(row)
    return found


def _tell_links(lines: Iterable[Any], links: Iterable[models.Model]) -> None:
    """Which rows of other tables each line's row names, where the history keeps that too."""
    for line in lines:
        for field in line._history_m2m_fields:
            through, column = field.remote_field.through, f"{field.m2m_field_name()}_id"
            mine = [link for link in links if isinstance(link, through) and getattr(link, column) == line.id]
            kept = getattr(line, field.name).model
            columns = [one.attname for one in through._meta.concrete_fields]
            kept.objects.bulk_create(
                kept(history=line, **{name: getattr(link, name) for name in columns}) for link in mine
            )


def save_as_one_line(row: models.Model, **lists: Iterable[models.Model]) -> None:
    """Save a row with the rows of other tables that it names: one line of its history tells it all.

    simple_history would write a line for the row and one for each list. A new row needs its key before it names
    others, so it is saved twice; the line is of the second, which is made a «+» again.
    """
    tracked: Any = row
    is_new = row._state.adding
    if is_new:
        tracked.save_without_historical_record()
    tracked.skip_history_when_saving = True  # what the library looks for, also when lists change
    try:
        for name, rows in lists.items():
            getattr(row, name).set(rows)
    finally:
        del tracked.skip_history_when_saving
    row.save()
    if is_new:
        line = tracked.history.latest("history_id")
        line.history_type = "+"
        line.save(update_fields=["history_type"])


def signed(row: M, by: Any, reason: str = "") -> M:
    """The row, whose next `save()` writes in its history who did it and why. Without `by`, the request tells."""
    if by is not None:
        row._history_user = by  # type: ignore[attr-defined]
    if reason:
        row._change_reason = reason[:100]  # type: ignore[attr-defined]
    return row
