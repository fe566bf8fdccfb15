"""«Copias de seguridad»: what is in the folder, making one, reading one again, and putting one back."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.panel.pages.base import page, person, show
from backoffice.safekeeping import services
from backoffice.safekeeping.backups import folder, status
from backoffice.safekeeping.backups.contents import compared, contents, weight
from backoffice.safekeeping.backups.folder import Copy
from backoffice.safekeeping.backups.restoring import refuse_unfit
from backoffice.safekeeping.backups.status import Restoration
from backoffice.safekeeping.models import BackupSettings
from backoffice.safekeeping.selectors import was_kept
from backoffice.safekeeping.services.backups import CHECK, MAKE, WORD

VIEW = "safekeeping.view_backupsettings"
MAKES, DOWNLOADS = "safekeeping.make_backup", "safekeeping.download_backup"
REMOVES, RESTORES = "safekeeping.remove_backup", "safekeeping.restore_backup"
LIST = "admin:panel_backups"
PER_PAGE = 25
LATELY = timedelta(days=3)


@page(VIEW)
def backups(request: HttpRequest) -> HttpResponse:
    """The list, as the folder has it, with what is being done."""
    chosen = BackupSettings.load()
    return show(
        request,
        "panel/backups.html",
        "Copias de seguridad",
        chosen=chosen,
        place=settings.BACKUP_DIR,
        off=chosen.frequency == chosen.Frequency.OFF,
        **_live(request),
    )


@page(VIEW)
def live(request: HttpRequest) -> HttpResponse:
    """The part that changes: asked for again while something is under way."""
    return render(request, "panel/backups_live.html", _live(request))


@page(MAKES)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    services.ask_backup(by=person(request))
    messages.success(request, "Se está haciendo la copia. Podés cerrar esta página: sigue sola.")
    return redirect(LIST)


@page(MAKES)
@require_POST
def check(request: HttpRequest, name: str) -> HttpResponse:
    services.ask_check(copy=_copy(name), by=person(request))
    messages.success(request, "Se está leyendo la copia entera para ver si está bien.")
    return redirect(LIST)


@page(DOWNLOADS)
@require_POST
def download(request: HttpRequest, name: str) -> HttpResponse:
    copy = _copy(name)
    services.note_download(copy=copy, by=person(request))
    file = copy.path.open("rb")
    answer: HttpResponse = FileResponse(file, as_attachment=True, filename=copy.name, content_type="application/x-tar")  # type: ignore[assignment]
    return answer


@page(REMOVES)
@require_POST
def remove(request: HttpRequest, name: str) -> HttpResponse:
    services.remove_backup(copy=_copy(name), by=person(request))
    messages.success(request, "La copia se borró.")
    return redirect(LIST)


@page(RESTORES)
def restore(request: HttpRequest, name: str) -> HttpResponse:
    """What would be lost and what would come back; a POST with the word asks the worker to do it."""
    copy, word, errors = _copy(name), request.POST.get("palabra", "")[:30], {}
    if request.method == "POST":
        try:
            services.ask_restore(copy=copy, word=word, by=person(request))
        except DomainError as error:
            errors = {error.field or "": error.message}
        else:
            return redirect(LIST)
    return show(
        request,
        "panel/restore_backup.html",
        "Restaurar una copia",
        copy=copy,
        weight=weight(copy.size),
        compared=compared(copy.manifest) if copy.manifest is not None else [],
        contents=contents(copy.manifest) if copy.manifest is not None else [],
        refusal=errors.get("") or _unfit(copy),
        word=WORD,
        typed=word,
        word_error=errors.get("palabra", ""),
    )


def _live(request: HttpRequest) -> dict[str, Any]:
    """A few queries, and the first page of each copy."""
    rows = [_row(copy) for copy in folder.copies()]
    under_way = [_progress(job) for job in _jobs()]
    restoration = _lately(status.read())
    return {
        "found": Paginator(rows, PER_PAGE).get_page(request.GET.get("p")),
        "good": next((row for row in rows if row["copy"].is_good), None),
        "under_way": under_way,
        "failed": _failed(),
        "planned": Job.objects.filter(kind=MAKE, state=Job.State.PENDING, not_before__gt=timezone.now()).first(),
        "restoration": restoration,
        "was_kept": restoration is not None and restoration.state == "cut" and was_kept(restoration.token),
        "moves": bool(under_way) or (restoration is not None and restoration.is_open),
    }


def _lately(restoration: Restoration | None) -> Restoration | None:
    """One that is under way, or ended within some days: older ones are told by the audit."""
    if restoration is None or restoration.is_open:
        return restoration
    return restoration if (restoration.ended_at or restoration.asked_at) > timezone.now() - LATELY else None


def _row(copy: Copy) -> dict[str, Any]:
    manifest = copy.manifest
    return {
        "copy": copy,
        "weight": weight(copy.size),
        "contents": contents(manifest) if manifest is not None else [],
    }


def _jobs() -> list[Job]:
    """What is being done, or waits for the worker."""
    mine = Job.objects.filter(kind__in=[MAKE, CHECK], state__in=jobs.OPEN, not_before__lte=timezone.now())
    return list(mine.order_by("pk"))


def _failed() -> Job | None:
    """The last copy that was to be made, when it could not be."""
    last = Job.objects.filter(kind=MAKE, state__in=[Job.State.DONE, Job.State.FAILED]).order_by("-finished_at").first()
    return last if last is not None and last.state == Job.State.FAILED else None


def _progress(job: Job) -> dict[str, Any]:
    done, total = job.payload.get("done") or 0, job.payload.get("total") or 0
    return {
        "title": "Haciendo una copia" if job.kind == MAKE else f"Verificando {job.subject}",
        "step": job.steps[-1]["text"] if job.steps else "En espera",
        "percent": 100 * min(done, total) // total if total else None,
        "error": job.error,
    }


def _copy(name: str) -> Copy:
    copy = folder.find(name)
    if copy is None:
        raise Http404
    return copy


def _unfit(copy: Copy) -> str:
    """Why this copy cannot be put back here; "" when it can."""
    if copy.manifest is None or copy.problem:
        return copy.problem
    try:
        refuse_unfit(copy.manifest)
    except DomainError as error:
        return error.message
    return ""
