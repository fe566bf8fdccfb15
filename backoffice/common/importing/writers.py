"""How the rows of a file become rows of a table: what every way of writing them shares."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db import models

from backoffice.common.deleting import held
from backoffice.common.importing.cells import Cells
from backoffice.common.importing.header import Header
from backoffice.common.importing.outcomes import ROW, Outcome
from backoffice.common.importing.spool import Row
from backoffice.common.importing.table import Table
from backoffice.common.tables.resources import Key

CHANGED_SINCE = "La cambiaron después de importarla."
GONE = "Ya no está."
NAMED = "La nombran otros datos que se cargaron después."

Entry = list[Any]
"""A line of the journal: [primary key, what it was or None when it was not there, what it became]."""


class Writer(ABC):
    """Finds, judges and writes the rows of one file for one table, a chunk at a time. Used for one chunk only."""

    chunk: ClassVar[int] = 500
    """Rows of a chunk: what one transaction writes, and what is done again when a process dies."""

    def __init__(self, table: Table, header: Header, key: Key, *, by: Any = None, reason: str = "") -> None:
        self.table, self.header, self.key, self.by, self.reason = table, header, key, by, reason
        self.model: type[Any] = table.model
        self.cells = Cells(table.fields, table.model, header)
        self.present = [name for name in header.columns if name]

    @abstractmethod
    def key_text(self, row: Row) -> str:
        """What the row is recognised by, made comparable; "" when it says nothing or is wrong. Asks nothing."""

    def ready(self, rows: Sequence[Row]) -> None:  # noqa: B027 - most have nothing to do
        """Do beforehand what needs no transaction, so that the one of `write` is short."""

    @abstractmethod
    def judge(self, rows: Sequence[Row]) -> list[Outcome]:
        """What would become of each row. Nothing stays written."""

    @abstractmethod
    def write(self, rows: Sequence[Row]) -> list[Outcome]:
        """Judge the rows again and write those that are right, inside the caller's transaction."""

    @abstractmethod
    def undo(self, entries: Sequence[Entry]) -> list[tuple[int, str, str]]:
        """Leave what the entries wrote as it was, inside the caller's transaction.

        Returns those that were left alone: the position of the entry, which row it is, and why.
        """


def twice(rows: Iterable[Row], doubles: dict[str, int], column: str) -> dict[int, Outcome]:
    """The outcome of each row whose key another row of the file has too."""
    found = {}
    for row in rows:
        other = doubles.get(str(row.number))
        if other:
            outcome = Outcome(row.number)
            outcome.wrong(column or ROW, f"Está repetido: lo tiene también la fila {other}.")
            found[row.number] = outcome
    return found


def named(model: type[models.Model], keys: Sequence[int], parts: Sequence[str] = ()) -> dict[int, str]:
    """Which of these rows others point to, but for their own `parts` (names of relations), and why they stay.

    A query a relation.
    """
    found: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and relation.is_relation):
            continue
        field: Any = relation.remote_field  # type: ignore[union-attr]
        if getattr(relation, "get_accessor_name", lambda: "")() in parts:
            continue
        if isinstance(field, models.ManyToManyField):
            continue  # its table in the middle is a relation of its own
        if not field.db_constraint or field.model._meta.auto_created is model:
            continue  # its history, and the lists that the row itself has
        rows = field.model._base_manager.filter(**{f"{field.name}__in": keys})
        found.update(rows.values_list(field.attname, flat=True).distinct())
    why = held(model, found) if found else {}
    return {key: why.get(key, NAMED) for key in found}
