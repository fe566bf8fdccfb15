"""Rows written one by one by the verb of their table, each in a savepoint: the tables that are hundreds, not thousands.

What is judged is what the verb does: it is called, and what it wrote is undone. So nothing can be refused by a form and
pass here, or the other way round, whatever the rules of the table are.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, RestrictedError
from import_export import widgets

from backoffice.common.bulk import signed
from backoffice.common.errors import DomainError
from backoffice.common.importing.cells import KEEP
from backoffice.common.importing.outcomes import CHANGED, NEW, ROW, Outcome
from backoffice.common.importing.spool import Row
from backoffice.common.importing.writers import CHANGED_SINCE, GONE, NAMED, Entry, Writer, named
from integrations.understanding.words import fold

CLASHES = "Choca con otra fila que ya está."
AMBIGUOUS = "Hay más de una con ese nombre: cambiá el de una para poder distinguirlas."


class _Undone(Exception):
    """What was tried is taken back."""


class ByVerb(Writer):
    chunk = 100

    def key_text(self, row: Row) -> str:
        return _folded(self._key(self.cells.values(row.cells, {}, self.key.fields)))

    def judge(self, rows: Sequence[Row]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        try:
            with transaction.atomic():
                outcomes = self.write(rows)
                raise _Undone
        except _Undone:
            return outcomes

    def write(self, rows: Sequence[Row]) -> list[Outcome]:
        outcomes = [Outcome(row.number) for row in rows]
        values = [self.cells.values(row.cells, outcome.errors) for row, outcome in zip(rows, outcomes, strict=True)]
        stored = self._stored(values)
        for outcome, of_row in zip(outcomes, values, strict=True):
            missing = [name for name in self.key.fields if name in of_row and of_row[name] in (None, "")]
            for name in missing:
                outcome.errors.setdefault(self.table.column(name), "Falta, y dice de qué fila se trata.")
            if outcome.errors:
                outcome.kind = "e"
            else:
                self._one(outcome, of_row, stored)
        return outcomes

    def undo(self, entries: Sequence[Entry]) -> list[tuple[int, str, str]]:
        rows = self.model._default_manager.in_bulk([entry[0] for entry in entries])
        made = [entry[0] for entry in entries if entry[1] is None]
        pointed = named(self.model, made, self.table.resource.parts) if made else {}
        left = []
        for place, (key, before, after) in reversed(list(enumerate(entries))):
            row = rows.get(key)
            if row is None:
                left.append((place, str(next(iter(after.values()), key)), GONE))
            elif why := self._back(row, before, after, pointed.get(key, "")):
                left.append((place, str(row), why))
        return left

    # --- one row ---------------------------------------------------------------------------------

    def _one(self, outcome: Outcome, values: dict[str, Any], stored: "_Stored") -> None:
        keys = stored.keys_of(self._key(values))
        if len(keys) > 1:
            outcome.wrong(self.table.column(self.key.fields[0]), AMBIGUOUS)
            return
        row = stored.rows[keys[0]] if keys else self.model()
        before = self._told(row) if keys else None
        self._fill(row, values, is_new=not keys)
        after = self._told(row, self.table.resource.lists)
        if before == after:
            return
        try:
            with transaction.atomic():
                row.full_clean(exclude=[] if row._state.adding else _untouched(row, self._attributes()))
                self._keep(row)
        except ValidationError as error:
            self._refused(outcome, error)
            return
        except DomainError as error:
            self._said(outcome, error.field, error.messages)
            return
        except IntegrityError:
            outcome.wrong(ROW, CLASHES)
            return
        outcome.kind = NEW if before is None else CHANGED
        if before is not None:
            outcome.changes = {
                self.table.column(name): [before[name], after[name]] for name in after if before[name] != after[name]
            }
        # A verb may put in order what it was given, so what it left is what undoing must find.
        outcome.entry = [row.pk, before, self._told(row)]

    def _keep(self, row: Any) -> None:
        self.table.resource.write(signed(row, self.by, self.reason))

    def _back(self, row: Any, before: dict[str, str] | None, after: dict[str, str], held: str) -> str:
        """Undo one entry; why not, when it is left alone."""
        if {name: told for name, told in self._told(row).items() if name in after} != after:
            return CHANGED_SINCE
        if before is None and held:
            return held
        try:
            with transaction.atomic():
                if before is None:
                    self.table.resource.erase(signed(row, self.by, self.reason))
                else:
                    values = {name: self.cells_of(name, told) for name, told in before.items()}
                    self._fill(row, values, is_new=False)
                    self._keep(row)
        except (ProtectedError, RestrictedError, IntegrityError):
            return NAMED
        except DomainError as error:
            return error.message
        except (ValidationError, ValueError) as error:
            return " ".join(getattr(error, "messages", [str(error)]))
        return ""

    def cells_of(self, name: str, told: str) -> Any:
        """The value that a text of the journal stands for."""
        errors: dict[str, str] = {}
        place = self.header.columns.index(name)
        values = self.cells.values([""] * place + [told], errors)
        if self.table.column(name) in errors:
            raise ValueError(errors[self.table.column(name)])
        return values[name]

    # --- what it has, and what it gets --------------------------------------------------------------

    def _fill(self, row: Any, values: dict[str, Any], *, is_new: bool) -> None:
        lists: dict[str, list[Any]] = {}
        for name, field in self.table.fields.items():
            attribute = str(field.attribute)
            is_list = isinstance(field.widget, widgets.ManyToManyWidget)
            if name not in values and not is_list:
                continue
            value = values.get(name, KEEP)
            if value is KEEP and (is_new or is_list):
                value = field.widget.clean("") if is_new else list(getattr(row, attribute).all())
            if is_list:
                lists[attribute] = value
            elif value is not KEEP and (name not in self.key.fields or is_new):
                setattr(row, attribute, value)
        self.table.resource.lists = lists

    def _told(self, row: Any, lists: dict[str, list[Any]] | None = None) -> dict[str, str]:
        """The row in the file's columns, as people read it."""
        told = {}
        for name in self.present:
            field = self.table.fields[name]
            if isinstance(field.widget, widgets.ManyToManyWidget):
                rows = lists[str(field.attribute)] if lists is not None else list(field.get_value(row).all())
                told[name] = field.widget.render(sorted(rows, key=str))
            else:
                told[name] = str(field.widget.render(field.get_value(row)))
        return told

    def _attributes(self) -> set[str]:
        return {str(field.attribute) for field in self.table.fields.values()}

    def _key(self, values: dict[str, Any]) -> tuple[str, ...]:
        fields = [self.table.fields[name] for name in self.key.fields]
        told = [values.get(name) for name in self.key.fields]
        pairs = zip(fields, told, strict=True)
        return tuple("" if value in (None, KEEP) else str(field.widget.render(value)) for field, value in pairs)

    def _stored(self, values: Sequence[dict[str, Any]]) -> "_Stored":
        fields = [self.table.fields[name] for name in self.key.fields]
        return _Stored(self.model, fields, [self._key(one) for one in values])

    # --- what was refused -----------------------------------------------------------------------------

    def _refused(self, outcome: Outcome, error: ValidationError) -> None:
        by_field = getattr(error, "error_dict", None)
        if by_field is None:
            self._said(outcome, None, error.messages)
            return
        for name, errors in by_field.items():
            self._said(outcome, name, ValidationError(errors).messages)

    def _said(self, outcome: Outcome, attribute: str | None, messages: Sequence[str]) -> None:
        titles = {str(field.attribute): str(field.column_name) for field in self.table.fields.values()}
        titles |= {name: title for name, title in self.cells.titles.items() if name not in titles}
        title = titles.get(attribute or NON_FIELD_ERRORS, ROW)
        outcome.wrong(title, " ".join(messages))


class _Stored:
    """The rows that are there, by their key: exactly as it is written, or but for case and accents. Two queries."""

    def __init__(self, model: type[Any], fields: Sequence[Any], wanted: Sequence[tuple[str, ...]]) -> None:
        self._exact: dict[tuple[str, ...], list[int]] = {}
        self._folded: dict[str, list[int]] = {}
        names = [_path(field) for field in fields]
        for pk, *told in model._default_manager.values_list("pk", *names):
            key = tuple(_rendered(field, value) for field, value in zip(fields, told, strict=True))
            self._exact.setdefault(key, []).append(pk)
            self._folded.setdefault(_folded(key), []).append(pk)
        found = {pk for key in wanted for pk in self.keys_of(key)}
        self.rows: dict[int, Any] = model._default_manager.in_bulk(found) if found else {}

    def keys_of(self, key: tuple[str, ...]) -> list[int]:
        return self._exact.get(key) or self._folded.get(_folded(key), [])


def _path(field: Any) -> str:
    tail = getattr(field.widget, "path", "")
    return f"{field.attribute}__{tail}" if tail else str(field.attribute)


def _rendered(field: Any, value: Any) -> str:
    return str(value) if getattr(field.widget, "path", "") else str(field.widget.render(value))


def _folded(key: tuple[str, ...]) -> str:
    """Comparable; a text of signs alone stays as it is."""
    return "\x1f".join(fold(part) or part for part in key) if any(key) else ""


def _untouched(row: models.Model, touched: set[str]) -> list[str]:
    """Foreign keys that the file says nothing of: nobody asks again whether they exist."""
    return [
        field.name
        for field in row._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.name not in touched
    ]
