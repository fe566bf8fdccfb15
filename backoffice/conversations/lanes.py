"""Keys and locks of lanes: who must be handled one at a time, and how a lane becomes ready."""

from datetime import datetime, timedelta

from django.db import connection

from integrations.understanding.phones import phone_key
from integrations.whatsapp.base import Addr

from .models import Conversation, Lane

BURST_LIMIT = timedelta(seconds=6)


def lane_key(channel_id: int, address: Addr) -> str:
    """`3:p:2612345678` for a person (549…, 54… and 0…15… are one), `3:g:<id>` for a group."""
    if address.kind == "phone":
        return f"{channel_id}:p:{phone_key(address.value) or address.value}"
    return f"{channel_id}:{address.key}"


def lane_of(conversation: Conversation) -> str:
    """The lane in which a conversation's events run."""
    return lane_key(conversation.channel_id, Addr.parse(conversation.address))


def lock_lane(key: str) -> Lane:
    """The lane's row, made when new, locked until the transaction ends; a merged one gives its heir."""
    lane = Lane.objects.select_for_update().filter(key=key).first()
    if lane is None:
        Lane.objects.bulk_create([Lane(key=key)], ignore_conflicts=True)
        lane = Lane.objects.select_for_update().get(key=key)
    while lane.merged_into_id is not None:
        lane = Lane.objects.select_for_update().get(pk=lane.merged_into_id)
    return lane


def make_ready(lane: Lane, *, now: datetime, wait: timedelta, at: datetime | None) -> None:
    """Bring forward (or, for a burst, put off) the moment at which a locked lane runs."""
    changes: dict[str, datetime | None] = {}
    if at is not None and at > now:
        changes["ready_at"] = min(lane.ready_at, at) if lane.ready_at else at
    elif wait:
        started = lane.burst_started_at or now
        changes = {"ready_at": min(now + wait, started + BURST_LIMIT), "burst_started_at": started}
        if lane.ready_at is not None and lane.burst_started_at is None:
            changes["ready_at"] = min(lane.ready_at, changes["ready_at"] or now)
    else:
        changes["ready_at"] = min(lane.ready_at, now) if lane.ready_at else now
    if changes["ready_at"] != lane.ready_at or "burst_started_at" in changes:
        Lane.objects.filter(pk=lane.pk).update(**changes)


def ring() -> None:
    """Wake the dispatchers on PostgreSQL when this transaction commits; on SQLite they watch the file's version."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("NOTIFY mostrador")
