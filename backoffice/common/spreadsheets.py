"""Lists that leave as CSV or XLSX for a spreadsheet, and come back from one."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML has no way to say
RUNS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet runs: a text that looks like a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RUNS) else value


def plain(cell: Any) -> Any:
    """What `neutral` was given."""
    if not isinstance(cell, str):
        return cell
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RUNS) else cell


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A download, `;` between columns and a BOM, as Excel in Spanish opens it with its accents. Rows are not held."""
    answer = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def xlsx_response(name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The same list as an Excel file, which is whole before it leaves."""
    from openpyxl import Workbook  # 200 ms that only whoever exports pays

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name.capitalize())
    sheet.append(list(header))
    for row in rows:
        sheet.append([_UNWRITABLE.sub("", cell) if isinstance(cell := neutral(one), str) else cell for one in row])
    file = io.BytesIO()
    book.save(file)
    answer = HttpResponse(file.getvalue(), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def read_csv(text: str) -> list[list[str]]:
    """Cells of each line that says something, with whatever separates the columns of the first one."""
    text = text.lstrip("\ufeff").replace("\x00", "")
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    return [[plain(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]


def _lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, delimiter=";", lineterminator="\r\n")
    yield "\ufeff"
    writer.writerow(header)
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()
