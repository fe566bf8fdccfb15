"""Long lists, written by the worker: a file in a private folder, whole or not there.

What is exported was decided when it was asked for: its keys wait in a file beside the one that will be. A process that
dies leaves a part without a name; whoever takes the job over begins again.
"""

import secrets
import time
from array import array
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.admin.sites import site
from django.db import models
from django.utils import timezone

from backoffice.common.errors import DomainError
from backoffice.common.models import Export, Job
from backoffice.common.services import exports, jobs
from backoffice.common.tables.exporting import Sheet, write
from backoffice.common.tables.resources import TableResource
from backoffice.common.worker import job_kind, routine

FOLDER = "exportaciones"
BETWEEN_NEWS = 1.0  # seconds between two lines about how far it came
GONE = "Esa lista ya no se puede exportar: volvé a pedirla desde su pantalla."


def folder() -> Path:
    """Where the files are; nothing of it is served but by the page that asks whose each one is."""
    found = Path(settings.MEDIA_ROOT) / FOLDER
    found.mkdir(parents=True, exist_ok=True)
    return found


def path_of(export: Export) -> Path:
    return folder() / f"{export.token}.{export.format}"


def keep_keys(keys: Sequence[int]) -> str:
    """Put the keys of what will be exported aside. Returns the token they are found by."""
    token = secrets.token_urlsafe(18)
    (folder() / f"{token}.keys").write_bytes(array("q", keys).tobytes())
    return token


def remove_files(tokens: Iterable[str]) -> None:
    """All that is kept under these tokens, if anything is."""
    for token in tokens:
        for path in folder().glob(f"{token}.*"):
            with suppress(FileNotFoundError):
                path.unlink()


@job_kind(exports.KIND, "Exportar una lista")
def piece(job: Job) -> bool:
    """The whole file: it is short work a row, and half a file is of no use to go on from."""
    export = Export.objects.filter(job=job).first()
    if export is None:
        raise DomainError(GONE)
    export.job = job
    for left in folder().glob(f"{export.token}.*.part"):  # of a process that died
        left.unlink(missing_ok=True)
    try:
        write(path_of(export), export.title, _sheet(export), export.format, _News(job))
        exports.is_ready(export=export, at=timezone.now())
    except jobs.LostJob:
        cancelled = Job.State.CANCELLED  # and not taken over by another process
        if not Export.objects.filter(pk=export.pk).exclude(job__state=cancelled).exists():
            remove_files([export.token])
        raise
    (folder() / f"{export.token}.keys").unlink(missing_ok=True)
    return False


def _sheet(export: Export) -> Sheet:
    """Raises: DomainError when the list is not exported any more, or the keys are not there."""
    resource = resource_of(export.table)
    try:
        keys = array("q", (folder() / f"{export.token}.keys").read_bytes())
    except FileNotFoundError:
        raise DomainError(GONE) from None
    if resource is None:
        raise DomainError(GONE)
    by_name = {str(column.column_name): column for column in resource.get_export_fields()}
    columns = [by_name[name] for name in export.columns if name in by_name]
    return Sheet(resource, columns, keys, zone=ZoneInfo(export.clock))


def resource_of(table: str) -> TableResource | None:
    """The columns of a list of the panel by its name («customers.customer»); None when it is not exported."""
    screen = next((one for model, one in site._registry.items() if _name(model) == table), None)
    found: list[type[TableResource]] = getattr(screen, "resource_classes", [])
    return found[0]() if found else None


def _name(model: type[models.Model]) -> str:
    return model._meta.label_lower


class _News:
    """Told after each chunk; once in a while stores how far it came, which keeps the job and says if it was lost."""

    def __init__(self, job: Job) -> None:
        self.job, self.last = job, time.monotonic()

    def __call__(self, done: int) -> None:
        total = self.job.payload.get("total", 0)
        if done < total and time.monotonic() - self.last < BETWEEN_NEWS:
            return
        self.last = time.monotonic()
        self.job.payload["done"] = done
        self.job.steps = [jobs.step(f"{done} de {total} filas", "done" if done >= total else "running")]
        jobs.advance(job=self.job)


@routine
def purge(now: datetime) -> None:
    """What was asked for two days ago goes, and what no row tells of any more."""
    remove_files(exports.drop(exports=Export.objects.filter(created_at__lt=now - exports.KEPT)))
    old = (now - 2 * exports.KEPT).timestamp()
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < old:
                path.unlink()
