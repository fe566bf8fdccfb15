"""Lists too long to leave at once: asked for, made by the worker (`tables/background.py`), kept for two days."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from backoffice.common import worker
from backoffice.common.errors import DomainError
from backoffice.common.models import Export, Job
from backoffice.common.services import jobs

KIND = "export"
KEPT = timedelta(hours=48)
OPEN_AT_ONCE = 3
_ENDED_WITHOUT = (Job.State.FAILED, Job.State.CANCELLED)  # they have their own reason to tell, and no file


class TooMany(DomainError):
    """Somebody asks for one more than the worker should have of them."""


@transaction.atomic
def ask(
    *, owner: Any, table: str, title: str, kind: str, columns: Sequence[str], clock: str, rows: int, token: str
) -> Export:
    """Have a list written to a file; its keys are already kept under `token` (`tables.background.keep_keys`).

    Raises:
        TooMany: this person has as many on their way as fit.
    """
    if Export.objects.filter(owner=owner, job__state__in=jobs.OPEN).count() >= OPEN_AT_ONCE:
        raise TooMany(f"Ya tenés {OPEN_AT_ONCE} exportaciones en camino. Esperá a que termine una, o cancelala.")
    job = worker.start(kind=KIND, subject=title[:60], payload={"done": 0, "total": rows, "token": token})
    return Export.objects.create(
        owner=owner, job=job, table=table, title=title[:80], format=kind, columns=list(columns), clock=clock,
        rows=rows, token=token,
    )  # fmt: skip


@transaction.atomic
def is_ready(*, export: Export, at: datetime) -> None:
    """Its file is whole and in its place. Raises: LostJob when the job is no longer of who made it."""
    Export.objects.filter(pk=export.pk).update(ready_at=at)
    jobs.advance(job=export.job)


@transaction.atomic
def withdraw(*, exports: Iterable[Export], why: str) -> list[str]:
    """Take back what waits to be downloaded and what is being made. Their rows stay, and tell `why` to who asked.

    Returns the tokens of the files to remove once it is kept.
    """
    found = list(exports)
    told = Job.objects.filter(pk__in=[one.job_id for one in found]).exclude(state__in=_ENDED_WITHOUT)
    told.update(state=Job.State.CANCELLED, error=why, lease_until=None, finished_at=timezone.now())
    Export.objects.filter(pk__in=[one.pk for one in found]).update(ready_at=None)
    return [one.token for one in found]


@transaction.atomic
def drop(*, exports: Iterable[Export]) -> list[str]:
    """Forget these, whatever they are at. Returns the tokens of the files to remove once it is kept."""
    found = list(exports)
    for one in found:
        jobs.cancel(job=one.job)
    Export.objects.filter(pk__in=[one.pk for one in found]).delete()
    return [one.token for one in found]
