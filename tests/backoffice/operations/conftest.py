"""A channel that works, María's chat, and who changes modes."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from backoffice.accounts.models import User
from backoffice.agents.models import WhatsAppGroup
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.conversations.models import Contact, Conversation, Message


@pytest.fixture
def elena() -> User:
    return User.objects.create_user("elena", first_name="Elena", last_name="Soto")


@pytest.fixture
def channel() -> Channel:
    channel = Channel.objects.create(name="WhatsApp", kind=Channel.Kind.SIMULATOR)
    connected = ChannelStatus.State.CONNECTED
    ChannelStatus.objects.create(channel=channel, state=connected, seen_at=timezone.now())
    return channel


@pytest.fixture
def support(channel) -> WhatsAppGroup:
    return WhatsAppGroup.objects.create(kind="support", name="Soporte", state=WhatsAppGroup.State.READY)


@pytest.fixture
def maria(channel) -> Conversation:
    contact = Contact.objects.create(name="María González", phone="+5492612345678", phone_key="2612345678")
    return Conversation.objects.create(channel=channel, contact=contact, address="p:5492612345678")


def said(
    chat: Conversation, text: str, *, at: datetime | None = None, direction: str = "in", **more: object
) -> Message:
    """A message of the chat, at that time."""
    at = at or timezone.now()
    author = "contact" if direction == "in" else "bot"
    status = "received" if direction == "in" else "sent"
    fields = {"author": author, "status": status, "created_at": at, "status_at": at} | more
    if fields["status"] in ("queued", "sending", "uncertain"):
        fields.setdefault("due_at", at)
    message = Message.objects.create(conversation=chat, channel=chat.channel, direction=direction, text=text, **fields)
    Conversation.objects.filter(pk=chat.pk).update(last_message_at=at)
    return message


def ago(**span: float) -> datetime:
    return timezone.now() - timedelta(**span)
