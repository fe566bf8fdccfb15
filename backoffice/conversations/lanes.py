"""Keys and locks of lanes: who must be handled one at a time, and how a lane becomes ready."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

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


def lock_free_lanes(keys: Collection[str]) -> dict[str, Lane]:
    """Lock many lanes at once, by key: those that nobody holds now. Who is missing is asked for one by one.

    A transaction that holds some lanes must never wait for others, or two could wait for each other.
    """
    found = _free(keys)
    missing = sorted(set(keys) - set(found))
    if missing:
        Lane.objects.bulk_create([Lane(key=key) for key in missing], ignore_conflicts=True)
        found |= _free(missing)
    return found


def _free(keys: Collection[str]) -> dict[str, Lane]:
    rows = Lane.objects.filter(key__in=keys, merged_into__isnull=True).order_by("pk")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    return {row.key: row for row in rows}


def interrupt(lane: Lane) -> None:
    """Whoever runs this locked lane loses it: the turn under way is dropped, and its events run again."""
    if lane.token:
        Lane.objects.filter(pk=lane.pk).update(token="", lease_until=None)


def make_ready(lane: Lane, *, now: datetime, wait: timedelta = timedelta(0), at: datetime | None = None) -> None:
    """Bring forward (or, for a burst, put off) the moment at which a locked lane runs; `save_ready` writes it."""
    if at is not None and at > now:
        lane.ready_at = min(lane.ready_at, at) if lane.ready_at else at
    elif wait:
        alone = lane.ready_at if lane.burst_started_at is None else None
        started = lane.burst_started_at or now
        ready = min(now + wait, started + BURST_LIMIT)
        lane.ready_at, lane.burst_started_at = min(alone, ready) if alone else ready, started
    else:
        lane.ready_at = min(lane.ready_at, now) if lane.ready_at else now


def save_ready(lanes: Iterable[Lane]) -> None:
    """Write when these locked lanes run: one statement for all that share a moment."""
    alike: dict[tuple[datetime | None, datetime | None], list[int]] = defaultdict(list)
    for lane in lanes:
        alike[lane.ready_at, lane.burst_started_at].append(lane.pk)
    for (ready_at, started), ids in alike.items():
        Lane.objects.filter(pk__in=ids).update(ready_at=ready_at, burst_started_at=started)


class Bell(StrEnum):
    """Who is woken: dispatchers (a lane is ready), senders (the outbox has something), receivers (the stand-in has)."""

    LANES = "mostrador_lanes"
    OUTBOX = "mostrador_outbox"
    NETWORK = "mostrador_network"


def ring(bell: Bell) -> None:
    """Wake who listens for this on PostgreSQL when the transaction commits; on SQLite they watch the file's version."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {bell}")
