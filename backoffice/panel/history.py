"""What changed lately in what staff configure, as a story: who, when, from what to what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

WINDOW = 120  # the newest lines of each table
KINDS = {"+": "Creado", "~": "Cambiado", "-": "Borrado"}


@dataclass(frozen=True)
class Edit:
    """A field that changed, in the words of the form."""

    name: str
    old: str
    new: str


@dataclass
class Change:
    at: datetime
    who: str
    kind: str
    what: str
    title: str
    reason: str
    edits: list[Edit] = field(default_factory=list)


def recent_changes(tables: Sequence[type[models.Model]]) -> list[Change]:
    """The newest changes of these models together, newest first. A fixed number of queries a model."""
    found = [change for table in tables for change in _changes(table)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:WINDOW]


def _changes(table: type[models.Model]) -> list[Change]:
    records = list(table.history.select_related("history_user").order_by("-history_id")[:WINDOW])  # type: ignore[attr-defined]
    fields = [one for one in table._meta.concrete_fields if one.editable and not one.primary_key]
    names = _related_names(fields, records)
    newer: dict[Any, tuple[Any, Change]] = {}
    changes = []
    for record in records:  # newest first: each older record tells what the newer one of the same row changed
        change = _change(table, record)
        if record.pk is not None and record.id in newer:
            later, told = newer[record.id]
            told.edits.extend(_edits(fields, record, later, names))
        newer[record.id] = (record, change)
        changes.append(change)
    return changes


def _change(table: type[models.Model], record: Any) -> Change:
    return Change(
        at=record.history_date,
        who=str(record.history_user or "el sistema"),
        kind=KINDS.get(record.history_type, ""),
        what=str(table._meta.verbose_name),
        title=_title(record),
        reason=record.history_change_reason or "",
    )


def _title(record: Any) -> str:
    """The row's name as it was then, from its own columns so that nothing else is read."""
    label = next((getattr(record, name) for name in ("title", "name", "key", "label") if hasattr(record, name)), "")
    return str(label or record.instance)


def _edits(fields: Iterable[models.Field], old: Any, new: Any, names: dict[str, dict[Any, str]]) -> list[Edit]:
    edits = []
    for one in fields:
        before, after = getattr(old, one.attname), getattr(new, one.attname)
        if before != after:
            edits.append(Edit(str(one.verbose_name), _shown(one, before, names), _shown(one, after, names)))
    return edits


def _related_names(fields: Iterable[models.Field], records: Iterable[Any]) -> dict[str, dict[Any, str]]:
    """How each row that a foreign key points to is called today; one query a foreign key."""
    names: dict[str, dict[Any, str]] = {}
    for one in fields:
        if isinstance(one, models.ForeignKey):
            wanted = {getattr(record, one.attname) for record in records} - {None}
            rows = one.related_model._default_manager.in_bulk(wanted)  # type: ignore[union-attr]
            names[one.attname] = {key: str(row) for key, row in rows.items()}
    return names


def _shown(one: models.Field, value: Any, names: dict[str, dict[Any, str]]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if one.attname in names:
        return names[one.attname].get(value, "(borrado)")
    return str(dict(one.flatchoices).get(value, value))
