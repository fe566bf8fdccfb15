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
