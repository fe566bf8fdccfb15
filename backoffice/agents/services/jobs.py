"""The long work of groups, as rows: what only the WhatsApp number can do waits here for its process.

A job keeps no list of what is left: that is read from the groups and members themselves, so it can stop and
go on at any point. `bot/group_jobs.py` does the work.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.common.errors import DomainError
from backoffice.common.models import Job

AGENT_GROUPS = "agent_groups"
MAIN_GROUP = "main_group"
REMOVE_MEMBER = "remove_member"
OPEN = (Job.State.PENDING, Job.State.RUNNING)


def staff_channel() -> Channel:
    """The number that carries the groups. Raises: DomainError when there is none."""
    channel = Channel.objects.filter(enabled=True, for_staff=True).exclude(kind=Channel.Kind.PREVIEW).first()
    if channel is None:
        raise DomainError("No hay un canal de WhatsApp habilitado que lleve los grupos de agentes.")
    return channel


def owner_of(channel_id: int) -> str:
    return f"channel:{channel_id}"


def start(
    *, kind: str, channel_id: int, subject: str, steps: list[dict[str, str]], payload: Mapping[str, Any] | None = None
) -> Job:
    """The open job of that subject, told that there is more to do, or a new one.

    Moving `not_before` is what tells it: a job only ends if nobody moved it meanwhile (`finish`).
    """
    now = timezone.now()
    values = dict(payload or {})
    row = Job.objects.filter(kind=kind, subject=subject, state__in=OPEN).first()
    if row is not None and Job.objects.filter(pk=row.pk, state__in=OPEN).update(
        not_before=now, attempts=0, error="", steps=steps, payload=row.payload | {"phase": 0} | values
    ):
        row.refresh_from_db()
        return row
    return Job.objects.create(
        kind=kind, owner=owner_of(channel_id), subject=subject, steps=steps, payload=values, not_before=now
    )


def step(text: str, state: str = "running") -> dict[str, str]:
    return {"text": text, "state": state}


@transaction.atomic
def finish(*, job: Job, state: str, steps: list[dict[str, str]], error: str = "") -> bool:
    """End a job this process holds. False when more work arrived, or when another process took it over."""
    return bool(
        Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING, not_before=job.not_before).update(
            state=state, steps=steps, error=error, lease_until=None, finished_at=timezone.now()
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
    held = Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING, not_before=job.not_before)
    if held.update(**changes):
        return True
    let_go(job=job)
    return False


@transaction.atomic
def let_go(*, job: Job) -> None:
    """Give back a held job as it is stored, for whoever comes next."""
    Job.objects.filter(pk=job.pk, token=job.token, state=Job.State.RUNNING).update(
        state=Job.State.PENDING, lease_until=None
    )
