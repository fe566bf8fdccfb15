"""Messages put in an outbox, and the outbox emptied."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from backoffice.conversations.models import Conversation, Message
from backoffice.conversations.services import queue_message
from bot.sender import Sender

REPLY, AGENT, NOTICE, BULK = Message.Priority


def say(chat: Conversation, text: str, priority: int = REPLY, **values: Any) -> Message:
    return queue_message(conversation=chat, author="bot", text=text, priority=priority, **values)


def drain(sender: Sender, now: datetime | None = None) -> int:
    """Send all that may leave at this moment; how many were tried."""
    count = 0
    while sender.run_once(now):
        count += 1
    return count


def later(**span: float) -> datetime:
    return timezone.now() + timedelta(**span)
