"""What a channel may send next (design 3, row 7). Only reads; the sender decides.

The rows that wait are few or ten thousand from one second to the next, and a database plans by what it counted
before. So nothing here compares each waiting row with the others: a plan that is wrong reads the outbox once more,
and not ten thousand times.
"""

from datetime import datetime, timedelta

from django.db.models import Exists, F, Min, Q, QuerySet, Window

from backoffice.channels.models import Channel
from backoffice.conversations.models import Message
from backoffice.operations.models import BotControl

DOUBT = timedelta(minutes=2)
TALK = Message.Priority.AGENT  # replies and agents' lines; what comes after it is notices

_QUEUED = Q(status=Message.Status.QUEUED)


def lines(channel: Channel, now: datetime) -> QuerySet[Message]:
    """The first unsent line of each chat, where it is due: replies, then agents' lines, each in the order of their ids.

    A line that is half sent or in doubt is not due and holds its chat.
    """
    due = _QUEUED & Q(due_at__lte=now)
    heads = _waiting(channel, now).annotate(
        first=Window(Min("pk"), partition_by=F("conversation_id")),
        first_due=Window(Min("pk", filter=due), partition_by=F("conversation_id")),
    )
    return heads.filter(pk=F("first"), first=F("first_due")).order_by("priority", "pk")


def notices(channel: Channel, now: datetime) -> QuerySet[Message]:
    """Due notices to chats in which no line waits; none while the bot is stopped."""
    stopped = BotControl.objects.filter(pk=1, mode=BotControl.Mode.STOPPED)
    due = Message.objects.filter(_QUEUED, ~Exists(stopped), channel=channel, due_at__lte=now, priority__gt=TALK)
    busy = _waiting(channel, now).values("conversation_id")
    return due.exclude(conversation_id__in=busy).order_by("priority", "pk")


def _waiting(channel: Channel, now: datetime) -> QuerySet[Message]:
    """Every line that has not left: in the order of its index a server reads a range of priorities, but no list."""
    held = Q(status=Message.Status.SENDING) | Q(status=Message.Status.UNCERTAIN, status_at__gt=now - DOUBT)
    return Message.objects.filter(_QUEUED | held, channel=channel, due_at__isnull=False, priority__lte=TALK)
