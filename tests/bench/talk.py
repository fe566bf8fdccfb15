"""What the database knows of how long each reply took. Called by `tests.bench.worker` beside a running product.

A reply counts from the moment at which its line was stored (`InboxEvent.received_at`: what a webhook's answer or a
poll's next cursor waits for) to the one at which the network took it; and, for the person, from when they wrote.
"""

import time
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.common.search import entries
from backoffice.conversations.models import Contact, Conversation, InboxEvent, Message
from backoffice.simulator.models import Message as Wire
from tests.bench import engine

GIVE_UP = 60.0
NOTICE = "Hola, te recordamos que tu factura vence el 10. El total es de $ 18.500,00."


def load(phones: int) -> None:
    """The company and its customers, answered once each."""
    engine.load(phones)


def now() -> str:
    return timezone.now().isoformat()


def wait_for_replies(since: str, amount: int) -> None:
    """Until the bot has sent that many messages since then. Raises: RuntimeError when it takes a minute."""
    until = time.monotonic() + GIVE_UP
    replies = Wire.objects.filter(sender__isnull=True, at__gte=datetime.fromisoformat(since))
    while (told := replies.exclude(text=NOTICE).count()) < amount:
        if time.monotonic() > until:
            raise RuntimeError(f"{told} replies of {amount} in {GIVE_UP:.0f} s")
        time.sleep(0.02)


def times(since: str) -> dict[str, list[float]]:
    """Milliseconds of each line written since then, {"inside", "outside"}: from being stored, and from being written.

    A line's reply is the first one in its chat after it was stored.
    """
    start = datetime.fromisoformat(since)
    stored = dict(InboxEvent.objects.filter(received_at__gte=start).values_list("external_id", "received_at"))
    replies: dict[int, list[datetime]] = defaultdict(list)
    said = Wire.objects.filter(sender__isnull=True, phone__isnull=False, at__gte=start).exclude(text=NOTICE)
    for phone, at in said.order_by("at").values_list("phone_id", "at"):
        replies[phone].append(at)
    told: dict[str, list[float]] = {"inside": [], "outside": []}
    for line in Wire.objects.filter(sender__isnull=False, phone__isnull=False, at__gte=start):
        taken = stored[f"msg:{line.phone_id}:{line.wire_id}"]
        answered = next(at for at in replies[line.phone_id or 0] if at >= taken)
        told["inside"].append((answered - taken) / timedelta(milliseconds=1))
        told["outside"].append((answered - line.at) / timedelta(milliseconds=1))
    return told


@transaction.atomic
def make_notices(amount: int) -> None:
    """So many notices that do not leave yet, each to a person of its own.

    Those people can be found already: that is the worker's work on new contacts, who really come a few at a time.
    """
    people = Contact.objects.bulk_create([Contact(name=f"Aviso {number}") for number in range(amount)])
    entries.drain_all()
    channel = Channel.objects.get(kind=Channel.Kind.SIMULATOR)
    chats = Conversation.objects.bulk_create(
        [
            Conversation(channel=channel, contact=who, address=f"p:549261500{number:04d}")
            for number, who in enumerate(people)
        ]
    )
    told = {"channel": channel, "direction": Message.Direction.OUT, "author": Message.Author.SYSTEM, "text": NOTICE}
    told |= {"priority": Message.Priority.BULK, "status": Message.Status.DISCARDED}
    Message.objects.bulk_create([Message(conversation=chat, **told) for chat in chats])


def queue_notices() -> int:
    """All of them in the outbox, due now. Returns how many wait."""
    with transaction.atomic():  # counted before the first may leave
        Message.objects.filter(text=NOTICE).update(status=Message.Status.QUEUED, due_at=timezone.now())
        waiting = Message.objects.filter(text=NOTICE, status=Message.Status.QUEUED).count()
    _settle()
    return waiting


def drop_notices() -> int:
    """Nobody waits for them any more. Returns how many had not left yet."""
    rows = Message.objects.filter(text=NOTICE, status=Message.Status.QUEUED)
    dropped = rows.update(status=Message.Status.DISCARDED, due_at=None)
    _settle()
    return dropped


def _settle() -> None:
    """As a server does by itself after so many rows."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'VACUUM ANALYZE "{Message._meta.db_table}"')


def another_day() -> None:
    engine.another_day()
