"""A list on its way to a spreadsheet: values in chunks, never rows of models, whatever the number of them.

The keys are read first, in the list's order: eight bytes a row. Then each chunk is one query of the values its columns
need, and one more (or a fixed few) for each column that is gathered. No cursor stays open between chunks, so a slow
download holds no snapshot and a job may write how far it came.
"""

import os
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from django.db import models
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from import_export import widgets

from backoffice.common.spreadsheets import XLSX, csv_pieces, neutralised, printable
from backoffice.common.sql import Among
from backoffice.common.tables.columns import Column
from backoffice.common.tables.resources import TableResource
from backoffice.common.tables.widgets import ChoiceWidget, DayWidget, MomentWidget, PesosWidget, YesNoWidget

CHUNK = 2_000
CSV = "csv"
FORMATS = {CSV: "CSV", "xlsx": "Excel"}
TYPES = {CSV: "text/csv; charset=utf-8", "xlsx": XLSX}
_TWO = [f"{number:02}" for number in range(60)]  # at hand: dates are half of what a row costs
DAY, MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"

Keys = Sequence[int]
Cells = Iterable[Any]
Told = Callable[[int], None]


def keys_of(rows: models.QuerySet[Any]) -> "array[int]":
    """The keys of these rows in their order, each once."""
    return array("q", dict.fromkeys(rows.values_list("pk", flat=True).iterator(chunk_size=CHUNK)))


class Sheet:
    """Some columns of some rows of a table. `zone` is whose clock its moments are told by."""

    def __init__(
        self, resource: TableResource, columns: Sequence[Column], keys: Keys, *, zone: tzinfo | None = None
    ) -> None:
        self.columns, self.keys = list(columns), keys
        self.zone = zone or timezone.get_current_timezone()
        self.header = [str(column.column_name) for column in self.columns]
        self._rows = resource.rows().order_by()
        self._paths = list(dict.fromkeys(path for column in self.columns for path in column.paths))
        self._places = [[self._paths.index(path) for path in column.paths] for column in self.columns]

    def chunks(self, *, native: bool = False) -> Iterator[list[tuple[Any, ...]]]:
        """Lists of rows of cells, up to `CHUNK` each. `native` keeps amounts and dates as what they are.

        A row that was deleted since its key was read is left out.
        """
        writers = [_writer(column, self.zone, native=native) for column in self.columns]
        for at in range(0, len(self.keys), CHUNK):
            with timezone.override(self.zone):
                chunk = self._chunk(self.keys[at : at + CHUNK], writers)
            yield chunk

    def _chunk(self, keys: Keys, writers: "Sequence[_Writer]") -> list[tuple[Any, ...]]:
        wanted = list(keys)
        found = {row[0]: row for row in self._rows.filter(Among("pk", wanted)).values_list("pk", *self._paths)}
        kept = [key for key in wanted if key in found]
        by_path = list(zip(*(found[key] for key in kept), strict=True))[1:]
        if not kept:
            return []
        cells = (
            write(kept, [by_path[place] for place in places])
            for write, places in zip(writers, self._places, strict=True)
        )
        return list(zip(*cells, strict=True))


_Writer = Callable[[list[int], list[Sequence[Any]]], Cells]


def _writer(column: Column, zone: tzinfo, *, native: bool) -> _Writer:
    """What makes the cells of a column out of the keys and the values of a chunk."""
    if (gathers := column.gathers) is not None:

        def gathered(keys: list[int], values: list[Sequence[Any]]) -> Cells:
            told = gathers(keys)
            return neutralised(told.get(key, "") for key in keys)

        return gathered
    if (says := column.says) is not None:
        return lambda keys, values: neutralised(map(says, *values))
    show = _shower(column.widget, zone, native=native)
    return lambda keys, values: show(values[0])


def _shower(widget: widgets.Widget, zone: tzinfo, *, native: bool) -> Callable[[Cells], Cells]:
    """How the values of a plain column are written, by what its widget reads."""
    if isinstance(widget, ChoiceWidget):
        labels = {key: str(label) for key, label in widget.choices.choices}
        return lambda values: [labels.get(value, "") for value in values]
    if isinstance(widget, YesNoWidget):
        return lambda values: [widget.words[bool(value)] for value in values]
    if isinstance(widget, MomentWidget):
        return lambda values: _moments(values, zone, widget, native=native)
    if native:
        return neutralised
    if isinstance(widget, DayWidget):
        return _days
    if isinstance(widget, PesosWidget | widgets.DecimalWidget):
        return lambda values: ["" if value is None else f"{value:f}".replace(".", ",") for value in values]
    return neutralised


def _moments(values: Cells, zone: tzinfo, widget: MomentWidget, *, native: bool) -> Cells:
    here = (value and value.astimezone(zone) for value in values)
    if native:
        return [at.replace(tzinfo=None) if at else "" for at in here]
    if widget.seconds:
        return [at.strftime(widget.format) if at else "" for at in here]
    two = _TWO
    return [f"{two[at.day]}/{two[at.month]}/{at.year} {two[at.hour]}:{two[at.minute]}" if at else "" for at in here]


def _days(values: Cells) -> Cells:
    return [f"{_TWO[day.day]}/{_TWO[day.month]}/{day.year}" if day else "" for day in values]


# --- what leaves ---------------------------------------------------------------------------------


def write_csv(path: Path, header: Sequence[str], chunks: Iterable[Sequence[Sequence[Any]]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for piece in csv_pieces(header, chunks):
            file.write(piece)


def write_xlsx(path: Path, title: str, header: Sequence[str], chunks: Iterable[Sequence[Sequence[Any]]]) -> None:
    """An Excel file, whose rows go through the disk and not through the memory."""
    from openpyxl import Workbook  # 200 ms that only whoever exports pays
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(printable(title)[:31])
    cell = {kind: WriteOnlyCell(sheet) for kind in range(len(header))}  # one a column: its format is told once

    def excel(place: int, value: Any) -> Any:
        if isinstance(value, str):
            return printable(value)
        if isinstance(value, date):
            cell[place].number_format = MOMENT if isinstance(value, datetime) else DAY
            cell[place].value = value
            return cell[place]
        if isinstance(value, Decimal):
            cell[place].number_format = "#,##0.00"
            cell[place].value = value
            return cell[place]
        return value

    with ExitStack() as stopped:
        stopped.callback(_throw_away, sheet)
        sheet.append(list(header))
        for chunk in chunks:
            for row in chunk:
                sheet.append([excel(place, value) for place, value in enumerate(row)])
        stopped.pop_all()
    book.save(path)


def _throw_away(sheet: Any) -> None:
    """The library keeps the rows in a file of its own, which only saving the book would remove."""
    sheet.close()
    sheet._writer.cleanup()


def write(path: Path, title: str, sheet: Sheet, kind: str, told: Told = lambda done: None) -> None:
    """The whole file in its place, or nothing. `told` hears after each chunk how many rows are written.

    What `told` raises stops it. Whoever looks meanwhile sees no half file: it gets its name when it is whole.
    """
    part = path.with_name(f"{path.name}.{os.urandom(4).hex()}.part")
    try:
        _fill(part, title, sheet, kind, told)
        os.replace(part, path)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _fill(path: Path, title: str, sheet: Sheet, kind: str, told: Told) -> None:
    def counted() -> Iterator[list[tuple[Any, ...]]]:
        done = 0
        for chunk in sheet.chunks(native=kind != CSV):
            yield chunk
            done = min(done + CHUNK, len(sheet.keys))
            told(done)

    if kind == CSV:
        write_csv(path, sheet.header, counted())
    else:
        write_xlsx(path, title, sheet.header, counted())


def response(name: str, title: str, sheet: Sheet, kind: str) -> HttpResponseBase:
    """A download: a CSV leaves while it is read, an Excel file when it is whole."""
    answer: HttpResponseBase
    if kind == CSV:
        answer = StreamingHttpResponse(csv_pieces(sheet.header, sheet.chunks()), content_type=TYPES[CSV])
    else:
        answer = FileResponse(_book(title, sheet), content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _book(title: str, sheet: Sheet) -> IO[bytes]:
    """A file without a name, which goes when it is closed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "libro.xlsx"
        write_xlsx(path, title, sheet.header, sheet.chunks(native=True))
        return path.open("rb")
