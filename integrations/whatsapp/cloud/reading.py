"""A webhook's body as events of the port. Pure, and it never raises: what cannot be understood is `Unknown`, kept raw.

`{"entry": [{"changes": [{"field", "value": {"metadata", "contacts", "messages" | "statuses" | "message_echoes" |
"errors"}}]}]}` (developers.facebook.com, «Webhooks reference»). One body may carry many, of several numbers, repeated
and in any order; each piece is read by itself, so that an odd one takes none of the others with it.
"""

import json
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from integrations.whatsapp.cloud.errors import reason_of
from integrations.whatsapp.cloud.saying import PART_MARK
from integrations.whatsapp.events import Event
from integrations.whatsapp.told import told

Json = Mapping[str, Any]
_MEDIA = {"image": "image", "audio": "audio", "video": "video", "document": "document"}
_NO_MESSAGE = {"reaction", "edit", "revoke", "system", "request_welcome"}
"""What somebody did that is no line of a chat."""
_TICKS = {"sent": "sent", "delivered": "delivered", "read": "read", "played": "read", "failed": "failed"}
_CHANGES = {"user_changed_number", "customer_changed_number", "user_changed_user_id"}
_MALFORMED = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, OSError)


def events_of(body: bytes, *, number_id: str = "", now: datetime | None = None) -> list[Event]:
    """Every event of a body, oldest first. What it tells of numbers other than `number_id` is left out."""
    moment = now or datetime.now(UTC)
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return [told({"body": body[:5_000].decode("utf-8", "replace")}, now=moment)]
    pieces = [piece for piece in _pieces(whole) if not number_id or _number(piece) in ("", number_id)]
    events = [event for piece in pieces for event in _read(piece, moment)]
    return sorted(events, key=lambda event: event.at)


class _Piece:
    """One message, status or notice, with what was said around it."""

    __slots__ = ("field", "kind", "one", "value")

    def __init__(self, kind: str, one: Any, value: Any, field: Any) -> None:
        self.kind, self.one, self.value, self.field = kind, one, value, field

    def raw(self) -> dict[str, Any]:
        return {"field": self.field, self.kind: self.one}


def _pieces(whole: Any) -> Iterator[_Piece]:
    found = False
    for entry in _list(whole, "entry"):
        for change in _list(entry, "changes"):
            found = True
            yield from _pieces_of(change)
    if not found:
        yield _Piece("body", whole, {}, None)


def _pieces_of(change: Any) -> Iterator[_Piece]:
    value = change.get("value") if isinstance(change, dict) else None
    field = change.get("field") if isinstance(change, dict) else None
    found = [
        _Piece(kind, one, value, field)
        for kind in ("messages", "message_echoes", "statuses", "errors")
        for one in _list(value, kind)
    ]
    yield from found or [_Piece("change", change, value, field)]


def _list(holder: Any, name: str) -> list[Any]:
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, list) else []


def _number(piece: _Piece) -> str:
    metadata = piece.value.get("metadata") if isinstance(piece.value, dict) else None
    number = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    return str(number) if isinstance(number, str | int) else ""


def _read(piece: _Piece, moment: datetime) -> list[Event]:
    reader = _READERS.get(piece.kind)
    try:
        payloads = reader(piece.one, piece.value) if reader else []
    except _MALFORMED:
        payloads = []
    return [told(payload, now=moment) for payload in payloads or [piece.raw()]]


# --- messages -----------------------------------------------------------------------------------
def _message(one: Json, value: Json) -> list[Json]:
    """What a customer wrote. An empty list is «the port has no word for this»."""
    kind = one["type"]
    if kind == "system":
        return _identity(one)
    if kind in _NO_MESSAGE or "group_id" in one:
        return []
    who = _contact(value, one.get("from"), one.get("from_user_id"))
    sender, other = _addresses(one.get("from"), one.get("from_user_id") or who.get("user_id"))
    head = {"chat": sender, "sender": sender, "sender_alt": other, "sender_name": _name(who)}
    return [_line(one) | head]


def _echo(one: Json, value: Json) -> list[Json]:
    """What our own people wrote from the WhatsApp Business app, where the number is in both."""
    if one["type"] in _NO_MESSAGE or "group_id" in one:
        return []
    chat, _ = _addresses(one.get("to"), one.get("to_user_id"))
    return [_line(one) | {"chat": chat, "sender": _phone(one["from"]), "from_me": True}]


def _line(one: Json) -> dict[str, Any]:
    """The content of a message, whatever it is: text, file, place or choice; nothing for a kind without a field."""
    kind, context = one["type"], one.get("context")
    content = one.get(kind)
    line: dict[str, Any] = {
        "kind": "message",
        "event_id": f"message:{one['id']}",
        "message_id": _id(one["id"]),
        "at": _moment(one["timestamp"]),
        "quoted_id": context.get("id") if isinstance(context, dict) else None,
    }
    if kind in _MEDIA and isinstance(content, dict):
        return line | {"media": _media(kind, content), "text": content.get("caption") or ""}
    reader = _CONTENTS.get(kind)
    return line | (reader(content) if reader and isinstance(content, dict) else {})


def _media(kind: str, content: Json) -> dict[str, Any]:
    mimetype = str(content.get("mime_type") or "application/octet-stream").partition(";")[0].strip()
    name = content.get("filename") or f"{kind}{mimetypes.guess_extension(mimetype) or ''}"
    voice = content.get("voice") is True
    file = {"handle": _id(content["id"]), "kind": _MEDIA[kind], "filename": str(name), "mimetype": mimetype}
    return file | {"size": 0, "voice": voice}


def _place(content: Json) -> dict[str, Any]:
    place = {"latitude": float(content["latitude"]), "longitude": float(content["longitude"])}
    return {"location": place | {"name": content.get("name") or "", "address": content.get("address") or ""}}


def _interactive(content: Json) -> dict[str, Any]:
    """A button or a row of ours. Any other answer (a form) is a message without content."""
    reply = content.get("button_reply") or content.get("list_reply")
    if not isinstance(reply, dict):
        return {}
    return {"choice_id": reply["id"], "text": reply.get("title") or ""}


def _button(content: Json) -> dict[str, Any]:
    """The quick reply of a template."""
    return {"choice_id": content.get("payload") or None, "text": content.get("text") or ""}


_CONTENTS: Mapping[str, Callable[[Json], dict[str, Any]]] = {
    "text": lambda content: {"text": content["body"]},
    "location": _place,
    "interactive": _interactive,
    "button": _button,
}


# --- statuses and people --------------------------------------------------------------------------
def _status(one: Json, value: Json) -> list[Json]:
    """A tick, with what it costs. Of a text in parts only the last one is the message, unless one of them fails."""
    status = one["status"]
    if status not in _TICKS:
        return []
    errors = one.get("errors") or value.get("errors") or [{}]
    code = errors[0].get("code") if status == "failed" else None
    pricing = one.get("pricing") or {}
    return [
        {
            "kind": "status",
            "event_id": f"status:{one['id']}:{status}",
            "message_id": _id(one["id"]),
            "chat": _chat_of(one, value),
            "status": _TICKS[status],
            "at": _moment(one["timestamp"]),
            "client_ref": _client_ref(one.get("biz_opaque_callback_data"), failed=status == "failed"),
            "code": "" if code is None else str(code),
            "error": "" if status != "failed" else reason_of(int(code or 0)),
            "category": str(pricing.get("category") or "").lower(),
            "billable": pricing.get("billable") is True,
        }
    ]


def _client_ref(echoed: Any, *, failed: bool) -> str | None:
    if not isinstance(echoed, str) or not echoed:
        return None
    ref, mark, _ = echoed.partition(PART_MARK)
    return ref if failed or not mark else None


def _chat_of(one: Json, value: Json) -> str:
    if one.get("recipient_type") == "group":
        return f"g:{one['recipient_id']}"
    who = _contact(value, one.get("recipient_id"), one.get("recipient_user_id"))
    return _addresses(one.get("recipient_id") or who.get("wa_id"), one.get("recipient_user_id"))[0]


def _identity(one: Json) -> list[Json]:
    """Somebody's new number or id: both are the same person."""
    system = one["system"]
    if system["type"] not in _CHANGES:
        return []
    if system["type"] == "user_changed_user_id":
        pair = {"addr": f"b:{system['user_id']}", "also": f"b:{system['previous_user_id']}"}
    else:
        new = system.get("wa_id") or system.get("new_wa_id")
        pair = {"addr": _phone(new), "also": _phone(system.get("customer") or one["from"])}
    head = {"kind": "identity", "event_id": f"identity:{one['id']}", "at": _moment(one["timestamp"])}
    return [head | pair]


def _contact(value: Json, phone: Any, user_id: Any) -> Json:
    """Whom of `contacts` a message is of: by either address, or the only one there is."""
    contacts = [one for one in _list(value, "contacts") if isinstance(one, dict)]
    mine = [one for one in contacts if _same(one.get("wa_id"), phone) or _same(one.get("user_id"), user_id)]
    return (mine or (contacts if len(contacts) == 1 else []) or [{}])[0]


def _same(one: Any, other: Any) -> bool:
    return bool(one) and one == other


def _name(who: Json) -> str:
    profile = who.get("profile")
    name = (profile.get("name") or profile.get("username")) if isinstance(profile, dict) else ""
    return name if isinstance(name, str) else ""


def _addresses(phone: Any, user_id: Any) -> tuple[str, str | None]:
    """The address to answer to (the phone when it is told) and the other one. Raises: ValueError with neither."""
    own = f"b:{user_id}" if isinstance(user_id, str) and user_id else None
    if phone:
        return _phone(phone), own
    if own is None:
        raise ValueError("nobody wrote this")
    return own, None


def _phone(value: Any) -> str:
    digits = str(value).lstrip("+")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"not a phone: {value!r:.40}")
    return f"p:{digits}"


def _id(value: Any) -> str:
    if not isinstance(value, str | int) or not str(value):
        raise ValueError(f"not an id: {value!r:.40}")
    return str(value)


def _moment(value: Any) -> str:
    return datetime.fromtimestamp(int(value), UTC).isoformat()


_READERS: Mapping[str, Callable[[Any, Any], list[Json]]] = {
    "messages": _message,
    "message_echoes": _echo,
    "statuses": _status,
}
