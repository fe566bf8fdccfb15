"""Writing and reading, from both sides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from backoffice.simulator.models import Group, MediaFile, Member, Message, Phone, WireEvent
from backoffice.simulator.parsing import SIGNS
from backoffice.simulator.selectors import address, other_address, read_by_all, typing_deadline
from backoffice.simulator.services.clock import LONGEST_REORDER, Slot, take_seq, wire_event
from backoffice.simulator.services.faults import take_fault
from integrations.whatsapp.base import Addr, Location, MediaIn, MessageIn, StatusIn, Tick


@dataclass(frozen=True)
class NewMessage:
    """What a phone writes. `number` is as it was typed, `group` None is the chat with the bot.

    `media` is the API's dict without its bytes, which are `data`.
    """

    number: str
    group: Group | None = None
    text: str = ""
    quoted_id: str | None = None
    media: dict[str, Any] | None = None
    data: bytes | None = None
    wire_id: str | None = None


@dataclass(frozen=True)
class BotMessage:
    """What the bot writes, to a phone or to a group."""

    phone: Phone | None
    group: Group | None
    text: str = ""
    quoted_id: str | None = None
    media: dict[str, Any] | None = None
    data: bytes | None = None
    client_ref: str | None = None


def phone_writes(*, phone: Phone, new: NewMessage) -> Message:
    """A phone's message: stored once, told to the bot. The same `wire_id` again is told again and stored no more."""
    try:
        return _phone_writes(phone=phone, new=new)
    except IntegrityError:
        if new.wire_id is None:
            raise
        return _repeat(phone=phone, wire_id=new.wire_id)


@transaction.atomic
def _phone_writes(*, phone: Phone, new: NewMessage) -> Message:
    slot = take_seq(count=2)
    fault = take_fault(kinds=("duplicate", "reorder", "delay"), phone=phone)
    message = _store(
        slot.first,
        Message(
            wire_id=new.wire_id or _new_id(),
            phone=None if new.group else phone,
            group=new.group,
            sender=phone,
            text=new.text,
            quoted_id=new.quoted_id,
        ),
        new.media,
        new.data,
    )
    if new.group is None or new.group.bot_member:
        event = _told(message, phone, new)
        rows = _held_rows(event, message, slot, fault.kind, fault.options) if fault else []
        rows = rows or [wire_event(event, seq=_seq(slot, slot.first), message=message)]
        if new.media is not None and new.media["kind"] in SIGNS:
            for row in rows:
                row.payload["kind"] = new.media["kind"]
        WireEvent.objects.bulk_create(rows)
    return message


def _seq(slot: Slot, number: int) -> int | None:
    """While the number is not linked, what arrives is held."""
    return number if slot.online else None


def _held_rows(event: MessageIn, message: Message, slot: Slot, kind: str, options: dict[str, Any]) -> list[WireEvent]:
    if kind == "duplicate":
        numbers = (slot.first, slot.first + 1)
        return [wire_event(event, seq=_seq(slot, number), message=message) for number in numbers]
    if not slot.online:
        return []
    wait = LONGEST_REORDER if kind == "reorder" else timedelta(seconds=float(options.get("seconds", 5)))
    due = timezone.now() + wait
    return [wire_event(event, seq=None, message=message, due_at=due, overtaken=kind == "reorder")]


@transaction.atomic
def _repeat(*, phone: Phone, wire_id: str) -> Message:
    slot = take_seq()
    message = Message.objects.get(sender=phone, wire_id=wire_id)
    told = WireEvent.objects.filter(message=message).order_by("pk").first()
    if told is not None:
        WireEvent.objects.create(seq=_seq(slot, slot.first), message=message, payload=told.payload)
    return message


@transaction.atomic
def bot_sends(*, new: BotMessage) -> Message:
    """The bot's message, delivered at once. A `client_ref` already used gives the message it made.

    Where the network does not refuse repeats it is one more message, whose ticks echo no reference.
    """
    slot = take_seq(count=2)
    if new.client_ref:
        before = Message.objects.filter(client_ref=new.client_ref).first()
        if before is not None and settings.SIMULATOR_REFUSES_REPEATS:
            return before
        if before is not None:
            new = replace(new, client_ref=None)
    message = Message(
        wire_id=_new_id(),
        phone=new.phone,
        group=new.group,
        text=new.text,
        quoted_id=new.quoted_id,
        status=Message.Status.DELIVERED,
        client_ref=new.client_ref,
    )
    _store(slot.first, message, new.media, new.data)
    _stop_typing(new)
    tick = _tick(message, _chat_of(message), "delivered")
    WireEvent.objects.bulk_create([wire_event(tick, seq=_seq(slot, slot.first + 1))])
    return message


def _stop_typing(new: BotMessage) -> None:
    chat = new.phone or new.group
    if chat is not None and chat.typing_until is not None:
        chat.typing_until = None
        chat.save(update_fields=["typing_until"])


@transaction.atomic
def phone_reads(*, phone: Phone, member: Member | None, upto: int) -> None:
    """A phone saw its chat up to a number: the bot's messages there become read, and the bot is told."""
    take_seq(count=0)
    messages = list(_newly_read(phone, upto) if member is None else _newly_read_by_all(member, upto))
    if not messages:
        return
    slot = take_seq(count=len(messages) + 1)
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(
        status=Message.Status.READ, changed=slot.first
    )
    WireEvent.objects.bulk_create(
        wire_event(_tick(message, _chat_of(message), "read"), seq=_seq(slot, slot.first + 1 + position))
        for position, message in enumerate(messages)
    )


def _newly_read(phone: Phone, upto: int) -> QuerySet[Message]:
    before = Phone.objects.values_list("read_seq", flat=True).get(pk=phone.pk)
    Phone.objects.filter(pk=phone.pk, read_seq__lt=upto).update(read_seq=upto)
    mine = Message.objects.filter(phone=phone, group__isnull=True, sender__isnull=True)
    return mine.filter(seq__gt=before, seq__lte=upto).select_related("phone", "group").order_by("seq")


def _newly_read_by_all(member: Member, upto: int) -> QuerySet[Message]:
    """What the slowest member has read now and had not before."""
    Member.objects.filter(pk=member.pk, read_seq__lt=upto).update(read_seq=upto)
    before = Group.objects.values_list("read_seq", flat=True).get(pk=member.group_id)
    now = read_by_all(member.group_id)
    Group.objects.filter(pk=member.group_id, read_seq__lt=now).update(read_seq=now)
    ours = Message.objects.filter(group_id=member.group_id, phone__isnull=True, sender__isnull=True)
    return ours.filter(seq__gt=before, seq__lte=now).select_related("phone", "group").order_by("seq")


@transaction.atomic
def bot_reads(*, chat: Q, message_ids: Sequence[str]) -> int:
    """The bot read these messages: their writers see two blue ticks. How many changed."""
    slot = take_seq()
    mine = Message.objects.filter(chat, wire_id__in=message_ids, sender__isnull=False)
    return mine.exclude(status=Message.Status.READ).update(status=Message.Status.READ, changed=slot.first)


@transaction.atomic
def bot_types(*, chat: Phone | Group, on: bool) -> None:
    """Show or hide «escribiendo…»."""
    take_seq()
    chat.typing_until = typing_deadline() if on else None
    chat.save(update_fields=["typing_until"])


def _store(seq: int, message: Message, media: dict[str, Any] | None, data: bytes | None) -> Message:
    message.seq = message.changed = seq
    message.at = timezone.now()
    handle = token_urlsafe(18) if data is not None else ""
    if media is not None:
        message.media = media | ({"handle": handle, "size": len(data)} if data is not None else {})
    message.save(force_insert=True)
    if data is not None:
        MediaFile.objects.create(message=message, handle=handle, data=data)
    return message


def _told(message: Message, phone: Phone, new: NewMessage) -> MessageIn:
    shown = phone.privacy == Phone.Privacy.OPEN
    sender = Addr.phone(new.number) if shown else address(phone)
    media = message.media or {}
    return MessageIn(
        event_id=f"msg:{phone.pk}:{message.wire_id}",
        message_id=message.wire_id,
        chat=Addr.group(new.group.wire_id) if new.group else sender,
        sender=sender,
        sender_name=phone.name,
        sender_alt=other_address(phone),
        at=message.at,
        text=message.text,
        media=_media_in(media) if "handle" in media else None,
        location=_location_in(media) if media.get("kind") == "location" else None,
        quoted_id=message.quoted_id,
        is_group=new.group is not None,
    )


def _media_in(media: dict[str, Any]) -> MediaIn:
    names = ("handle", "kind", "filename", "mimetype", "size")
    return MediaIn(**{name: media[name] for name in names}, voice=bool(media.get("voice")))


def _location_in(media: dict[str, Any]) -> Location:
    return Location(media["latitude"], media["longitude"], media.get("name", ""), media.get("address", ""))


def _chat_of(message: Message) -> Addr:
    if message.group is not None:
        return Addr.group(message.group.wire_id)
    if message.phone is None:
        raise ValueError("a message without chat")
    return address(message.phone)


def _tick(message: Message, chat: Addr, status: Tick, at: datetime | None = None) -> StatusIn:
    return StatusIn(
        event_id=f"status:{message.wire_id}:{status}",
        message_id=message.wire_id,
        chat=chat,
        status=status,
        at=at or timezone.now(),
        client_ref=message.client_ref,
    )


def _new_id() -> str:
    """As WhatsApp's own: hexadecimal, upper case, starting with 3EB0."""
    return f"3EB0{uuid4().hex[:18].upper()}"
