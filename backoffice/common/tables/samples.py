"""What staff begin with: a table's columns with a row to copy, and the sample files of the manual."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpResponse
from django.utils.text import slugify

from backoffice.common.spreadsheets import csv_pieces
from backoffice.common.tables.columns import Column
from backoffice.common.tables.exporting import CSV, TYPES, write_xlsx
from backoffice.common.tables.resources import TableResource

Rows = list[tuple[str, ...]]


def columns_of(resource: TableResource) -> list[Column]:
    """The columns that a file of this table may bring, in the order in which it leaves."""
    comes = {field.column_name for field in resource.get_import_fields() if not field.readonly}
    return [column for column in resource.get_export_fields() if column.column_name in comes]


def sample(resource: TableResource) -> tuple[list[str], Rows]:
    """The header and the example rows: as many as the column with the most examples has."""
    columns = columns_of(resource)
    told: list[Sequence[str]] = [column.examples for column in columns]
    rows = [tuple(cells[at] if at < len(cells) else "" for cells in told) for at in range(max(map(len, told)))]
    return [str(column.column_name) for column in columns], rows


def name_of(resource: TableResource) -> str:
    """How its files are called: «planes-de-internet»."""
    return slugify(str(resource._meta.model._meta.verbose_name_plural))


def template(resource: TableResource, kind: str) -> HttpResponse:
    """An almost empty sheet to fill in."""
    header, rows = sample(resource)
    title = str(resource._meta.model._meta.verbose_name_plural)
    data = csv_text(header, rows[:1]).encode() if kind == CSV else _book(title, header, rows[:1])
    answer = HttpResponse(data, content_type=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="plantilla-{name_of(resource)}.{kind}"'
    return answer


def csv_text(header: Sequence[str], rows: Rows) -> str:
    return "".join(csv_pieces(header, [rows]))


def _book(title: str, header: Sequence[str], rows: Rows) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plantilla.xlsx"
        write_xlsx(path, title, header, [rows])
        return path.read_bytes()
