"""Handing events to the bot's channel, in order, each until it is acknowledged."""

from django.db import transaction
from django.utils import timezone

from backoffice.simulator.models import Message, Network, WireEvent
from backoffice.simulator.selectors import network
from backoffice.simulator.services.clock import give_numbers, take_seq
from backoffice.simulator.services.link import lift_ban
from integrations.whatsapp.base import ConnState

BATCH = 200


def collect(*, after: int | None) -> tuple[int, list[dict[str, object]]]:
    """Events after a cursor, or after the last acknowledged one; and the cursor that acknowledges them.

    The phones see ✓✓ as soon as the bot's channel has their messages.
    """
    row = network()
    if row.state == ConnState.TEMP_BANNED:
        lift_ban()
    start = row.acked if after is None else min(after, row.seq)
    if after is not None and start > row.acked:
        acknowledge(seq=start)
    _release_due()
    events = list(WireEvent.objects.filter(seq__gt=start).order_by("seq")[:BATCH])
    arrived = [event.message_id for event in events if event.message_id]
    if arrived and Message.objects.filter(pk__in=arrived, status=Message.Status.SENT).exists():
        _mark_delivered(arrived)
    return (events[-1].seq or start) if events else start, [event.payload for event in events]


@transaction.atomic
def acknowledge(*, seq: int) -> None:
    """The bot has stored everything up to `seq`. Never goes back."""
    Network.objects.filter(pk=1, acked__lt=seq).update(acked=seq)


def _release_due() -> None:
    if WireEvent.objects.filter(seq__isnull=True, due_at__isnull=False).exists():
        _release_held()


@transaction.atomic
def _release_held() -> None:
    """Give a number to the held events whose time came, or which another message has overtaken already."""
    slot = take_seq(count=BATCH)
    if not slot.online:
        return
    held = list(WireEvent.objects.filter(seq__isnull=True, due_at__isnull=False).order_by("pk")[:BATCH])
    newest = WireEvent.objects.filter(seq__isnull=False, message__isnull=False).order_by("-pk").first()
    now = timezone.now()
    ready = [
        event
        for event in held
        if (event.due_at and event.due_at <= now) or (event.overtaken and newest and newest.pk > event.pk)
    ]
    give_numbers(ready, first=slot.first)


@transaction.atomic
def _mark_delivered(messages: list[int]) -> None:
    slot = take_seq()
    Message.objects.filter(pk__in=messages, status=Message.Status.SENT).update(
        status=Message.Status.DELIVERED, changed=slot.first
    )
