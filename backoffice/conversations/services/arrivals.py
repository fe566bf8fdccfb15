"""What happens in a channel is stored before it is acknowledged, and makes its lane ready."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from backoffice.common.inserting import insert
from backoffice.conversations.lanes import Bell, lock_free_lanes, lock_lane, make_ready, ring, save_ready
from backoffice.conversations.models import InboxEvent, Lane


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that happened: in which lane, told by whom, and under which id they will repeat it.

    `wait` gathers bursts: the lane runs that long after its last event, but never more than six
    seconds after the first. `at` schedules a timer instead.
    """

    lane: str
    source: str
    external_id: str
    kind: str
    payload: Mapping[str, Any]
    wait: timedelta = timedelta(0)
    at: datetime | None = None


@transaction.atomic
def receive(
    *,
    lane: str,
    source: str,
    external_id: str,
    kind: str,
    payload: Mapping[str, Any],
    wait: timedelta = timedelta(0),
    at: datetime | None = None,
) -> bool:
    """Store something that happened (an `Arrival`) and make its lane ready; acknowledge only after this returns.

    Returns False when (source, external_id) was already stored: the same delivery twice is one event.
    """
    arrival = Arrival(lane, source, external_id, kind, payload, wait, at)
    return bool(_store([arrival], {lane: lock_lane(lane)}))


def receive_many(arrivals: Sequence[Arrival]) -> int:
    """`receive` for all that a network gave at once. Returns how many were new.

    One transaction for the lanes that are free; a lane that is being committed right now is waited for alone.
    """
    with transaction.atomic():
        lanes = lock_free_lanes({one.lane for one in arrivals})
        stored = _store([one for one in arrivals if one.lane in lanes], lanes)
    for one in arrivals:
        if one.lane not in lanes:
            with transaction.atomic():
                stored += _store([one], {one.lane: lock_lane(one.lane)})
    return stored


def _store(arrivals: Sequence[Arrival], lanes: Mapping[str, Lane]) -> int:
    """Insert what is new in these locked lanes.

    The lane's row is locked before the event is inserted, as the dispatcher does when it lets a lane
    go, so an event that arrives at that moment is never left without somebody to run it.
    """
    now = timezone.now()
    seen = _already_stored(arrivals)
    events: list[InboxEvent] = []
    ready: dict[int, Lane] = {}
    for one in arrivals:
        if (one.source, one.external_id) in seen:
            continue
        seen.add((one.source, one.external_id))
        lane = lanes[one.lane]
        events.append(
            InboxEvent(
                lane=lane,
                source=one.source,
                external_id=one.external_id,
                kind=one.kind,
                payload=_storable(one.payload),
                ready_at=one.at or now,
                received_at=now,
            )
        )
        make_ready(lane, now=now, wait=one.wait, at=one.at)
        ready[lane.pk] = lane
    if events:
        insert(events, skip_known=True)
        save_ready(ready.values())
        ring(Bell.LANES)
    return len(events)


def _already_stored(arrivals: Sequence[Arrival]) -> set[tuple[str, str]]:
    sources, ids = {one.source for one in arrivals}, {one.external_id for one in arrivals}
    rows = InboxEvent.objects.filter(source__in=sources, external_id__in=ids)
    return set(rows.values_list("source", "external_id"))


def _storable(value: Any) -> Any:
    """Without the NUL character, which PostgreSQL keeps in no text and a person never means."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, Mapping):
        return {key: _storable(one) for key, one in value.items()}
    return [_storable(one) for one in value] if isinstance(value, list | tuple) else value


def set_aside(*, channel_id: int, external_id: str, payload: Mapping[str, Any]) -> None:
    """Keep, raw, something that could not be taken in: a person must look; it is never tried again by itself."""
    _keep_raw(channel_id, external_id, payload, InboxEvent.State.DEAD)


def keep_raw(*, channel_id: int, external_id: str, payload: Mapping[str, Any]) -> None:
    """Keep, raw, what the network tells and nobody has to answer (a reaction, a call)."""
    _keep_raw(channel_id, external_id, payload, InboxEvent.State.DONE)


@transaction.atomic
def _keep_raw(channel_id: int, external_id: str, payload: Mapping[str, Any], state: InboxEvent.State) -> None:
    event = InboxEvent(
        lane=lock_lane(f"{channel_id}:raw"),
        source=f"channel:{channel_id}",
        external_id=_storable(external_id)[:160],
        kind="raw",
        payload=_storable(payload),
        state=state,
        ready_at=None,
    )
    InboxEvent.objects.bulk_create([event], ignore_conflicts=True)
