"""Customers for whom the bot was enough: short talks without a case, so that the dashboard has both kinds."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from backoffice.channels.models import Channel
from backoffice.conversations.models import Contact, Conversation, Message
from backoffice.customers.models import Customer
from backoffice.demo.past import chats_of

TALKS = (
    (
        "¡Buenas! Quedó excelente la instalación, gracias 🙌",
        "¡Qué bueno, {nombre}! Cuando necesites algo, escribime por acá.",
    ),
    ("Ya volvió solo, gracias igual", "¡Me alegro, {nombre}! Si vuelve a pasar, escribime y lo vemos."),
    ("Gracias por avisar del mantenimiento", "¡De nada, {nombre}! Cualquier cosa, estoy acá a toda hora."),
)


def load_alone(channel: Channel, customers: Sequence[Customer]) -> None:
    """One talk each, over the last four weeks."""
    now, lines = timezone.now(), []
    chats = chats_of(channel, customers)
    for place, (customer, (contact, chat)) in enumerate(zip(customers, chats, strict=True)):
        at = now - timedelta(days=1 + place * 5 % 27, hours=place % 7)
        asked, answered = (text.format(nombre=customer.first_name) for text in TALKS[place % len(TALKS)])
        lines += [_line(chat, asked, at, f"demo:alone:{place}:0"), _line(chat, answered, at, f"demo:alone:{place}:1")]
        contact.last_seen_at = chat.last_message_at = at
    Message.objects.bulk_create(lines)
    Conversation.objects.bulk_update([chat for _, chat in chats], ["last_message_at"])
    Contact.objects.bulk_update([contact for contact, _ in chats], ["last_seen_at"])


def _line(chat: Conversation, text: str, at: datetime, name: str) -> Message:
    wrote = name.endswith("0")
    return Message(
        conversation=chat,
        channel_id=chat.channel_id,
        direction=Message.Direction.IN if wrote else Message.Direction.OUT,
        author=Message.Author.CONTACT if wrote else Message.Author.BOT,
        text=text,
        status=Message.Status.RECEIVED if wrote else Message.Status.READ,
        external_id=name,
        created_at=at,
        status_at=at,
    )
