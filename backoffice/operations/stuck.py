"""Lanes that should have run and did not, and events that no turn could handle: what they are, and the way out.

The rule of lanes is: where a due event waits, the lane says when it runs (`ready_at`) or somebody holds it
(`lease_until`). A lane that has neither would wait for ever; the watchdog gives it back its place, and staff may.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from backoffice.common.sql import Written
from backoffice.conversations.models import Contact, InboxEvent, Lane

STUCK_AFTER = timedelta(minutes=2)
MESSAGE, RAW = "message", "raw"  # what somebody wrote; what could not even be read


def waiting_lanes(now: datetime) -> QuerySet[Lane]:
    """Lanes that are ready for `STUCK_AFTER`, or whose owner died that long ago, and that nobody took."""
    limit = now - STUCK_AFTER
    ready = Q(ready_at__lt=limit, lease_until__isnull=True)
    return Lane.objects.filter(ready | Q(lease_until__lt=limit))


def forgotten_lanes(due_before: datetime) -> QuerySet[InboxEvent, int]:
    """The ids of lanes where an event is due since before that moment while the lane is neither ready nor held."""
    due = InboxEvent.objects.filter(ready_at__lt=due_before)  # only what is pending has a time
    waiting = due.filter(lane__ready_at__isnull=True, lane__lease_until__isnull=True)
    return waiting.order_by().values_list("lane_id", flat=True).distinct()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lane that waits, in words: whose it is, since when, and what it will take to go on."""

    lane: Lane
    who: str
    since: datetime
    why: str


def waiting(now: datetime, limit: int = 20) -> list[Waiting]:
    """The first lanes that `free_lanes` would free, the oldest first. Three queries at most."""
    lanes = list(waiting_lanes(now).order_by(F("ready_at").asc(nulls_first=True), "pk")[:limit])
    lost = set(forgotten_lanes(now - STUCK_AFTER)[:limit])
    lanes += Lane.objects.filter(pk__in=lost).order_by("pk")[: limit - len(lanes)]
    return [_waiting(lane, now, lost) for lane in lanes]


def _waiting(lane: Lane, now: datetime, lost: set[int]) -> Waiting:
    if lane.pk in lost:
        why = "Quedó sin turno."
    elif lane.lease_until is not None:
        why = "El proceso que la atendía se cortó."
    else:
        why = "Ningún proceso del bot la tomó todavía."
    return Waiting(lane, lane_name(lane.key), lane.ready_at or lane.lease_until or now - STUCK_AFTER, why)


def lane_name(key: str) -> str:
    """`3:p:2612345678` in words: whose turn it is."""
    first, _, rest = key.partition(":")
    kind, _, value = rest.partition(":")
    if first == "ticket":
        return f"Avisos del ticket {rest}"
    names = {"p": f"Celular {value}", "g": "Un grupo de WhatsApp", "raw": "Lo que llegó y no se entendió"}
    return names.get(kind, "Una persona sin número visible")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that no turn could handle, in words. `contact_id` when we know who wrote; `text` is what was written."""

    event: InboxEvent
    who: str
    text: str
    why: str
    contact_id: int | None
    can_retry: bool


def dead_events() -> QuerySet[InboxEvent]:
    """Newest first."""
    return (
        InboxEvent.objects.filter(state=Written(InboxEvent.State.DEAD))
        .select_related("lane")
        .order_by("-received_at", "-pk")
    )


def letters(events: Sequence[InboxEvent]) -> list[DeadLetter]:
    """These events in words. One query."""
    phones = {event.pk: event.lane.key.split(":")[-1] for event in events if event.lane.key.split(":")[1:2] == ["p"]}
    known = dict(Contact.objects.filter(phone_key__in=phones.values()).values_list("phone_key", "pk"))
    return [_letter(event, known.get(phones.get(event.pk, ""))) for event in events]


def _letter(event: InboxEvent, contact_id: int | None) -> DeadLetter:
    told = event.payload if isinstance(event.payload, dict) else {}
    name = str(told.get("sender_name") or "").strip()
    place = lane_name(event.lane.key)
    who = f"{name} · {place}" if name else place
    why = event.reason or ("Llegó algo que no se pudo entender." if event.kind == RAW else "El bot falló al responder.")
    return DeadLetter(event, who, _written(event, told), why, contact_id, can_retry=event.kind != RAW)


def _written(event: InboxEvent, told: dict[str, Any]) -> str:
    text = str(told.get("text") or "").strip()
    if text:
        return text
    if told.get("media") or told.get("media_id") or told.get("location"):
        return "(archivo o ubicación)"
    return "(mensaje sin texto)" if event.kind in (MESSAGE, RAW) else "(tarea programada del bot)"
