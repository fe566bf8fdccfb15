"""A cell of a file as a value of its column. Pure but for the widgets that look a name up, once a chunk."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from import_export import widgets
from import_export.fields import Field

from backoffice.common.errors import DomainError
from backoffice.common.importing.header import Header
from backoffice.common.importing.reading import Cell
from backoffice.common.spreadsheets import plain
from backoffice.common.tables.widgets import ChoiceWidget, YesNoWidget
from integrations.understanding.money import parse_human_amount

KEEP: Any = object()
"""The value of an empty cell that says nothing: a stored row keeps what it has, a new one gets its default."""
REMEMBERED = 2_000  # values of a column whose cells repeat themselves: states, zones, plans
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')  # how Excel is told to keep the zeros of ="000123"
_BROKEN = re.compile(r"#(?:N/A|N/D|REF!|¡REF!|VALUE!|¡VALOR!|DIV/0!|¡DIV/0!|NAME\?|¿NOMBRE\?|NULL!|¡NULO!|NUM!|¡NUM!)")
_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(18_264, 73_051)  # Excel's numbers of the days from 1950 to 2100
_TRIMMED = (widgets.CharWidget,)

Clean = Callable[[Any], Any]


class CellError(ValueError):
    """What is wrong with a cell, in words for staff."""


class Cells:
    """Reads the cells of rows of one file, whose `header` says which column each is."""

    def __init__(self, fields: Mapping[str, Field], model: type[models.Model], header: Header) -> None:
        self.titles = {name: str(field.column_name) for name, field in fields.items()}
        self._places = [(place, name) for place, name in enumerate(header.columns) if name]
        self._width = len(header.names)
        self._clean = {name: _cleaner(fields[name], model) for _, name in self._places}
        self._memory: dict[str, dict[Cell, Any]] = {name: {} for _, name in self._places}

    def values(self, cells: Sequence[Cell], errors: dict[str, str], only: Sequence[str] = ()) -> dict[str, Any]:
        """The values by field, or of some; what is wrong goes to `errors` by title, and has no value."""
        found: dict[str, Any] = {}
        count = len(cells)
        for place, name in self._places:
            if only and name not in only:
                continue
            cell = cells[place] if place < count else ""
            memory = self._memory[name]
            if cell in memory:
                found[name] = memory[cell]
                continue
            try:
                value = self._clean[name](read(cell))
            except ValueError as error:
                errors[self.titles[name]] = str(error)
                continue
            except ValidationError as error:
                errors[self.titles[name]] = " ".join(error.messages)
                continue
            except DomainError as error:
                errors[self.titles[name]] = error.message
                continue
            found[name] = value
            if len(memory) < REMEMBERED:
                memory[cell] = value
        if count > self._width and any(str(cell).strip() for cell in cells[self._width :]):
            errors[""] = "Tiene más celdas que la fila de los nombres: puede sobrar un separador o faltar una comilla."
        return found


def read(cell: Cell) -> Cell:
    """What the cell says: without the apostrophe of our own files, and no formula. Raises: CellError."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if text.startswith("="):
        told = _TEXT_FORMULA.fullmatch(text)
        if told is None:
            raise CellError("Tiene una fórmula y no su resultado: poné el valor.")
        return told.group(1).replace('""', '"').strip()
    if text.startswith("#") and _BROKEN.fullmatch(text):
        raise CellError(f"La planilla no pudo calcular esta celda ({text}): poné el valor.")
    return plain(text)  # type: ignore[no-any-return]


def keeps_when_empty(widget: Any) -> bool:
    """Whether an empty cell of these says nothing: it must not switch on what somebody had switched off."""
    return isinstance(widget, ChoiceWidget | YesNoWidget)


def _cleaner(field: Field, model: type[models.Model]) -> Clean:
    widget = field.widget
    kept = keeps_when_empty(widget)
    column = _column(model, str(field.attribute))
    if isinstance(widget, widgets.IntegerWidget):
        return _whole
    if isinstance(column, models.DateField):
        return lambda cell: widget.clean(_day(cell))
    if isinstance(widget, _TRIMMED):
        return lambda cell: widget.clean(_text(cell))

    def clean(cell: Cell) -> Any:
        return KEEP if kept and cell == "" else widget.clean(cell)

    return clean


def _column(model: type[models.Model], name: str) -> Any:
    return next((one for one in model._meta.concrete_fields if one.name == name), None)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else str(cell).replace(".", ",")


def _whole(cell: Cell) -> int | None:
    """A whole number: «1.000» is a thousand, whatever Python thinks."""
    if cell == "":
        return None
    amount = Decimal(str(cell)) if isinstance(cell, float) else parse_human_amount(cell)
    if amount is None or amount != amount.to_integral_value():
        raise CellError(f"«{cell}» tiene que ser un número entero.")
    return int(amount)


def _day(cell: Cell) -> Any:
    """The number that Excel keeps a day as, where its format was lost, is that day."""
    number = int(cell) if isinstance(cell, float) else int(cell) if cell.isdecimal() and len(cell) == 5 else 0
    return _DAY_ZERO + timedelta(days=number) if number in _SERIALS else _text(cell)


def shown(value: Any) -> str:
    """A value as the preview tells it when its widget renders it as no text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "sí" if value else "no"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
