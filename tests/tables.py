"""What leaves a list of the panel, as whoever opens the file sees it."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import tablib
from django.test import Client
from django.urls import reverse

from backoffice.common.tables.exporting import Sheet, keys_of
from backoffice.common.tables.resources import TableResource


def ask(client: Client, table: str, *, columns: list[str] | None = None, query: Any = None, **asked: str) -> Any:
    """The answer to «Exportar» of a list («catalog_plan»), with every column that is offered unless some are named."""
    address = reverse(f"admin:{table}_export") + (f"?{urlencode(query)}" if query else "")
    if columns is None:
        page = client.get(address)
        assert page.status_code == 200, page
        columns = [name for name, _ in page.context["columns"]]
    return client.post(address, {"formato": "csv", "columnas": columns, **asked})


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, answer
    assert answer.streaming, "it was not a download"
    return bytes(answer.getvalue()).decode("utf-8")


def left(client: Client, table: str, **asked: Any) -> list[list[str]]:
    """The rows of cells of the CSV, its header first."""
    text = text_of(ask(client, table, **asked))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def exported(resource: TableResource) -> tablib.Dataset:
    """A whole table as it leaves, to be imported again."""
    sheet = Sheet(resource, resource.get_export_fields(), keys_of(resource.rows()))
    return tablib.Dataset(*(row for chunk in sheet.chunks() for row in chunk), headers=sheet.header)
