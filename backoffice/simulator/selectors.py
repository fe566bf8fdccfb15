"""Reads of the stand-in network."""

import base64
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from backoffice.simulator.models import Group, MediaFile, Member, Message, Network, Phone
from backoffice.simulator.parsing import SIGNS, WORDLESS
from integrations.whatsapp.base import Addr, ConnState

QR_SECONDS = 20
BOT = "bot"


def phone_key(number: str) -> str:
    """The number as the network writes it, digits only: an Argentine mobile has its 9, whoever wrote it without."""
    digits = "".join(character for character in number if character in "0123456789")
    if len(digits) == 12 and digits.startswith("54"):
        return f"549{digits[2:]}"
    return digits


def network() -> Network:
    """The account's row; a network nobody touched yet reads as one that waits for its QR."""
    return Network.objects.filter(pk=1).first() or Network(pk=1)


def state_now(row: Network, *, now: datetime | None = None) -> ConnState:
    """The state, with a ban that is over already lifted."""
    state = ConnState(row.state)
    if state is ConnState.TEMP_BANNED and row.banned_until and row.banned_until <= (now or timezone.now()):
        return ConnState.ONLINE
    return state


def qr_text(row: Network, *, now: datetime | None = None) -> str:
    """What the QR says while not linked; it renews by the clock, so that showing it writes nothing."""
    if state_now(row, now=now) in (ConnState.ONLINE, ConnState.TEMP_BANNED):
        return ""
    window = int((now or timezone.now()).timestamp()) // QR_SECONDS
    return f"2@simulador,{row.pairing_key or row.number},{window}"


def find_phone(number: str) -> Phone | None:
    """The phone with that number, in any of its shapes."""
    return Phone.objects.filter(key=phone_key(number)).first()


def find_group(wire_id: str) -> Group | None:
    return Group.objects.filter(wire_id=wire_id).first()


def membership(group: Group, phone: Phone) -> Member | None:
    return Member.objects.filter(group=group, phone=phone).first()


def address(phone: Phone) -> Addr:
    """How the network names a phone to the bot."""
    return Addr.phone(phone.key) if phone.privacy == Phone.Privacy.OPEN else Addr.lid(phone.lid)


def other_address(phone: Phone) -> Addr | None:
    """The second name, unless the person hides the number."""
    if phone.privacy == Phone.Privacy.HIDDEN:
        return None
    return Addr.lid(phone.lid) if phone.privacy == Phone.Privacy.OPEN else Addr.phone(phone.key)


def groups(*, phone: Phone | None = None, with_bot: bool = False) -> list[Group]:
    """Groups with members and their phones: two queries, whatever their number."""
    members = Prefetch("members", queryset=Member.objects.select_related("phone"))
    found: QuerySet[Group] = Group.objects.prefetch_related(members)
    if phone is not None:
        found = found.filter(members__phone=phone)
    if with_bot:
        found = found.filter(bot_member=True)
    return list(found)


def chat_messages(*, phone: Phone, member: Member | None) -> QuerySet[Message]:
    """What a phone sees: its private chat with the bot, or a group since it joined."""
    shown = Message.objects.select_related("sender")
    if member is None:
        return shown.filter(phone=phone, group__isnull=True)
    return shown.filter(group_id=member.group_id, phone__isnull=True, seq__gt=member.joined_seq)


def page_of_messages(
    *, phone: Phone, member: Member | None, after: int | None, limit: int = 500
) -> tuple[int, list[Message]]:
    """Messages after a cursor, or the last ones without it; and the cursor to go on from.

    The network's number is read first: all that is numbered up to it is committed (see `models`).
    """
    seen = network().seq
    messages = chat_messages(phone=phone, member=member).filter(seq__lte=seen)
    if after is None:
        return seen, list(reversed(messages.order_by("-seq")[:limit]))
    rows = list(messages.filter(seq__gt=after).order_by("seq")[:limit])
    return (rows[-1].seq if len(rows) == limit else max(seen, after)), rows


def ticks_since(*, phone: Phone, member: Member | None, after: int) -> list[dict[str, str]]:
    """Older messages of the chat whose tick changed after the cursor."""
    changed = chat_messages(phone=phone, member=member).filter(changed__gt=after, seq__lte=after)
    return [{"id": wire_id, "status": status} for wire_id, status in changed.values_list("wire_id", "status")[:500]]


def chat_list(phone: Phone) -> list[dict[str, Any]]:
    """The phone's chats for its first screen: last message and unread count of each; five queries."""
    private = Message.objects.filter(phone=phone, group__isnull=True)
    unread = private.filter(sender__isnull=True, seq__gt=phone.read_seq).count()
    last = private.select_related("sender").order_by("-seq").first()
    first = _chat_row(BOT, network().name, last, unread, phone.typing_until)
    members = _memberships_with_last(phone)
    lasts = Message.objects.select_related("sender").filter(seq__in=[one.last_seq for one in members if one.last_seq])
    by_seq = {message.seq: message for message in lasts}
    rest = [
        _chat_row(one.group.wire_id, one.group.name, by_seq.get(one.last_seq or 0), one.unread, one.group.typing_until)
        for one in members
    ]
    return [first, *sorted(rest, key=lambda chat: chat["seq"], reverse=True)]


def empty_chat_list() -> list[dict[str, Any]]:
    """What a phone that was never used sees: the bot, to say hello to."""
    return [_chat_row(BOT, network().name, None, 0, None)]


def _memberships_with_last(phone: Phone) -> list[Any]:
    seen = Message.objects.filter(group=OuterRef("group"), phone__isnull=True, seq__gt=OuterRef("joined_seq"))
    found = Member.objects.filter(phone=phone).select_related("group")
    return list(
        found.annotate(
            last_seq=Subquery(seen.order_by("-seq").values("seq")[:1]),
            unread=_unread_group("group", "phone", "read_seq"),
        )
    )


def phone_list(limit: int = 200) -> list[dict[str, Any]]:
    """Everybody with a phone, how many groups they are in and how much they have not read: two queries.

    Whoever has a name comes first; strangers after, the last one to appear first.
    """
    found = Phone.objects.annotate(groups=Count("memberships"), unread=_unread_private("pk", "read_seq"))
    order: list[Any] = [
        Case(When(name="", then=1), default=0),
        Case(When(name="", then=F("pk")), default=0).desc(),
        "pk",
    ]
    phones = list(found.order_by(*order)[:limit])
    in_groups = Member.objects.filter(phone__in=phones).annotate(unread=_unread_group("group", "phone", "read_seq"))
    waiting: Counter[int] = Counter()
    for phone_id, unread in in_groups.values_list("phone_id", "unread"):
        waiting[phone_id] += unread
    return [
        {
            "phone": phone.key,
            "name": phone.name,
            "privacy": phone.privacy,
            "groups": phone.groups,
            "unread": phone.unread + waiting[phone.pk],
        }
        for phone in phones
    ]


def _unread_private(phone: str, read_seq: str) -> Coalesce:
    news = Message.objects.filter(phone=OuterRef(phone), group__isnull=True, sender__isnull=True)
    return _count(news.filter(seq__gt=OuterRef(read_seq)), "phone")


def _unread_group(group: str, phone: str, read_seq: str) -> Coalesce:
    news = Message.objects.filter(group=OuterRef(group), phone__isnull=True, seq__gt=OuterRef(read_seq))
    return _count(news.filter(Q(sender__isnull=True) | ~Q(sender=OuterRef(phone))), "group")


def _count(messages: QuerySet[Message], by: str) -> Coalesce:
    """How many, counted over a range of an index: flat whatever the history."""
    return Coalesce(Subquery(messages.order_by().values(by).annotate(n=Count("pk")).values("n")), 0)


def _chat_row(chat: str, name: str, last: Message | None, unread: int, typing_until: datetime | None) -> dict[str, Any]:
    return {
        "chat": chat,
        "name": name,
        "unread": unread,
        "seq": last.seq if last else 0,
        "last": summary(last) if last else "",
        "at": last.at.isoformat() if last else None,
        "typing": bool(typing_until and typing_until > timezone.now()),
    }


def summary(message: Message) -> str:
    """One line of a message for a list: text, or what kind of attachment it is."""
    text = message.text or (_KINDS.get(message.media["kind"], "Adjunto") if message.media else "")
    return " ".join(text[:120].split())


_KINDS = {
    "image": "📷 Foto",
    "audio": "🎤 Audio",
    "video": "🎬 Video",
    "document": "📄 Documento",
    "location": "📍 Ubicación",
    **WORDLESS,
    **SIGNS,
}


def message_json(message: Message, *, chat: str) -> dict[str, Any]:
    """One message in the public API's shape; `from` is a phone or "bot"."""
    return {
        "id": message.wire_id,
        "from": message.sender.key if message.sender else BOT,
        "name": str(message.sender) if message.sender else "",
        "chat": chat,
        "text": message.text,
        "quoted_id": message.quoted_id,
        "media": media_json(message.media),
        "at": message.at.isoformat(),
        "status": message.status,
    }


def include_bytes(messages: list[dict[str, Any]]) -> None:
    """Put the bytes, as base64, in messages of `message_json`: one query."""
    with_file = {
        message["media"]["url"].rsplit("/", 1)[-1]: message["media"] for message in messages if has_file(message)
    }
    for handle, data in MediaFile.objects.filter(handle__in=with_file).values_list("handle", "data"):
        with_file[handle]["base64"] = base64.b64encode(bytes(data)).decode()


def has_file(message: dict[str, Any]) -> bool:
    """Whether a message of the API has bytes to fetch."""
    return bool(message["media"]) and "url" in message["media"]


def media_json(media: dict[str, Any] | None) -> dict[str, Any] | None:
    """An attachment as viewers get it: `url` for the bytes."""
    if media is None or "handle" not in media:
        return media
    return {key: value for key, value in media.items() if key != "handle"} | {
        "url": reverse("simulator:media", args=[media["handle"]])
    }


def read_by_all(group_id: int) -> int:
    """The number up to which every member of a group has read; 0 without members."""
    return Member.objects.filter(group_id=group_id).aggregate(least=Min("read_seq"))["least"] or 0


def newest_seq() -> int:
    """The number of the last change."""
    return Network.objects.filter(pk=1).aggregate(newest=Max("seq"))["newest"] or 0


def typing_deadline(seconds: int = 25) -> datetime:
    """WhatsApp shows «escribiendo…» for at most 25 s."""
    return timezone.now() + timedelta(seconds=seconds)
