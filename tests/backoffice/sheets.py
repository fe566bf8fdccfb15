"""Spreadsheets brought to the panel as staff do it: a file, the page that says what it would do, and «Importar»."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from backoffice.common.importing.models import Import
from backoffice.common.importing.outcomes import Outcome


def bring(client: Client, table: str, content: str | bytes, *, name: str = "planilla.csv", key: str = "") -> Any:
    """The page that is shown after a file was sent to the list of a table («catalog_plan»)."""
    data = content.encode("utf-8-sig") if isinstance(content, str) else content
    sent = {"archivo": SimpleUploadedFile(name, data), "reconocer": key}
    return client.post(reverse(f"admin:{table}_import"), sent, follow=True)


def imported(client: Client, table: str, content: str | bytes, *, key: str = "") -> Import:
    """The file brought and written."""
    bring(client, table, content, key=key)
    return applied(client, last())


def applied(client: Client, one: Import) -> Import:
    client.post(reverse("admin:panel_import_apply", args=[one.pk]))
    one.refresh_from_db()
    return one


def undone(client: Client, one: Import) -> Import:
    client.post(reverse("admin:panel_import_undo", args=[one.pk]))
    one.refresh_from_db()
    return one


def last() -> Import:
    return Import.objects.latest("pk")


def outcomes(one: Import) -> list[Outcome]:
    return [Outcome.of(told) for part in one.chunks.order_by("number") for told in part.outcomes]


def errors(one: Import) -> dict[int, dict[str, str]]:
    """What is wrong, by row and column."""
    return {outcome.number: outcome.errors for outcome in outcomes(one) if outcome.errors}


def counts(one: Import) -> tuple[int, int, int, int]:
    """New, changed, the same, wrong."""
    return one.new, one.changed, one.same, one.wrong


def excel(rows: Iterable[Sequence[Any]]) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
