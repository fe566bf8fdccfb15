"""A desk to tell stories with: groups that are made, agents at their seats, customers who write."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from backoffice.agents.models import Agent, GroupMember, WhatsAppGroup
from backoffice.channels.models import Channel
from backoffice.company.models import Company
from backoffice.conversations.models import Contact, Conversation, InboxEvent, Message
from backoffice.tickets import services
from backoffice.tickets.models import Ticket
from tests.cast import COMPANY, JUAN, MARIA, Person


def open_for_business() -> Channel:
    """The company attends around the clock, and a number carries customers and groups."""
    company = Company.load()
    company.name, company.always_open, company.default_area_code = COMPANY, True, "261"
    company.save()
    return Channel.objects.create(name="Simulador", kind=Channel.Kind.SIMULATOR)


def group(channel: Channel, kind: str, name: str, *, agent: Agent | None = None, number: int = 1) -> WhatsAppGroup:
    """A group that the network made."""
    chat = Conversation.objects.create(channel=channel, kind="group", address=f"g:{name}", title=name)
    return WhatsAppGroup.objects.create(
        kind=kind, name=name, state="ready", conversation=chat, agent=agent, number=number
    )


def agent(channel: Channel, person: Person = JUAN, *, groups: int = 3, registered: bool = True) -> Agent:
    """Somebody who attends, with their contact, their seats and their place in every main group."""
    contact, _ = Contact.objects.get_or_create(
        phone_key=person.key, defaults={"name": person.name, "phone": f"+{person.phone}"}
    )
    row = Agent.objects.create(
        name=person.name,
        phone=f"+{person.phone}",
        phone_key=person.key,
        group_count=max(groups, 1),
        contact=contact if registered else None,
        registered_at=timezone.now() if registered else None,
    )
    for number in range(1, groups + 1):
        mine = group(channel, "personal", f"Chat soporte {row.first_name} N°{number}", agent=row, number=number)
        GroupMember.objects.create(group=mine, agent=row, state="added", is_admin=True)
    for main in WhatsAppGroup.objects.exclude(kind="personal"):
        GroupMember.objects.create(group=main, agent=row, state="added", is_admin=True)
    return row


def chat_of(channel: Channel, person: Person = MARIA) -> Conversation:
    """The person's own chat with the bot."""
    contact, _ = Contact.objects.get_or_create(
        phone_key=person.key, defaults={"name": person.name, "phone": f"+{person.phone}"}
    )
    return Conversation.objects.get_or_create(
        channel=channel, kind="private", contact=contact, defaults={"address": f"p:{person.phone}"}
    )[0]


def case(chat: Conversation, text: str = "No tengo internet desde esta mañana", **values: Any) -> Ticket:
    """A case opened in a chat."""
    assert chat.contact is not None
    told = {"area": "support", "subject": "Sin internet", "message": text, "sentiment": "neutro"} | values
    return services.open_ticket(conversation=chat, contact=chat.contact, **told)


def writes(chat: Conversation, text: str = "", *, author: str = "contact", **values: Any) -> Message:
    """A message that came in."""
    return Message.objects.create(
        conversation=chat, channel=chat.channel, direction="in", author=author, text=text, status="received", **values
    )


def said_in(chat: Conversation | None) -> list[str]:
    """What was queued for a chat, oldest first."""
    rows = Message.objects.filter(conversation=chat, direction="out").order_by("pk")
    return [row.text for row in rows]


def signals(chat: Conversation, kind: str) -> list[dict[str, Any]]:
    """What was told to the lane of a chat."""
    key = f"{chat.channel_id}:p:{chat.contact.phone_key}" if chat.contact else ""
    rows = InboxEvent.objects.filter(lane__key=key, kind=kind).order_by("pk")
    return [row.payload for row in rows]


def timers(ticket: Ticket, kind: str) -> list[datetime]:
    """When a case's own timers ring."""
    rows = InboxEvent.objects.filter(lane__key=f"ticket:{ticket.pk}", kind=kind).order_by("ready_at")
    return [row.ready_at for row in rows]
