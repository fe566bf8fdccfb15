"""The long work of groups, as rows: what only the WhatsApp number can do waits here for its process.

A job keeps no list of what is left: that is read from the groups and members themselves, so it can stop and
go on at any point. `bot/group_jobs.py` does the work.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.common.errors import DomainError
from backoffice.common.models import Job
from backoffice.common.services.jobs import OPEN

AGENT_GROUPS = "agent_groups"
MAIN_GROUP = "main_group"
REMOVE_MEMBER = "remove_member"


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
