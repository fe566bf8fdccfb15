"""A row and all that goes with it when it is deleted, as a value that JSON can keep. Reads; writes nothing.

`rows` holds each row that goes, in any order (constraints are checked when the transaction ends):
`{"table": "catalog.plan", "values": {"id": 3, "name": "Fibra 100", …}}`, the links of many-to-many fields among them.
`freed` holds whose references become empty: `{"table", "field", "value", "keys": [primary keys]}`.

What is kept encrypted is left out: who deletes a connection wants its key forgotten. So is access to the panel.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models, router
from django.db.models.deletion import CASCADE, Collector

from backoffice.common.encryption import EncryptedText
from backoffice.safekeeping.subject import in_chunks

NEVER = frozenset({"accounts"})
"""Apps whose rows are not kept: nobody gets access back, or its password, by way of the trash."""

_AS_IT_IS = (bool, int, str, list, dict, type(None))
Table = type[models.Model]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was seen of a row before it went. `of` is whose part it was, as «cliente María González»."""

    table: str
    key: str
    title: str
    of: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    freed: list[dict[str, Any]] = field(default_factory=list)


def take(row: models.Model) -> Snapshot | None:
    """All that deleting the row takes; None for what is not kept, and for what is gone already.

    The row stays locked until the transaction ends, so that nothing is hung from it meanwhile.

    Raises:
        ProtectedError: it cannot be deleted.
    """
    table = type(row)
    if table._meta.app_label in NEVER:
        return None
    held = table._base_manager.select_for_update().filter(pk=row.pk).first()
    if held is None:
        return None
    collector = Collector(using=router.db_for_write(table, instance=row), origin=row)
    collector.collect([held])
    going = _going(collector)
    return Snapshot(
        table=table._meta.label_lower,
        key=str(row.pk),
        title=str(held)[:200],
        of=_owner(held)[:200],
        rows=[_packed(one) for rows in going.values() for one in rows],
        freed=list(_freed(collector, going)),
    )


def _going(collector: Collector) -> dict[Table, list[models.Model]]:
    """Every row that the deletion takes, as it is in the database now."""
    found: dict[Table, list[models.Model]] = defaultdict(list)
    for table, instances in collector.data.items():
        for keys in in_chunks(sorted(one.pk for one in instances)):
            found[table] += table._base_manager.filter(pk__in=keys)
    for rows in collector.fast_deletes:
        found[rows.model] += list(rows)
    return found


def _freed(collector: Collector, going: dict[Table, list[models.Model]]) -> Iterator[dict[str, Any]]:
    for (column, _), groups in collector.field_updates.items():
        table = column.model
        gone = {one.pk for one in going.get(table, ())}
        keys: dict[Any, list[Any]] = defaultdict(list)
        for rows in groups:
            for pk, value in _values(table, rows, column.attname):
                if pk not in gone and value is not None:
                    keys[value].append(pk)
        for value, found in keys.items():
            yield {"table": table._meta.label_lower, "field": column.name, "value": value, "keys": sorted(found)}


def _values(table: Table, rows: Any, column: str) -> Iterator[tuple[Any, Any]]:
    if isinstance(rows, models.QuerySet):
        yield from rows.order_by().values_list("pk", column)
        return
    for keys in in_chunks(one.pk for one in rows):
        yield from table._base_manager.filter(pk__in=keys).values_list("pk", column)


def _owner(row: models.Model) -> str:
    """Whose part the row is: «cliente María González»; "" when it stands alone."""
    for one in row._meta.concrete_fields:
        if isinstance(one, models.ForeignKey) and one.remote_field.on_delete is CASCADE:
            other = getattr(row, one.name)
            return f"{other._meta.verbose_name} {other}" if other is not None else ""
    return ""


def _packed(row: models.Model) -> dict[str, Any]:
    values = {one.attname: _value(one, row) for one in row._meta.concrete_fields}
    return {"table": row._meta.label_lower, "values": values}


def _value(column: models.Field, row: models.Model) -> Any:
    if isinstance(column, EncryptedText):
        return ""
    value = getattr(row, column.attname)
    return value if isinstance(value, _AS_IT_IS) else column.value_to_string(row)  # type: ignore[attr-defined]


def unpacked(packed: Iterable[dict[str, Any]]) -> list[models.Model]:
    """The rows again, not in the database. What their tables have new has its default; what they lost is left out."""
    found = []
    for one in packed:
        table = apps.get_model(one["table"])
        values = {
            column.attname: column.to_python(one["values"][column.attname])
            for column in table._meta.concrete_fields
            if column.attname in one["values"]
        }
        found.append(table(**values))
    return found


def in_words(rows: Sequence[dict[str, Any]]) -> str:
    """«1 cliente, 2 teléfonos, 1 servicio»; the links between rows are not counted."""
    counts: dict[Table, int] = defaultdict(int)
    for one in rows:
        table = apps.get_model(one["table"])
        if not table._meta.auto_created:
            counts[table] += 1
    return ", ".join(
        f"{count} {table._meta.verbose_name if count == 1 else table._meta.verbose_name_plural}"
        for table, count in counts.items()
    )


def table_name(label: str) -> str:
    """How staff call one row of a table: «plan»."""
    return str(apps.get_model(label)._meta.verbose_name)
