"""Rows found, compared and written together: the tables that are thousands. A chunk asks the database a fixed number
of questions, whatever its rows say.

A table derives from `InBulk` and says how its rows are found, what of them is compared, and which verb writes them.
"""

import sys
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from backoffice.common.errors import DomainError
from backoffice.common.importing.cells import KEEP
from backoffice.common.importing.header import Header
from backoffice.common.importing.outcomes import CHANGED, NEW, ROW, WRONG, Outcome
from backoffice.common.importing.spool import Row
from backoffice.common.importing.table import Table
from backoffice.common.importing.writers import CHANGED_SINCE, GONE, Entry, Writer, named
from backoffice.common.tables.resources import Key

M = TypeVar("M", bound=models.Model)
REMEMBERED = 2_000
MISSING = "Falta, y dice de qué fila se trata."


@dataclass(slots=True)
class Draft(Generic[M]):
    """A row on its way: what it says, the row it is about (None until a new one is made), and what differs of it."""

    outcome: Outcome
    values: dict[str, Any]
    key: str = ""
    row: Any = None
    differs: dict[str, tuple[Any, Any]] = field(default_factory=dict)


class InBulk(Writer, Generic[M]):
    """Subclasses say how rows are found and written. Values are named as the fields of the resource."""

    chunk = 500  # a write transaction of a tenth of a second or two: on SQLite everybody else waits for it
    #: Without these columns a new row cannot be made.
    needed: ClassVar[tuple[str, ...]] = ()
    #: Columns that may not be twice in the table, and are not the key.
    unique: ClassVar[tuple[str, ...]] = ()
    #: Columns whose empty cell leaves what there is.
    kept_when_empty: ClassVar[tuple[str, ...]] = ()

    def __init__(self, table: Table, header: Header, key: Key, *, by: Any = None, reason: str = "") -> None:
        super().__init__(table, header, key, by=by, reason=reason)
        self._writes = False
        self._ready: list[Draft[M]] | None = None
        self._checks = {name: self._check_of(name) for name in self.present}
        self._checked: dict[str, dict[Any, Any]] = {name: {} for name in self.present}

    # --- what a table says --------------------------------------------------------------------------

    @abstractmethod
    def key_of(self, values: Mapping[str, Any]) -> str:
        """What a row with these values is recognised by; "" when it says nothing. Raises: DomainError."""

    @abstractmethod
    def find(self, keys: set[str]) -> dict[str, list[M]]:
        """The stored rows with each of these keys, with all that `now` reads of them. A fixed number of queries."""

    @abstractmethod
    def save(self, new: Sequence[Draft[M]], changed: Sequence[Draft[M]]) -> None:
        """Have the verb write them; a draft of a new row gets its `row`."""

    @abstractmethod
    def restore(self, rows: Sequence[tuple[M, dict[str, Any]]]) -> None:
        """Have the verb write those values (see `packed`) into those rows."""

    @abstractmethod
    def remove(self, rows: Sequence[M]) -> None:
        """Have the verb take those rows away, with their parts."""

    def refine(self, name: str, value: Any) -> Any:
        """A valid value in the form it is kept. Raises: DomainError."""
        return value

    def now(self, row: M, name: str) -> Any:
        """What a stored row has in a column, as `refine` leaves values."""
        return getattr(row, str(self.table.fields[name].attribute))

    def default(self, name: str) -> Any:
        """What a new row gets for an empty cell that says nothing."""
        return self.table.fields[name].widget.clean("")

    def told(self, name: str, value: Any) -> str:
        """A value as people read it."""
        return str(self.table.fields[name].widget.render(value))

    def taken(self, name: str, values: set[Any]) -> dict[Any, Any]:
        """Who has each of these values of a `unique` column: value → primary key. One query."""
        attribute = str(self.table.fields[name].attribute)
        rows = self.model._default_manager.filter(**{f"{attribute}__in": values})
        return dict(rows.values_list(attribute, "pk"))

    def prepare(self, rows: Sequence[Row]) -> None:
        """Look up together what the cells of these rows name. A fixed number of queries."""

    def meet(self, draft: Draft[M], row: M | None) -> None:
        """Before a draft is compared to the row it is about, or made (None): say what is wrong with that, or differs.

        What differs may be something that no column tells; `title` says what it is called.
        """

    def title(self, name: str) -> str:
        """What people call something that differs."""
        return self.table.column(name)

    # --- judging -------------------------------------------------------------------------------------

    def key_text(self, row: Row) -> str:
        outcome = Outcome(row.number)
        values = self._values(row, outcome, only=self.key.fields)
        try:
            return "" if outcome.errors else self.key_of(values)
        except DomainError:
            return ""

    def judge(self, rows: Sequence[Row]) -> list[Outcome]:
        return [draft.outcome for draft in self._drafts(rows)]

    def write(self, rows: Sequence[Row]) -> list[Outcome]:
        self._writes = True
        drafts = self._drafts(rows)
        new = [draft for draft in drafts if draft.outcome.kind == NEW]
        changed = [draft for draft in drafts if draft.outcome.kind == CHANGED]
        self.save(new, changed)
        for draft in new:
            after = {name: packed(draft.values[name]) for name in self.present if draft.values[name] is not KEEP}
            draft.outcome.entry = [draft.row.pk, None, after]
        for draft in changed:
            before = {name: packed(pair[0]) for name, pair in draft.differs.items()}
            after = {name: packed(pair[1]) for name, pair in draft.differs.items()}
            draft.outcome.entry = [draft.row.pk, before, after]
        return [draft.outcome for draft in drafts]

    def ready(self, rows: Sequence[Row]) -> None:
        self.prepare(rows)
        self._ready = [self._draft(row) for row in rows]

    def _drafts(self, rows: Sequence[Row]) -> list[Draft[M]]:
        if self._ready is None:
            self.ready(rows)
        drafts, self._ready = self._ready or [], None
        found = self.find({draft.key for draft in drafts if draft.key})
        met: dict[Any, Draft[M]] = {}
        for draft in drafts:
            if draft.outcome.kind != WRONG:
                self._match(draft, found.get(draft.key, ()))
            if draft.row is not None:
                self._meet(draft, met)
        self._check_unique(drafts)
        for draft in drafts:
            if draft.outcome.kind == CHANGED:
                draft.outcome.changes = {
                    self.title(name): [self.told(name, before), self.told(name, after)]
                    for name, (before, after) in draft.differs.items()
                }
        return drafts

    def _draft(self, row: Row) -> Draft[M]:
        outcome = Outcome(row.number)
        draft: Draft[M] = Draft(outcome, self._values(row, outcome))
        if all(name in draft.values for name in self.key.fields):
            try:
                draft.key = self.key_of(draft.values)
            except DomainError as error:
                outcome.errors.setdefault(self._key_column, error.message)
        if outcome.errors:
            outcome.kind = WRONG
        return draft

    def _values(self, row: Row, outcome: Outcome, only: Sequence[str] = ()) -> dict[str, Any]:
        values = self.cells.values(row.cells, outcome.errors, only)
        for name, value in values.items():
            if value is KEEP:
                continue
            known = self._checked[name]
            mark = tuple(value) if isinstance(value, list) else value
            try:
                if mark in known:
                    values[name] = known[mark]
                    continue
                values[name] = self._checks[name](value)
                if len(known) < REMEMBERED:
                    known[mark] = values[name]
            except DomainError as error:
                outcome.errors[self.table.column(name)] = error.message
            except ValidationError as error:
                outcome.errors[self.table.column(name)] = " ".join(error.messages)
        return values

    def _check_of(self, name: str) -> Any:
        """What the form does with the column: the rules of the model's field, and those of the table."""
        attribute = str(self.table.fields[name].attribute)
        column = next((one for one in self.model._meta.concrete_fields if one.name == attribute), None)
        if column is None or column.is_relation:
            required = column is not None and not column.null

            def choose(value: Any) -> Any:
                if required and value is None:
                    raise DomainError("Este campo es obligatorio.")
                return self.refine(name, value)

            return choose

        longest = _plain_length(column)

        def check(value: Any) -> Any:
            refined = self.refine(name, value)
            if refined == "":
                if column.blank or name in self.kept_when_empty:
                    return refined
            elif longest and refined.__class__ is str and len(refined) <= longest:
                return refined  # all that the field would ask of it, for a tenth of the time
            return column.clean(refined, None)

        return check

    def _match(self, draft: Draft[M], rows: Sequence[M]) -> None:
        if len(rows) > 1:
            draft.outcome.wrong(self._key_column, f"Hay {len(rows)} con ese dato: usá otro para reconocerlos.")
            return
        draft.row = rows[0] if rows else None
        self.meet(draft, draft.row)
        if draft.outcome.kind == WRONG:
            return
        if draft.row is not None:
            self._compare(draft, draft.row)
        else:
            self._make(draft)

    def _compare(self, draft: Draft[M], row: M) -> None:
        for name in self.present:
            value = draft.values[name]
            if value is KEEP or name in self.key.fields or (value in ("", ()) and name in self.kept_when_empty):
                continue
            before = self.now(row, name)
            if before != value:
                draft.differs[name] = (before, value)
        if draft.differs:
            draft.outcome.kind = CHANGED

    def _make(self, draft: Draft[M]) -> None:
        for name in self.needed:
            if name not in draft.values:
                draft.outcome.wrong(
                    self._key_column,
                    f"No está en {self.table.title}, y para agregarlo falta la columna «{self.table.column(name)}».",
                )
                return
        for name, value in draft.values.items():
            if value is KEEP:
                draft.values[name] = self.default(name)
        draft.outcome.kind = NEW

    def _meet(self, draft: Draft[M], met: dict[Any, Draft[M]]) -> None:
        """Two rows of the file about the same stored one, each by another key of it."""
        other = met.setdefault(draft.row.pk, draft)
        if other is not draft:
            for one, number in ((draft, other.outcome.number), (other, draft.outcome.number)):
                one.outcome.wrong(self._key_column, f"Es la misma que la fila {number}.")

    def _check_unique(self, drafts: Sequence[Draft[M]]) -> None:
        for name in self.unique:
            if name not in self.present or name in self.key.fields:
                continue
            wanted: dict[Any, list[Draft[M]]] = {}
            for draft in drafts:
                is_set = draft.outcome.kind == NEW or name in draft.differs
                if is_set and draft.values.get(name) not in (None, "", KEEP) and draft.outcome.kind != WRONG:
                    wanted.setdefault(draft.values[name], []).append(draft)
            owners = self.taken(name, set(wanted)) if wanted else {}
            for value, of_it in wanted.items():
                for draft in of_it:
                    owner = owners.get(value)
                    if owner is not None and (draft.row is None or draft.row.pk != owner):
                        draft.outcome.wrong(self.table.column(name), f"«{value}» ya es de otra fila.")
                    elif len(of_it) > 1:
                        other = next(one for one in of_it if one is not draft).outcome.number
                        draft.outcome.wrong(self.table.column(name), f"Lo tiene también la fila {other}.")

    @property
    def _key_column(self) -> str:
        name = self.key.fields[0]
        return self.table.column(name) if name in self.table.fields else ROW

    # --- undoing --------------------------------------------------------------------------------------

    def undo(self, entries: Sequence[Entry]) -> list[tuple[int, str, str]]:
        self._writes = True
        rows = self.stored([entry[0] for entry in entries])
        made = [entry[0] for entry in entries if entry[1] is None]
        pointed = named(self.model, made, self.table.resource.parts) if made else {}
        left: list[tuple[int, str, str]] = []
        back: list[tuple[M, dict[str, Any]]] = []
        gone: list[M] = []
        for place, (key, before, after) in enumerate(entries):
            row = rows.get(key)
            why = GONE if row is None else self._why_not(row, after)
            if not why and before is None:
                why = pointed.get(key, "")
            if why:
                left.append((place, str(row) if row is not None else "", why))
            elif row is not None and before is None:
                gone.append(row)
            elif row is not None:
                back.append((row, before))
        self.restore(back)
        self.remove(gone)
        return left

    def stored(self, keys: Sequence[int]) -> dict[int, M]:
        """Stored rows with all that `now` reads of them."""
        return self.locked(self.model._default_manager.all()).in_bulk(keys)  # type: ignore[no-any-return]

    def locked(self, rows: Any) -> Any:
        """Inside a transaction that will write them nobody else may, until it ends."""
        return rows.select_for_update(of=("self",)) if self._writes else rows

    def _why_not(self, row: M, after: Mapping[str, Any]) -> str:
        same = all(
            packed(self.now(row, name)) == value for name, value in after.items() if not self._given(name, value)
        )
        return "" if same else CHANGED_SINCE

    def _given(self, name: str, value: Any) -> bool:
        """Whether the table gave it, because the file said nothing."""
        return value in ("", []) and name in self.kept_when_empty


def _plain_length(column: Any) -> int:
    """How long a text may be in a column that asks nothing else of it; 0 when it asks more."""
    if column.choices or column._validators:
        return 0
    if type(column) is models.TextField:
        return sys.maxsize
    return int(column.max_length or 0) if type(column) is models.CharField else 0


def packed(value: Any) -> Any:
    """A value as JSON keeps it, comparable to another that was packed."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [packed(one) for one in value]
    return value
