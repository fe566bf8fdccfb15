"""What the library told, as the port's events. Nothing here touches the network or changes anything.

Each kind of row has one reader, which gives the JSON of events; `told` then believes none of it.
"""

import json
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from google.protobuf.message import DecodeError

from integrations.whatsapp.base import Addr, Event
from integrations.whatsapp.neonize.jids import addr_of
from integrations.whatsapp.neonize.library import (
    CallOfferEv,
    GroupInfoEv,
    JoinedGroupEv,
    MessageEv,
    ReceiptEv,
    UndecryptableMessageEv,
    e2e,
)
from integrations.whatsapp.neonize.spool import Row, Spool
from integrations.whatsapp.told import told

Told = Iterator[dict[str, Any]]
WRAPS_MAX = 5
MILLISECONDS = 10**11  # a count of seconds this large would be in the year 5138

UNHEARD = frozenset({"broadcast", "newsletter", "status", "bot"})
"""Servers of what is no chat: statuses of contacts, channels, WhatsApp's own assistant."""
_TICKS = {"DELIVERED": "delivered", "READ": "read", "PLAYED": "read"}
_FILES = {
    "imageMessage": "image",
    "videoMessage": "video",
    "ptvMessage": "video",
    "audioMessage": "audio",
    "documentMessage": "document",
}
_NAMES = {"image": "foto", "video": "video", "audio": "audio", "document": "documento"}
_ASIDE = frozenset({"messageContextInfo", "senderKeyDistributionMessage", "fastRatchetKeySenderKeyDistributionMessage"})
_ABOUT_ANOTHER = {
    "reactionMessage": "reaction",
    "encReactionMessage": "reaction",
    "pollUpdateMessage": "vote",
    "keepInChatMessage": "kept",
    "pinInChatMessage": "pinned",
    "secretEncryptedMessage": "edited",
    "encEventResponseMessage": "answer to an event",
    "call": "call",
    "bcallMessage": "call",
    "callLogMesssage": "call",
}
_WORDLESS = frozenset(
    {"protocolMessage", "stickerSyncRmrMessage", "messageHistoryBundle", "messageHistoryNotice", "albumMessage"}
)
"""What phones say to each other; an album's photos follow it, each a message."""


@dataclass(frozen=True, slots=True)
class Me:
    """Our own number, by its two addresses."""

    phone: Addr | None = None
    lid: Addr | None = None

    def is_me(self, addr: Addr | None) -> bool:
        return addr is not None and addr in (self.phone, self.lid)


def events_of(row: Row, *, spool: Spool, me: Me) -> list[Event]:
    """What a row of the spool tells, in order; empty for what is nobody's matter (our own echo, keys of the library).

    The same row always gives the same events.
    """
    try:
        payloads = list(_READERS[row.kind](row, spool, me))
    except (DecodeError, ValueError) as error:
        payloads = [{"kind": f"unreadable {row.kind}", "why": str(error), "row": f"{spool.id}:{row.id}"}]
    return [told(payload, now=row.at) for payload in payloads]


def is_heard(source: Any) -> bool:
    """Whether a message or a receipt is of a chat."""
    return source.Chat.Server not in UNHEARD and source.Chat.User != "status"


def has_file(message: Any) -> bool:
    """Whether a message of the network (MessageEv) brings a file."""
    name, _ = _content(message.Message)
    return name in _FILES


def file_of(body: bytes) -> tuple[Any, int]:
    """The message to download and its size in bytes. Raises: ValueError when there is no file in it."""
    name, content = _content(MessageEv.FromString(body).Message)
    if name not in _FILES:
        raise ValueError("a message without a file")
    if name == "ptvMessage":  # a round video: whatsmeow downloads it as any other
        name = "videoMessage"
    return e2e.Message(**{name: content}), int(content.fileLength)


# --- messages ---------------------------------------------------------------------------------
def _message(row: Row, spool: Spool, me: Me) -> Told:
    message = MessageEv.FromString(row.body)
    info, source = message.Info, message.Info.MessageSource
    chat, sender = addr_of(source.Chat), addr_of(source.Sender)
    name, content = _content(message.Message)
    if not name or (name in _WORDLESS and not _speaks(content)):
        return
    if chat is None or sender is None or sender.is_group:
        yield _unknown(row, spool, "a message of nobody", {"message_id": info.ID, "content": name})
        return
    if source.IsFromMe and spool.is_ours(info.ID):
        return
    yield from _met(row, chat, addr_of(source.RecipientAlt))
    if message.IsEdit or name == "editedMessage" or name in _ABOUT_ANOTHER or name in _WORDLESS:
        yield _unknown(row, spool, *_about_another(message, name, content, chat, sender))
        return
    alt = addr_of(source.SenderAlt)
    yield {
        "kind": "message",
        "event_id": f"message:{chat.key}:{info.ID}",
        "message_id": info.ID,
        "chat": chat.key,
        "sender": sender.key,
        "sender_alt": alt.key if alt and not alt.is_group else None,
        "sender_name": info.Pushname,
        "at": _at(info.Timestamp),
        "is_group": chat.is_group,
        "from_me": bool(source.IsFromMe),
        "replayed": row.replayed,
        "quoted_id": _quoted(content),
        **_said(name, content),
        "media": _file(name, content, spool.handle(row)),
    }


def _content(message: Any) -> tuple[str, Any]:
    """What a message carries: the name of its field and what is in it; ("", None) when it only brings keys.

    The library unwraps what disappears or is seen once; what it forgets is unwrapped here.
    """
    for _ in range(WRAPS_MAX):
        found = [(field.name, value) for field, value in message.ListFields() if field.name not in _ASIDE]
        if not found:
            return "", None
        name, content = found[0]
        inner = getattr(content, "message", None)
        if not isinstance(inner, e2e.Message) or name == "editedMessage":
            return name, content
        message = inner
    return "wrapped", None


def _speaks(protocol: Any) -> bool:
    """Of the messages that phones say to each other, those that are about a message."""
    kinds = (e2e.ProtocolMessage.REVOKE, e2e.ProtocolMessage.MESSAGE_EDIT)
    return isinstance(protocol, e2e.ProtocolMessage) and protocol.type in kinds


def _about_another(message: Any, name: str, content: Any, chat: Addr, sender: Addr) -> tuple[str, dict[str, Any]]:
    """What happened to a message: the port has no word for it, and it is kept."""
    who = {"chat": chat.key, "sender": sender.key, "message_id": message.Info.ID}
    key = getattr(content, "key", None)
    about = who | {"about": key.ID if key is not None else message.Info.ID}
    if name == "protocolMessage" and content.type == e2e.ProtocolMessage.REVOKE:
        return "deleted", about
    if name == "protocolMessage":
        return "edited", about | {"text": _words(content.editedMessage)}
    if message.IsEdit or name == "editedMessage":
        return "edited", about | {"text": _words(message.Message)}
    return _ABOUT_ANOTHER[name], about | {"text": getattr(content, "text", "")}


def _words(message: Any) -> str:
    name, content = _content(message)
    if name == "editedMessage":
        name, content = _content(content.message)
    if name == "protocolMessage":
        name, content = _content(content.editedMessage)
    return str(_said(name, content).get("text", ""))


def _said(name: str, content: Any) -> dict[str, Any]:
    """The words and the choice in a content; a place for a location."""
    match name:
        case "conversation":
            return {"text": content}
        case "extendedTextMessage":
            return {"text": content.text}
        case "imageMessage" | "videoMessage" | "ptvMessage" | "documentMessage":
            return {"text": content.caption}
        case "buttonsResponseMessage":
            return {"text": content.selectedDisplayText, "choice_id": content.selectedButtonID or None}
        case "templateButtonReplyMessage":
            return {"text": content.selectedDisplayText, "choice_id": content.selectedID or None}
        case "listResponseMessage":
            return {"text": content.title, "choice_id": content.singleSelectReply.selectedRowID or None}
        case "interactiveResponseMessage":
            return {"text": content.body.text, "choice_id": _pressed(content.nativeFlowResponseMessage.paramsJSON)}
        case "locationMessage":
            return {"location": _place(content) | {"name": content.name, "address": content.address}}
        case "liveLocationMessage":
            return {"location": _place(content), "text": content.caption}
    return {}


def _pressed(params: str) -> str | None:
    try:
        pressed = json.loads(params)
    except ValueError:
        return None
    chosen = pressed.get("id") if isinstance(pressed, dict) else None
    return chosen if isinstance(chosen, str) else None


def _place(content: Any) -> dict[str, Any]:
    return {"latitude": content.degreesLatitude, "longitude": content.degreesLongitude}


def _quoted(content: Any) -> str | None:
    """The message that this one answers: every kind but a bare text carries it, in its `contextInfo`."""
    context = getattr(content, "contextInfo", None)
    return (context.stanzaID or None) if context is not None else None


def _file(name: str, content: Any, handle: str) -> Mapping[str, Any] | None:
    kind = _FILES.get(name)
    if kind is None:
        return None
    mimetype = content.mimetype.partition(";")[0].strip() or "application/octet-stream"
    filename = content.fileName or content.title if kind == "document" else ""
    return {
        "handle": handle,
        "kind": kind,
        "filename": filename or f"{_NAMES[kind]}{mimetypes.guess_extension(mimetype) or ''}",
        "mimetype": mimetype,
        "size": int(content.fileLength),
        "voice": bool(kind == "audio" and content.PTT),
    }


def _undecryptable(row: Row, spool: Spool, me: Me) -> Told:
    """«Waiting for this message»: the library asks for it again by itself, and it may still come."""
    message = UndecryptableMessageEv.FromString(row.body)
    source = message.Info.MessageSource
    chat, sender = addr_of(source.Chat), addr_of(source.Sender)
    if source.IsFromMe or message.DecryptFailMode == UndecryptableMessageEv.DECRYPT_FAIL_HIDE:
        return
    about = {"chat": chat and chat.key, "sender": sender and sender.key, "message_id": message.Info.ID}
    yield _unknown(row, spool, "undecryptable", about | {"unavailable": bool(message.IsUnavailable)})


# --- ticks, calls -----------------------------------------------------------------------------
def _receipt(row: Row, spool: Spool, me: Me) -> Told:
    """In a group there is one for each member: the first one is what the port tells."""
    receipt = ReceiptEv.FromString(row.body)
    source = receipt.MessageSource
    chat, sender = addr_of(source.Chat), addr_of(source.Sender)
    status = _TICKS.get(ReceiptEv.ReceiptType.Name(receipt.Type))
    if status is None or chat is None or source.IsFromMe or me.is_me(sender):
        return
    yield from _met(row, sender, addr_of(source.SenderAlt))
    for message_id in receipt.MessageIDs:
        yield {
            "kind": "status",
            "event_id": f"tick:{status}:{chat.key}:{message_id}",
            "message_id": message_id,
            "chat": chat.key,
            "status": status,
            "at": _at(receipt.Timestamp),
        }


def _call(row: Row, spool: Spool, me: Me) -> Told:
    call = CallOfferEv.FromString(row.body).basicCallMeta
    caller = addr_of(call.callCreator) or addr_of(getattr(call, "from"))
    yield from _met(row, caller, addr_of(call.callCreatorAlt))
    yield _unknown(row, spool, "call", {"sender": caller and caller.key, "call_id": call.callID})


# --- groups -----------------------------------------------------------------------------------
def _joined(row: Row, spool: Spool, me: Me) -> Told:
    """Our number is in a new group: it made it, or somebody put it there."""
    joined = JoinedGroupEv.FromString(row.body)
    group = addr_of(joined.GroupInfo.JID)
    for member in joined.GroupInfo.Participants:
        yield from _met(row, addr_of(member.LID), addr_of(member.PhoneNumber))
    if group is not None:
        yield {
            "kind": "group",
            "event_id": f"group:{group.key}:me:joined:{spool.id}:{row.id}",
            "group": group.key,
            "change": "joined",
            "me": True,
            "name": joined.GroupInfo.GroupName.Name,
            "at": row.at.isoformat(),
        }


def _group(row: Row, spool: Spool, me: Me) -> Told:
    """Who entered, left or was made an administrator. By phone where we know it: staff are known by theirs."""
    event = GroupInfoEv.FromString(row.body)
    group = addr_of(event.JID)
    if group is None:
        return
    at = _at(event.Timestamp) if event.Timestamp else row.at.isoformat()
    common = {"kind": "group", "group": group.key, "at": at}
    name = f"group:{group.key}:{event.ParticipantVersionID or f'{spool.id}:{row.id}'}"
    changes = {"joined": event.Join, "left": event.Leave, "promoted": event.Promote, "demoted": event.Demote}
    for change, jids in changes.items():
        people = [addr for jid in jids if (addr := addr_of(jid)) is not None]
        others = [spool.phone_of(addr).key for addr in people if not me.is_me(addr)]
        if others:
            yield common | {"event_id": f"{name}:{change}", "change": change, "members": others}
        if len(others) < len(people):
            yield common | {"event_id": f"{name}:{change}:me", "change": change, "me": True}
    if event.HasField("Name"):
        told_at = event.Name.NameSetAt or event.Timestamp
        yield common | {"event_id": f"{name}:renamed:{told_at}", "change": "renamed", "name": event.Name.Name}
    if event.Delete.Deleted:
        yield common | {"event_id": f"{name}:deleted", "change": "left", "me": True}


# --- what all have in common ------------------------------------------------------------------
def _ours(row: Row, spool: Spool, me: Me) -> Told:
    """An event of the adapter itself: it was JSON already."""
    event = json.loads(row.body)
    yield event | {"event_id": f"{event['kind']}:{spool.id}:{row.id}"}


def _met(row: Row, one: Addr | None, other: Addr | None) -> Told:
    """Two addresses of somebody, when they are a hidden one and a phone."""
    if one is None or other is None or {one.kind, other.kind} != {"lid", "phone"}:
        return
    lid, phone = (one, other) if one.kind == "lid" else (other, one)
    pair = {"addr": lid.key, "also": phone.key}
    yield {"kind": "identity", "event_id": f"identity:{lid.value}:{phone.value}", "at": row.at.isoformat()} | pair


def _unknown(row: Row, spool: Spool, what: str, about: Mapping[str, Any]) -> dict[str, Any]:
    event_id = f"unknown:{spool.id}:{row.id}"
    return {"kind": "unknown", "event_id": event_id, "payload": {"what": what, **about}, "at": row.at.isoformat()}


def _at(stamp: int) -> str:
    """Messages are stamped in milliseconds and receipts in seconds. Raises: ValueError for no time at all."""
    seconds = stamp / 1000 if abs(stamp) > MILLISECONDS else stamp
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (OverflowError, OSError) as error:
        raise ValueError(f"not a time: {stamp}") from error


_READERS: dict[str, Callable[[Row, Spool, Me], Told]] = {
    "message": _message,
    "undecryptable": _undecryptable,
    "receipt": _receipt,
    "call": _call,
    "joined": _joined,
    "group": _group,
    "told": _ours,
}
