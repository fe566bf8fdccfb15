"""What changed in what staff configure, as a story: who, when, from what to what; and what may be gone back to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

from backoffice.agents.models import AttentionSettings
from backoffice.catalog.models import Faq, Plan, Promotion, SalesSettings, Zone
from backoffice.company.models import Company, Holiday, OpeningHours, PointOfSale
from backoffice.connections.models import Connection
from backoffice.dialogs.models import BotText
from backoffice.sales.models import Branch

WINDOW = 120  # the newest lines of each table
KINDS = {"+": "Creado", "~": "Cambiado", "-": "Borrado"}
# «Volver a esta versión» is offered for these, by the name that its address has. The menus have versions of their own.
RESTORABLE: dict[str, type[models.Model]] = {
    table._meta.label_lower: table
    for table in (
        AttentionSettings, BotText, Branch, Company, Connection, Faq, Holiday, OpeningHours, Plan, PointOfSale,
        Promotion, SalesSettings, Zone,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Edit:
    """A field that changed, in the words of the form."""

    name: str
    old: str
    new: str


@dataclass
class Change:
    """A line of the history. `version` and `label` name it for going back to it; no label means that one cannot."""

    at: datetime
    who: str
    kind: str
    what: str
    title: str
    reason: str
    version: int
    label: str = ""
    current: bool = False
    edits: list[Edit] = field(default_factory=list)


def recent_changes(tables: Sequence[type[models.Model]]) -> list[Change]:
    """The newest changes of these models together, newest first. A fixed number of queries a model."""
    found = [change for table in tables for change in _changes(table)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:WINDOW]


def label_of(record: Any) -> str:
    """How the table of a history's line is named in addresses; "" when its lines cannot be gone back to."""
    label = record.instance_type._meta.label_lower
    return label if label in RESTORABLE else ""


def tracked_lists(table: type[models.Model]) -> tuple[models.ManyToManyField, ...]:
    """The lists of other rows that the table's history keeps with each line."""
    kept: tuple[models.ManyToManyField, ...] = table.history.model._history_m2m_fields  # type: ignore[attr-defined]
    return kept


def permission_for(table: type[models.Model]) -> str:
    """What going back to a version of that table asks for."""
    return f"{table._meta.app_label}.change_{table._meta.model_name}"


def _changes(table: type[models.Model]) -> list[Change]:
    records = list(table.history.select_related("history_user").order_by("-history_id")[:WINDOW])  # type: ignore[attr-defined]
    fields = [one for one in table._meta.concrete_fields if one.editable and not one.primary_key]
    names = _related_names(fields, records)
    lists = _related_lists(table, records)
    newer: dict[Any, tuple[Any, Change]] = {}
    changes = []
    for record in records:  # newest first: each older record tells what the newer one of the same row changed
        change = _change(table, record)
        if record.id in newer:
            later, told = newer[record.id]
            told.edits.extend(_edits(fields, record, later, names))
            told.edits.extend(_list_edits(lists, record, later))
        else:
            change.current = record.history_type != "-"
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
        version=record.pk,
        label=label_of(record),
    )


def _title(record: Any) -> str:
    """The row's name as it was then, from its own columns so that nothing else is read."""
    names = ("title", "question", "name", "key", "label")
    label = next((value for name in names if (value := getattr(record, name, ""))), "")
    return str(label or record.instance)


def _edits(fields: Iterable[models.Field], old: Any, new: Any, names: dict[str, dict[Any, str]]) -> list[Edit]:
    edits = []
    for one in fields:
        before, after = getattr(old, one.attname), getattr(new, one.attname)
        if before != after and hasattr(new.instance_type, "inner_labels") and isinstance(after, dict):
            edits.extend(_inner_edits(one, before or {}, after, new))
        elif before != after:
            edits.append(Edit(str(one.verbose_name), _shown(one, before, names), _shown(one, after, names)))
    return edits


def _inner_edits(one: models.Field, old: dict[str, Any], new: dict[str, Any], record: Any) -> list[Edit]:
    """What changed inside a bag of settings, each by the name that its table gives it."""
    labels = record.instance_type.inner_labels(record)
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return [
        Edit(labels.get(name, name), _shown(one, old.get(name), {}), _shown(one, new.get(name), {})) for name in changed
    ]


def _list_edits(lists: dict[str, dict[int, str]], old: Any, new: Any) -> list[Edit]:
    """What changed in the lists of rows that a row names: its zones, its plans."""
    edits = []
    for name, by_version in lists.items():
        before, after = by_version.get(old.pk, ""), by_version.get(new.pk, "")
        if before != after:
            edits.append(Edit(name, before, after))
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


def _related_lists(table: type[models.Model], records: Sequence[Any]) -> dict[str, dict[int, str]]:
    """By field's name: what each version named, as «Centro, Norte». Two queries a field."""
    versions = [record.pk for record in records]
    lists: dict[str, dict[int, str]] = {}
    for one in tracked_lists(table):
        kept = getattr(table.history.model, one.name).model  # type: ignore[attr-defined]
        column = f"{one.m2m_reverse_field_name()}_id"
        pairs = list(kept._default_manager.filter(history_id__in=versions).values_list("history_id", column))
        names = one.related_model._default_manager.in_bulk({key for _, key in pairs})
        told: dict[int, list[str]] = {}
        for version, key in pairs:
            told.setdefault(version, []).append(str(names.get(key, "(borrado)")))
        lists[str(one.verbose_name)] = {version: ", ".join(sorted(found)) for version, found in told.items()}
    return lists


def _shown(one: models.Field, value: Any, names: dict[str, dict[Any, str]]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value:.2f}".replace(".", ",")
    if one.attname in names:
        return names[one.attname].get(value, "(borrado)")
    return str(dict(one.flatchoices).get(value, value))
