"""What the network tells us, as frozen dataclasses that survive as JSON (an InboxEvent's payload is `to_json`).

Standard library only. Every event has `event_id`, the same each time the network delivers that event again:
it is the external id under which the inbox ignores repetitions.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal, get_args

from integrations.whatsapp.content import Addr, Location, MediaKind

Tick = Literal["sent", "delivered", "read", "failed"]
GroupChange = Literal["joined", "left", "promoted", "demoted", "renamed"]
ADDRESS_MAX = 60
PHONE_MAX = 20


class ConnState(StrEnum):
    """Where the link to the network stands. `label` is what staff read."""

    NEW = "new"
    PAIRING = "pairing"
    CONNECTING = "connecting"
    ONLINE = "online"
    RECONNECTING = "reconnecting"
    LOGGED_OUT = "logged_out"
    REPLACED = "replaced"
    TEMP_BANNED = "temp_banned"
    REACHOUT_LOCKED = "reachout_locked"
    OUTDATED = "outdated"
    AUTH_ERROR = "auth_error"
    RESTRICTED = "restricted"
    STOPPED = "stopped"

    @property
    def label(self) -> str:
        return _STATE_LABELS[self]


_STATE_LABELS = {
    ConnState.NEW: "SIN VINCULAR",
    ConnState.PAIRING: "ESPERANDO QR",
    ConnState.CONNECTING: "CONECTANDO",
    ConnState.ONLINE: "CONECTADO",
    ConnState.RECONNECTING: "RECONECTANDO",
    ConnState.LOGGED_OUT: "DESCONECTADO",
    ConnState.REPLACED: "ABIERTO EN OTRO LADO",
    ConnState.TEMP_BANNED: "SUSPENDIDO UN TIEMPO",
    ConnState.REACHOUT_LOCKED: "SÓLO RESPONDE",
    ConnState.OUTDATED: "VERSIÓN VIEJA",
    ConnState.AUTH_ERROR: "CLAVE RECHAZADA",
    ConnState.RESTRICTED: "RESTRINGIDO",
    ConnState.STOPPED: "DETENIDO",
}


@dataclass(frozen=True, slots=True)
class MediaIn:
    """A file that arrived; `handle` is what `Transport.fetch_media` takes. `size` in bytes."""

    handle: str
    kind: MediaKind
    filename: str
    mimetype: str
    size: int
    voice: bool = False


@dataclass(frozen=True, slots=True)
class MessageIn:
    """Somebody wrote. `chat` is the group, or the person in a private chat; `text` is also a media's caption.
    What they sent that the port has no field for (a sticker, a poll, a contact's card) is a message without content.

    `sender_alt` is the sender's other address when the network told it. `from_me` is our own number writing
    from another device. `choice_id` is the option of a button or list. `replayed` is what was said while our number
    was away, told now.
    """

    kind: ClassVar[str] = "message"
    event_id: str
    message_id: str
    chat: Addr
    sender: Addr
    at: datetime
    text: str = ""
    sender_name: str = ""
    sender_alt: Addr | None = None
    media: MediaIn | None = None
    location: Location | None = None
    choice_id: str | None = None
    quoted_id: str | None = None
    is_group: bool = False
    from_me: bool = False
    is_status_broadcast: bool = False
    is_bot: bool = False
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class StatusIn:
    """A tick for a message of ours. `client_ref` when the network echoes it.

    `error` is what staff read of a failure, `code` the network's own. Where messages are paid for, `category`
    (service, utility, marketing, authentication) and whether this one is billed.
    """

    kind: ClassVar[str] = "status"
    event_id: str
    message_id: str
    chat: Addr
    status: Tick
    at: datetime
    client_ref: str | None = None
    error: str = ""
    code: str = ""
    category: str = ""
    billable: bool = False


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The link changed. `until` is when a ban or restriction ends, if told."""

    kind: ClassVar[str] = "state"
    event_id: str
    state: ConnState
    at: datetime
    reason: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class QrCode:
    """A new QR text to show. It renews by itself; only the last one counts."""

    kind: ClassVar[str] = "qr"
    event_id: str
    data: str
    at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """Members of a group changed. `me` says that it is about our own number (`members` is then empty)."""

    kind: ClassVar[str] = "group"
    event_id: str
    group: Addr
    change: GroupChange
    at: datetime
    members: tuple[Addr, ...] = ()
    me: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class IdentityLearned:
    """Two addresses are the same person."""

    kind: ClassVar[str] = "identity"
    event_id: str
    addr: Addr
    also: Addr
    at: datetime


@dataclass(frozen=True, slots=True)
class Unknown:
    """What the port has no word for (a reaction, a call, a deleted message): kept raw, answered by nobody."""

    kind: ClassVar[str] = "unknown"
    event_id: str
    payload: Mapping[str, Any]
    at: datetime


Event = MessageIn | StatusIn | StateChanged | QrCode | GroupChanged | IdentityLearned | Unknown

_TYPES: dict[str, type[Any]] = {
    one.kind: one for one in (MessageIn, StatusIn, StateChanged, QrCode, GroupChanged, IdentityLearned, Unknown)
}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"malformed event: not a text: {value!r:.60}")
    return value


def _address(value: Any) -> Addr:
    addr = Addr.parse(_text(value))
    digits = addr.value.isascii() and addr.value.isdigit() and len(addr.value) <= PHONE_MAX
    if len(addr.value) > ADDRESS_MAX or (addr.kind == "phone" and not digits):
        raise ValueError(f"not an address: {value!r:.80}")
    return addr


def _person(value: Any) -> Addr:
    addr = _address(value)
    if addr.is_group:
        raise ValueError(f"malformed event: a group is nobody: {value!r}")
    return addr


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError(f"malformed event: a time without its zone: {value!r}")
    return moment


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"malformed event: not a yes or no: {value!r:.60}")
    return value


def _one_of(*known: str) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if value not in known:
            raise ValueError(f"malformed event: {value!r:.60}")
        return value

    return read


def _media(value: Mapping[str, Any]) -> MediaIn:
    media = MediaIn(**value)
    for text in (media.handle, media.filename, media.mimetype):
        _text(text)
    _one_of(*get_args(MediaKind))(media.kind)
    return media


def _place(value: Mapping[str, Any]) -> Location:
    place = Location(**value)
    for degrees, most in ((place.latitude, 90), (place.longitude, 180)):
        if isinstance(degrees, bool) or not math.isfinite(degrees) or abs(degrees) > most:
            raise ValueError(f"malformed event: no such place: {degrees!r:.60}")
    _text(place.name), _text(place.address)
    return place


_TEXTS = (
    *("event_id", "message_id", "text", "sender_name", "choice_id", "quoted_id"),
    *("client_ref", "error", "code", "category", "reason", "data", "name"),
)
_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(("chat", "group"), _address),
    **dict.fromkeys(("sender", "sender_alt", "addr", "also"), _person),
    **dict.fromkeys(("at", "until", "expires_at"), _moment),
    **dict.fromkeys(("is_group", "from_me", "is_status_broadcast", "is_bot", "replayed", "billable", "me"), _flag),
    "members": lambda keys: tuple(_person(key) for key in keys),
    "state": ConnState,
    "status": _one_of(*get_args(Tick)),
    "change": _one_of(*get_args(GroupChange)),
    "media": _media,
    "location": _place,
    "payload": dict,
}


def to_json(event: Event) -> dict[str, Any]:
    """A dict of strings, numbers and lists, with `kind` first. Defaults are left out: rows stay small."""
    values = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    defaults = {field.name: field.default for field in dataclasses.fields(event)}
    told = {name: _plain(value) for name, value in values.items() if value != defaults[name]}
    return {"kind": event.kind} | told


def event_from_json(payload: Mapping[str, Any]) -> Event:
    """The inverse of `to_json`; unknown keys are ignored.

    Raises: ValueError for an unknown kind, a missing field or a value of another type than the field's.
    """
    cls = _TYPES.get(str(payload.get("kind")))
    if cls is None:
        raise ValueError(f"unknown event kind: {payload.get('kind')!r}")
    names = {field.name for field in dataclasses.fields(cls)}
    try:
        values = {
            name: _READERS[name](value) if name in _READERS and value is not None else value
            for name, value in payload.items()
            if name in names
        }
        event: Event = cls(**values)
        absent = [field.name for field in dataclasses.fields(cls) if field.default is not None]
        if any(getattr(event, name) is None for name in absent):
            raise ValueError(f"malformed event: a field is null: {absent}")
    except (TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"malformed event: {error}") from error
    return event


def _plain(value: Any) -> Any:
    if isinstance(value, Addr):
        return value.key
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, MediaIn | Location):
        return dataclasses.asdict(value)
    return value
