"""Cells that leave to a spreadsheet, and lists that come back from one. How tables leave: `tables/exporting.py`."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from django.http import StreamingHttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML has no way to say
RUNS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula
_BEGINNINGS = tuple(f"\0{run}" for run in RUNS)


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet runs: a text that looks like a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RUNS) else value


def plain(cell: Any) -> Any:
    """What `neutral` was given."""
    if not isinstance(cell, str):
        return cell
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RUNS) else cell


def neutralised(cells: Iterable[Any]) -> list[Any]:
    """Each text that a spreadsheet would run gets an apostrophe before it; what is missing is an empty cell."""
    cells = list(cells)
    with suppress(TypeError):  # some of them are no texts
        together = "\0".join(["", *cells])
        if not any(begins in together for begins in _BEGINNINGS):
            return cells
    return [
        f"'{cell}" if cell.__class__ is str and cell.startswith(RUNS) else "" if cell is None else cell
        for cell in cells
    ]


def csv_pieces(header: Sequence[str], chunks: Iterable[Sequence[Sequence[Any]]]) -> Iterator[str]:
    """The text of a CSV as Excel in Spanish opens it with its accents: a BOM, `;` between columns, CRLF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    text.write("\ufeff")
    writer.writerow(header)
    for chunk in chunks:
        writer.writerows(chunk)
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    if rest := text.getvalue():
        yield rest


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download of rows that are at hand; they are not held."""
    chunks = ([neutralised(row)] for row in rows)
    answer = StreamingHttpResponse(csv_pieces(header, chunks), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def printable(text: str) -> str:
    """A text without what an Excel file has no way to say."""
    return _UNWRITABLE.sub("", text)


def read_csv(text: str) -> list[list[str]]:
    """Cells of each line that says something, with whatever separates the columns of the first one."""
    text = text.lstrip("\ufeff").replace("\x00", "")
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [[plain(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]
