"""What the network brings to the inbox, said in one line, without a network."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.conversations.models import InboxEvent, Lane, Message
from backoffice.conversations.services import receive
from bot.identity import lane_for
from integrations.whatsapp.base import Addr, MessageIn, to_json

_ids = count(1)


def line(sender: str | Addr, text: str = "hola", *, group: str | None = None, **told: Any) -> MessageIn:
    """A message as a transport gives it. `sender` is a phone, or an address."""
    who = sender if isinstance(sender, Addr) else Addr.phone(sender)
    name = f"in-{next(_ids)}"
    chat = Addr.group(group) if group else who
    values = {"event_id": name, "message_id": name, "at": timezone.now(), "text": text, "is_group": bool(group)}
    return MessageIn(chat=chat, sender=who, **(values | told))


def arrives(channel: Channel, message: MessageIn, *, wait: float = 0.0, at: datetime | None = None) -> bool:
    """Stored in its lane, ready after `wait` seconds."""
    return receive(
        lane=lane_for(channel.pk, chat=message.chat, sender_alt=message.sender_alt),
        source=f"channel:{channel.pk}",
        external_id=message.event_id,
        kind=message.kind,
        payload=to_json(message),
        wait=timedelta(seconds=wait),
        at=at,
    )


def writes(channel: Channel, sender: str | Addr, text: str = "hola", *, wait: float = 0.0, **told: Any) -> MessageIn:
    message = line(sender, text, **told)
    arrives(channel, message, wait=wait)
    return message


def lane(key: str) -> Lane:
    return Lane.objects.get(key=key)


def answers(phone_key: str) -> list[str]:
    """What the bot queued for a person, oldest first."""
    rows = Message.objects.filter(conversation__contact__phone_key=phone_key, direction="out").order_by("pk")
    return [row.text for row in rows]


def states() -> list[int]:
    """How the events stand that are no ticket's own timers, oldest first."""
    events = InboxEvent.objects.exclude(lane__key__startswith="ticket:")
    return list(events.order_by("pk").values_list("state", flat=True))
