"""What needs somebody's eyes: customers nobody answered, channels that are down, processes that went silent."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from backoffice.channels.models import Channel, ChannelStatus
from backoffice.conversations.models import Conversation, Message
from backoffice.operations.models import Heartbeat
from backoffice.tickets.models import Ticket

UNANSWERED_AFTER = timedelta(minutes=10)
UNANSWERED_UNTIL = timedelta(days=7)
SILENCE = timedelta(seconds=60)  # a process that says nothing for this long is taken for dead
DISPATCHER = "despachador"  # how `bot/heart.py` signs


def unanswered(now: datetime | None = None) -> QuerySet[Conversation]:
    """Private chats whose last word is the customer's, from ten minutes to seven days old, with no open ticket.

    They are what came in Parado or Solo Gateway, or while the bot was down: it will not answer them any more
    (design 3), so the list offers «Crear ticket». Oldest first, with `last_text`; agents' own chats are left out.
    """
    now = now or timezone.now()
    said = Message.objects.filter(conversation=OuterRef("pk")).order_by("-id")
    last = said.exclude(direction=Message.Direction.OUT, priority__gte=Message.Priority.NOTICE)  # answers nobody
    open_ticket = Ticket.objects.filter(conversation=OuterRef("pk")).exclude(state=Ticket.State.CLOSED)
    recent = Conversation.objects.filter(
        kind=Conversation.Kind.PRIVATE,
        contact__agent__isnull=True,
        contact__anonymised_at__isnull=True,
        contact__trashed_at__isnull=True,
        last_message_at__lte=now - UNANSWERED_AFTER,
        last_message_at__gt=now - UNANSWERED_UNTIL,
    ).exclude(channel__kind=Channel.Kind.PREVIEW)
    return (
        recent.annotate(
            last_direction=Subquery(last.values("direction")[:1]), last_text=Subquery(last.values("text")[:1])
        )
        .filter(~Exists(open_ticket), last_direction=Message.Direction.IN)
        .select_related("contact", "channel")
        .order_by("last_message_at", "pk")
    )


def enabled_channels() -> QuerySet[Channel]:
    """The channels that should be at work, each with its `status`."""
    return Channel.objects.filter(enabled=True).exclude(kind=Channel.Kind.PREVIEW).select_related("status")


def is_silent(channel: Channel, now: datetime) -> bool:
    """Nothing was heard of its process for `SILENCE`, or never."""
    status: ChannelStatus | None = getattr(channel, "status", None)
    return status is None or status.seen_at is None or now - status.seen_at > SILENCE


def is_connected(channel: Channel, now: datetime) -> bool:
    return not is_silent(channel, now) and channel.status.state == ChannelStatus.State.CONNECTED


def is_attended(now: datetime) -> bool:
    """A dispatcher gave signs of life. One is enough: it does the work of another that died."""
    return Heartbeat.objects.filter(name__startswith=DISPATCHER, seen_at__gt=now - SILENCE).exists()
