"""Ticks come in crowds: a batch costs the same few statements, and each message only goes forward."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.conversations.services import TickOf, queue_message, record_ticks

NOW = timezone.now()


def sent(count: int) -> list[Message]:
    channel = Channel.objects.create(name="WhatsApp", kind=Channel.Kind.SIMULATOR)
    chat = Conversation.objects.create(channel=channel, contact=Contact.objects.create(), address="p:1")
    rows = [queue_message(conversation=chat, author="bot", text=str(number)) for number in range(count)]
    for row in rows:
        Message.objects.filter(pk=row.pk).update(status="sent", external_id=f"w{row.pk}")
    return rows


def tick(message: Message, status: str, *, after: int = 0, ours: bool = False, error: str = "") -> TickOf:
    own = message.pk if ours else None
    return TickOf(status, NOW + timedelta(seconds=after), f"w{message.pk}", own, error)


def statements(channel_id: int, ticks: list[TickOf]) -> int:
    with CaptureQueriesContext(connection) as captured:
        record_ticks(channel_id=channel_id, ticks=ticks)
    return len(captured)


def test_a_crowd_of_ticks_costs_what_one_costs(db):
    rows = sent(31)
    one = statements(rows[0].channel_id, [tick(rows[0], "delivered")])
    assert statements(rows[0].channel_id, [tick(row, "read") for row in rows[1:]]) == one
    assert Message.objects.filter(status="read").count() == 30


def test_in_one_batch_each_message_ends_where_its_last_step_forward_leaves_it(db):
    first, second, third = sent(3)
    ticks = [
        tick(first, "read", after=2),
        tick(first, "delivered", after=1),
        tick(second, "delivered", ours=True),
        tick(second, "failed", after=3, error="se borró el número"),
        tick(third, "failed", error="no está en WhatsApp"),
        TickOf("read", NOW, "nobody's"),
    ]
    assert record_ticks(channel_id=first.channel_id, ticks=ticks) == 3
    for row in (first, second, third):
        row.refresh_from_db()
    assert (first.status, first.status_at) == ("read", NOW + timedelta(seconds=2))
    assert (second.status, second.error) == ("delivered", "")
    assert (third.status, third.error) == ("failed", "no está en WhatsApp")


def test_a_tick_that_brings_our_number_teaches_the_networks_id(db):
    (message,) = sent(1)
    Message.objects.update(status="sending", external_id=None)
    record_ticks(channel_id=message.channel_id, ticks=[tick(message, "delivered", ours=True)])
    message.refresh_from_db()
    assert (message.status, message.external_id) == ("delivered", f"w{message.pk}")
