"""When a turn cannot be run: a person gets it, with a note, and nothing of what was written is lost."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from backoffice.common import metrics
from backoffice.common.models import Activity
from backoffice.conversations.models import Conversation, InboxEvent, Lane, Message
from backoffice.conversations.services import queue_message
from backoffice.dialogs.texts import render
from backoffice.tickets import services as tickets
from backoffice.tickets.phrases import what_was_sent
from bot.commit import release
from bot.context import MESSAGE
from bot.identity import Person, contacts_of, private_chats
from integrations.whatsapp.base import MessageIn, event_from_json


def hand_over(lane: Lane, *, token: str, now: datetime, reason: str) -> None:
    """Set the lane's due events aside (they stay as dead letters, which the panel shows) and open a case.

    The two are apart on purpose: when no case can be opened the lane is free all the same.
    """
    with transaction.atomic():
        held = Lane.objects.select_for_update().filter(pk=lane.pk, token=token).first()
        if held is None:
            return
        due = InboxEvent.objects.filter(lane=held, state=InboxEvent.State.PENDING, ready_at__lte=now)
        events = list(due.order_by("pk"))
        due.update(ready_at=None, state=InboxEvent.State.DEAD, reason=f"El bot falló: {reason}."[:200])
        Activity.note(Activity.Kind.ERROR, f"El bot no pudo atender {len(events)} mensaje(s): {reason}")
        release({held.pk: held.ready_at}, leftovers=set(), now=now)
    metrics.count("dead", len(events))
    written = [event for event in events if event.kind == MESSAGE]
    if not written or lane.key.split(":", 2)[1:2] == ["g"]:
        return
    _open_case(lane, written, reason)


def _open_case(lane: Lane, events: list[InboxEvent], reason: str) -> None:
    pairs = [(event, event_from_json(event.payload)) for event in events]
    lines = [line for _, line in pairs if isinstance(line, MessageIn)]
    channel_id = int(lane.key.partition(":")[0])
    person = Person(channel_id, lines[0].sender, lines[0].sender_alt, lines[0].sender_name)
    contact = contacts_of([person])[person]
    key = (channel_id, contact.pk)
    chat = private_chats({key: person.addr}, wrote=[key])[key]
    with transaction.atomic():
        kept = [_inbound(chat, event, line) for event, line in pairs if isinstance(line, MessageIn)]
        Message.objects.bulk_create(kept, ignore_conflicts=True)
        ticket = tickets.open_ticket(
            conversation=chat,
            contact=contact,
            area="support",
            subject="El bot no pudo responder",
            message="\n".join(what_was_sent(message) for message in kept)[:2000],
        )
        tickets.note(ticket=ticket, actor="Bot", text=f"El bot no pudo responder esto: {reason}.")
        queue_message(conversation=chat, author=Message.Author.BOT, text=render("rescue.handed_over"))


def _inbound(chat: Conversation, event: InboxEvent, line: MessageIn) -> Message:
    """The line with its file and its place: whoever takes the case sees all that was sent."""
    return Message(
        conversation=chat,
        channel_id=chat.channel_id,
        direction=Message.Direction.IN,
        author=Message.Author.CONTACT,
        author_name=line.sender_name[:120],
        text=line.text,
        media_id=event.payload.get("media_id"),
        location=asdict(line.location) if line.location else None,
        external_id=line.message_id,
        status=Message.Status.RECEIVED,
        created_at=event.received_at,
        status_at=event.received_at,
    )
