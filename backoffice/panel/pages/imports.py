"""«Importaciones»: what a file would do, how it goes, what it did, and undoing it.

Whoever may import into a table sees what was brought to it, whoever brought it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from backoffice.accounts import audit
from backoffice.common.importing import outcomes as kinds
from backoffice.common.importing.header import REASON
from backoffice.common.importing.looking import Shown, rejected, shown
from backoffice.common.importing.models import KEPT, Import
from backoffice.common.importing.running import table_and_header
from backoffice.common.importing.table import importable, may_import, table_of
from backoffice.common.services import imports
from backoffice.common.spreadsheets import csv_response
from backoffice.panel.pages.base import ALL_STAFF, page, person, show

PER_PAGE = 50
TONES = {
    Import.State.READY: "info",
    Import.State.DONE: "good",
    Import.State.UNDONE: "",
    Import.State.FAILED: "bad",
    Import.State.CANCELLED: "",
}
FILTERS = {
    "todas": "",
    "nuevas": kinds.NEW,
    "cambiadas": kinds.CHANGED,
    "iguales": kinds.SAME,
    "errores": kinds.WRONG,
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the rows: its address, what it is called, how many there are."""

    slug: str
    label: str
    count: int
    is_on: bool


@page(ALL_STAFF)
@require_safe
def imports_list(request: HttpRequest) -> HttpResponse:
    """Who brought what, when, and what came of it; for the tables that this person may import."""
    tables = dict(importable(request))
    if not tables:
        raise PermissionDenied
    rows = Import.objects.filter(table__in=tables).select_related("by")
    wanted = request.GET.get("estado", "")
    if wanted in Import.State.values:
        rows = rows.filter(state=wanted)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    for one in found:
        one.title = tables[one.table]  # type: ignore[attr-defined]
        one.tone = TONES.get(Import.State(one.state), "warn")  # type: ignore[attr-defined]
    return show(
        request,
        "panel/imports/list.html",
        "Importaciones",
        found=found,
        states=Import.State.choices,
        wanted=wanted,
        tables=[(reverse(f"admin:{label.replace('.', '_')}_import"), title) for label, title in tables.items()],
        days=KEPT.days,
    )


@page(ALL_STAFF)
@require_safe
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """An import as it stands: being read, to be looked at, being written, done."""
    one = _seen(request, pk)
    return show(request, "panel/imports/one.html", f"Importar {_title(one)}", **_context(request, one))


@page(ALL_STAFF)
@require_safe
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it came; 204 while nothing is new. Once it stands still, the whole page is asked for again."""
    one = _seen(request, pk)
    if not one.is_moving:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = _progress(one)
    if request.GET.get("v") == context["version"]:
        return HttpResponse(status=204)
    return render(request, "panel/imports/progress.html", {"one": one, **context})


@page(ALL_STAFF)
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    one = _seen(request, pk)
    with transaction.atomic():
        imports.apply(one=one, by=person(request))
        told = f"Importó {_title(one)} de «{one.name}»: {one.new} filas nuevas y {one.changed} cambiadas"
        audit.note(audit.Kind.DATA, told, about=one, request=request)
    imports.do_now(one=one)
    return redirect("admin:panel_import", pk=pk)


@page(ALL_STAFF)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    one = _seen(request, pk)
    with transaction.atomic():
        imports.undo(one=one, by=person(request))
        audit.note(audit.Kind.DATA, f"Deshizo la importación {one.pk} de {_title(one)}", about=one, request=request)
    imports.do_now(one=one)
    return redirect("admin:panel_import", pk=pk)


@page(ALL_STAFF)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    one = _seen(request, pk)
    imports.cancel(one=one)
    messages.info(request, "No se importó nada.")
    return redirect(f"admin:{one.table.replace('.', '_')}_changelist")


@page(ALL_STAFF)
@require_safe
def wrong_rows(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that were not imported, as they came, each with what is wrong: to be corrected and brought again."""
    one = _seen(request, pk)
    if not one.spool:
        raise Http404("Ese archivo ya no se guarda.")
    _, header = table_and_header(one)
    names = [name or f"columna {place}" for place, name in enumerate(header.names, start=1)]
    kept = [place for place, name in enumerate(header.names) if name.casefold() != REASON]
    audit.note(audit.Kind.DATA, f"Bajó las filas con errores de la importación {one.pk}", about=one, request=request)
    rows = ([*(_at(cells, place) for place in kept), why] for cells, why in rejected(one))
    told = [*(names[place] for place in kept), REASON]
    return csv_response(f"corregir-importacion-{one.pk}", told, rows)  # type: ignore[return-value]


def _at(cells: list[Any], place: int) -> Any:
    cell = cells[place] if place < len(cells) else ""
    return str(cell).replace(".", ",") if isinstance(cell, float) else cell


def _seen(request: HttpRequest, pk: int) -> Import:
    one = get_object_or_404(Import.objects.select_related("job", "by"), pk=pk)
    if not may_import(request, one.table):
        raise PermissionDenied
    return one


def _title(one: Import) -> str:
    return table_of(one.table).title


def _context(request: HttpRequest, one: Import) -> dict[str, Any]:
    context: dict[str, Any] = {
        "one": one,
        "list_url": f"admin:{one.table.replace('.', '_')}_changelist",
        "import_url": f"admin:{one.table.replace('.', '_')}_import",
        "days": KEPT.days,
    }
    if one.is_moving:
        return context | _progress(one)
    if one.forgotten_at is not None or not one.spool:
        return context
    table, header = table_and_header(one)
    wanted = request.GET.get("ver", "")
    kind = FILTERS.get(wanted)
    if kind is None:
        wanted = "errores" if one.wrong else "todas"
        kind = FILTERS[wanted]
    rows: Any = Lazy(one, kind)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    return context | {
        "header": header,
        "key": table.key_named(one.key),
        "tabs": _tabs(one, wanted),
        "wanted": wanted,
        "found": found,
        "kept": list(_kept(one)) if one.kept else [],
    }


class Lazy:
    """The rows of one kind as a list that a paginator cuts: only the page that is looked at is read."""

    def __init__(self, one: Import, kind: str) -> None:
        self.one, self.kind = one, kind

    def __len__(self) -> int:
        return int(getattr(self.one, kinds.COUNTED[self.kind])) if self.kind else self.one.total

    def __getitem__(self, part: slice) -> list[Shown]:
        return shown(self.one, self.kind, part.start or 0, part.stop or len(self))


def _tabs(one: Import, wanted: str) -> list[Tab]:
    told = {
        "todas": ("Todas", one.total),
        "errores": ("Con errores", one.wrong),
        "nuevas": ("Nuevas", one.new),
        "cambiadas": ("Cambiadas", one.changed),
        "iguales": ("Sin cambios", one.same),
    }
    return [Tab(slug, label, count, slug == wanted) for slug, (label, count) in told.items()]


def _kept(one: Import) -> Iterator[dict[str, Any]]:
    """What undoing left alone."""
    for part in one.chunks.exclude(kept=[]).order_by("number").values_list("kept", flat=True):
        for number, who, why in part:
            yield {"number": number, "who": who, "why": why}


def _progress(one: Import) -> dict[str, Any]:
    job = one.job
    done, total = (job.payload.get("done", 0), job.payload.get("total", 0)) if job is not None else (0, 0)
    percent = round(100 * done / total) if total else 0
    error = job.error if job is not None else ""
    version = hashlib.sha256(f"{one.state} {done} {error}".encode()).hexdigest()[:12]
    return {"done": done, "total": total, "percent": percent, "trouble": error, "version": version}
