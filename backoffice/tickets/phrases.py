"""How a case is told: the words that its messages share."""

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from backoffice.accounts.models import User
from backoffice.agents.outbox import Speech
from backoffice.conversations.models import Message
from integrations.understanding.phones import short_display

from .models import Ticket

MESSAGE_SHOWN = 600
"""Characters of the customer's words that a notice shows; the whole text is in the chat."""
_EMPTY_LINES = re.compile(r"\n{3,}")


def customer_name(ticket: Ticket) -> str:
    """Whom the case is about: the customer, or the person who writes, or their number."""
    if ticket.customer is not None:
        return ticket.customer.name
    contact = ticket.contact
    return contact.name or (short_display(contact.phone) if contact.phone else f"Contacto {contact.pk}")


def signature(user: User) -> str:
    """How somebody of the panel is called in a chat: by the agent they are, else by their own name."""
    agent = getattr(user, "agent", None)
    return str(agent or user)[:80]


def holder(ticket: Ticket) -> str:
    """Who attends a case, "" when nobody does."""
    return str(ticket.agent or (signature(ticket.user) if ticket.user else ""))


def quoted_text(text: str) -> str:
    """The customer's words as a notice shows them."""
    words = text.strip()
    return words if len(words) <= MESSAGE_SHOWN else f"{words[:MESSAGE_SHOWN].rstrip()}…"


def notice(ticket: Ticket, speech: Speech, *, note: str = "", by: str = "") -> str:
    """«🚨 Nuevo Ticket…» (GRP-USE-01), with what a transfer says."""
    parts = [
        speech.say("desk.urgent") if ticket.priority == Ticket.Priority.URGENT else "",
        speech.say(
            f"desk.ticket_{ticket.area}",
            cliente=customer_name(ticket),
            sentimiento=ticket.get_sentiment_display(),
            mensaje=quoted_text(ticket.message or ticket.subject),
            numero=ticket.number,
        ),
        speech.say("desk.ticket_note", quien=by, nota=note) if note else "",
        speech.say("desk.ticket_footer", numero=ticket.number),
    ]
    return "\n".join(part for part in parts if part)


def assignment(ticket: Ticket, speech: Speech, *, agent: str, details: list[str]) -> str:
    """«📱 Nuevo Caso Asignado…» (GRP-USE-04) with what was collected and every command."""
    text = speech.say(
        "desk.assigned",
        cliente=customer_name(ticket),
        agente=agent,
        mensaje=quoted_text(ticket.message or ticket.subject),
        detalle="\n\n".join(details),
        comandos=speech.say("desk.commands"),
        numero=ticket.number,
    )
    return _EMPTY_LINES.sub("\n\n", text)


def duration(length: timedelta) -> str:
    """«45 s», «25 min», «2 h 5 min», «3 d 4 h»."""
    seconds = max(int(length.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, rest = divmod(hours, 24)
    return f"{days} d {rest} h" if rest else f"{days} d"


def waiting(ticket: Ticket, now: datetime) -> str:
    return duration(now - waiting_since(ticket))


def waiting_since(ticket: Ticket) -> datetime:
    """From when a case without an agent counts as waiting: its notice, or the moment it should have had one."""
    return ticket.announced_at or ticket.announce_at or ticket.opened_at


def panel_link(ticket: Ticket) -> str:
    return settings.PUBLIC_URL + reverse("admin:panel_ticket", args=[ticket.pk])


def what_was_sent(message: Message) -> str:
    """A message in words, for the story of the case: its text, or what kind of thing it was."""
    if message.text.strip():
        return message.text
    if message.media is not None:
        return f"[{message.media.get_kind_display()}]"
    return "[Ubicación]" if message.location else "[Mensaje]"
