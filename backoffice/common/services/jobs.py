"""The life of a `Job`: asked for, held by one process at a time, put off, ended (design 4).

Whoever does the work takes it with `claim`, does a piece in a transaction whose last line is `advance` (or `keep`),
and ends it with `finish`. Each of these is refused to a process that was taken for dead meanwhile, so a piece that
two processes did is kept once.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from backoffice.common.models import Job

OPEN = (Job.State.PENDING, Job.State.RUNNING)
LEASE = timedelta(minutes=3)


class LostJob(Exception):
    """Somebody cancelled the job or took it over: what this process did since its last `advance` is not kept."""


def step(text: str, state: str = "running") -> dict[str, str]:
    return {"text": text, "state": state}


@transaction.atomic
def enqueue(
    *,
    kind: str,
    owner: str,
    subject: str = "",
    payload: Mapping[str, Any] | None = None,
    steps: list[dict[str, str]] | None = None,
    not_before: datetime | None = None,
) -> Job:
    """A new job. `owner` does it: "worker", or "channel:<id>" for what only that number can do."""
    return Job.objects.create(
        kind=kind,
        owner=owner,
        subject=subject,
        payload=dict(payload or {}),
        steps=steps or [],
        not_before=not_before or timezone.now(),
    )


@transaction.atomic
def claim(*, owner: str, now: datetime, lease: timedelta = LEASE, pk: int | None = None) -> Job | None:
    """Take the owner's oldest due job, also one whose process died, for as long as `lease`. None when there is none.

    With `pk` it is that one or none.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    due = Job.objects.filter(free, owner=owner, state__in=OPEN, not_before__lte=now)
    if pk is not None:
        due = due.filter(pk=pk)
    job = due.order_by("not_before", "pk").first()
    if job is None:
        return None
    mine = Job.objects.filter(free, pk=job.pk, state__in=OPEN, not_before__lte=now)
    if not mine.update(token=str(uuid.uuid4()), lease_until=now + lease, state=Job.State.RUNNING):
        return None
    job.refresh_from_db()
    return job


@transaction.atomic
def advance(*, job: Job, lease: timedelta = LEASE) -> None:
    """Store how far a held job came (payload, steps, attempts, error) and hold it for another `lease`.

    Raises:
        LostJob: it is not this process's any more. Let it undo the transaction of the piece.
    """
    changes = {"steps": job.steps, "error": job.error, "attempts": job.attempts, "payload": job.payload}
    if not _held(job).update(**changes, lease_until=timezone.now() + lease):
        raise LostJob(job.pk)


@transaction.atomic
def finish(*, job: Job, state: str, steps: list[dict[str, str]], error: str = "") -> bool:
    """End a job this process holds. False when more work arrived, or when another process took it over."""
    mine = _held(job).filter(not_before=job.not_before)
    return bool(
        mine.update(
            state=state, steps=steps, error=error, payload=job.payload, lease_until=None, finished_at=timezone.now()
        )
    )


@transaction.atomic
def keep(*, job: Job, until: datetime | None = None) -> bool:
    """Store how far a held job came; `until` puts it off and lets it go.

    False when more work arrived (the job is let go, due at once) or another process took it over.
    """
    changes: dict[str, Any] = {"steps": job.steps, "error": job.error, "attempts": job.attempts, "payload": job.payload}
    if until is not None:
        changes |= {"not_before": until, "lease_until": None, "state": Job.State.PENDING}
    if _held(job).filter(not_before=job.not_before).update(**changes):
        return True
    let_go(job=job)
    return False


@transaction.atomic
def let_go(*, job: Job) -> None:
    """Give back a held job as it is stored, for whoever comes next."""
    _held(job).update(state=Job.State.PENDING, lease_until=None)


@transaction.atomic
def cancel(*, job: Job) -> bool:
    """End a job that nobody wants any more; whoever holds it loses it. False when it had ended."""
    still = Job.objects.filter(pk=job.pk, state__in=OPEN)
    return bool(still.update(state=Job.State.CANCELLED, lease_until=None, finished_at=timezone.now()))


def _held(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING)
