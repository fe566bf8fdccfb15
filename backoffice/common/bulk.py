"""Bulk writes of models that keep a history: the rows and their history lines in one transaction (design 7).

`.update()` and `bulk_create` write no history, so tracked models are written in bulk only through here.
Configuration models bump the `ConfigRevision` as every other write of theirs does.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import models
from simple_history.utils import bulk_create_with_history as _create
from simple_history.utils import bulk_update_with_history as _update

M = TypeVar("M", bound=models.Model)
BATCH = 500


def bulk_create_with_history(rows: Sequence[M], *, by: Any = None, reason: str = "") -> list[M]:
    """Insert rows of one model, each with its «+» line of history; the same rows with their ids.

    `by` is the user to name when there is no request that tells it.
    """
    if not rows:
        return []
    model = type(rows[0])
    created: list[M] = _create(rows, model, batch_size=BATCH, default_user=by, default_change_reason=reason or None)
    return created


def bulk_update_with_history(rows: Sequence[M], fields: Sequence[str], *, by: Any = None, reason: str = "") -> int:
    """Write those fields of rows of one model, each with its «~» line of history; how many rows changed."""
    if not rows:
        return 0
    model = type(rows[0])
    return int(
        _update(rows, model, list(fields), batch_size=BATCH, default_user=by, default_change_reason=reason or None)
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
