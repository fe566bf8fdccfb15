"""«Mis descargas»: the long lists that one asked for, how far they are, and their files for two days."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from backoffice.common.models import Export, Job
from backoffice.common.services import exports, jobs
from backoffice.common.tables.background import path_of, remove_files
from backoffice.common.tables.exporting import TYPES
from backoffice.common.tables.screens import Exportable
from backoffice.panel.pages.base import ALL_STAFF, page, person, show

TONES = {"pending": "info", "running": "info", "done": "good", "failed": "bad", "cancelled": "warn"}


@dataclass(frozen=True, slots=True)
class Line:
    """One list: `percent` is how far it is, 0 to 100."""

    export: Export
    state: str
    label: str
    tone: str
    percent: int
    done: int
    error: str

    @property
    def is_open(self) -> bool:
        return self.state in jobs.OPEN

    @property
    def goes_at(self) -> Any:
        """When its file goes."""
        return self.export.created_at + exports.KEPT


@page(ALL_STAFF)
def downloads(request: HttpRequest) -> HttpResponse:
    return show(request, "panel/downloads.html", "Mis descargas", **_context(request))


@page(ALL_STAFF)
def live(request: HttpRequest) -> HttpResponse:
    """The list again when anything of it moved since `?v=`; 204 otherwise."""
    context = _context(request)
    if context["version"] == request.GET.get("v"):
        return HttpResponse(status=204)
    return render(request, "panel/downloads_live.html", context)


@page(ALL_STAFF)
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, for who asked for it, while they may still see what is in it."""
    export = _own(request, pk)
    if export.ready_at is None:
        raise Http404("Todavía no está lista.")
    if not _may_still(request, export):
        raise PermissionDenied
    try:
        file = path_of(export).open("rb")
    except FileNotFoundError:
        raise Http404("El archivo ya no está. Volvé a exportar la lista.") from None
    day = timezone.localtime(export.created_at)
    name = f"{slugify(export.title)}-{day:%Y-%m-%d}.{export.format}"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[export.format])
    answer["Cache-Control"] = "private, no-store"
    return answer  # type: ignore[return-value] # it streams


@page(ALL_STAFF)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop making it, or throw its file away."""
    export = _own(request, pk)
    was_ready = export.ready_at is not None
    remove_files(exports.drop(exports=[export]))
    messages.success(request, "Archivo borrado." if was_ready else "Exportación cancelada.")
    return redirect("admin:panel_downloads")


def _own(request: HttpRequest, pk: int) -> Export:
    return get_object_or_404(Export.objects.select_related("job"), pk=pk, owner=person(request))


def _may_still(request: HttpRequest, export: Export) -> bool:
    """Whether they may export the list today, and see each of the columns that are in the file."""
    screen = next((one for model, one in admin.site._registry.items() if model._meta.label_lower == export.table), None)
    if not isinstance(screen, Exportable) or not screen.has_export_permission(request):
        return False
    return set(export.columns) <= {str(one.column_name) for one in screen.export_columns(request)}


def _context(request: HttpRequest) -> dict[str, Any]:
    lines = [_line(one) for one in Export.objects.filter(owner=person(request)).select_related("job")]
    told = repr([(one.export.pk, one.state, one.done) for one in lines])
    version = hashlib.sha256(told.encode()).hexdigest()[:16]
    return {"lines": lines, "version": version, "moves": any(one.is_open for one in lines)}


def _line(export: Export) -> Line:
    job = export.job
    done = min(int(job.payload.get("done", 0)), export.rows)
    state = Job.State(job.state)
    label = "Lista" if state == Job.State.DONE else "Preparando" if state == Job.State.RUNNING else str(state.label)
    percent = round(100 * done / export.rows) if export.rows else 0
    return Line(export, state, label, TONES[state], percent, done, job.error)
