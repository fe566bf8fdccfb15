"""The WhatsApp port. The bot knows this file and nothing of what is behind it. Standard library only.

What is said and to whom is in `content.py`, what arrives in `events.py`; all of it is offered from here.
Errors, under `integrations/errors.py`:

    Unavailable      ── NotConnected           not linked, or the link is down: wait for StateChanged
    Throttled        ── GroupCreationLimited   «unknown error»: WhatsApp limits new groups
                     ├─ TooFastForOne          that person gets too many: the rest of the queue goes on
                     ├─ ReachoutLocked(until)  may answer open chats, may not open new ones
                     └─ TemporaryBan(until)    nothing leaves before `until`
    Rejected         ── RecipientUnknown       that address is not on WhatsApp
                     ├─ GroupAddRefused        privacy: this person must be invited by link
                     ├─ NotInGroup             our number was removed from the group
                     ├─ WindowClosed           24 hours since they wrote: only a template may be sent
                     ├─ OptedOut               that person asked the network for no marketing of ours
                     └─ Unsupported            the transport cannot do this (look at `caps` first)
    BadCredentials   ── AccountBlocked         the network closed or restricted the number: a person must look
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Flag, auto
from typing import Literal, Protocol

from integrations.errors import BadCredentials, Rejected, Throttled, Unavailable
from integrations.whatsapp.content import (
    Addr,
    AddrKind,
    Content,
    Location,
    Media,
    MediaKind,
    Menu,
    Option,
    Template,
    Text,
    menu_text,
)
from integrations.whatsapp.events import (
    ConnState,
    Event,
    GroupChanged,
    IdentityLearned,
    MediaIn,
    MessageIn,
    QrCode,
    StateChanged,
    StatusIn,
    Tick,
    Unknown,
    event_from_json,
    to_json,
)

__all__ = [
    "AccountBlocked",
    "Addr",
    "AddrKind",
    "Batch",
    "Cap",
    "ConnState",
    "Connection",
    "Content",
    "Event",
    "GroupAddRefused",
    "GroupChanged",
    "GroupCreationLimited",
    "GroupInfo",
    "GroupResult",
    "IdentityLearned",
    "Limits",
    "Location",
    "Media",
    "MediaIn",
    "MediaKind",
    "Member",
    "MemberOp",
    "MemberResult",
    "Menu",
    "MessageIn",
    "NotConnected",
    "NotInGroup",
    "OptedOut",
    "Option",
    "QrCode",
    "ReachoutLocked",
    "RecipientUnknown",
    "Sent",
    "StateChanged",
    "StatusIn",
    "Template",
    "TemporaryBan",
    "Text",
    "Tick",
    "TooFastForOne",
    "Transport",
    "Unknown",
    "Unsupported",
    "WindowClosed",
    "event_from_json",
    "menu_text",
    "to_json",
]

MemberOp = Literal["add", "remove", "promote", "demote"]
MemberStatus = Literal["ok", "needs_invite", "not_on_whatsapp", "error"]


class Cap(Flag):
    """What a transport can do. Callers ask with `Cap.GROUPS in transport.caps`."""

    QR_LINK = auto()
    PAIR_CODE = auto()
    """Can be linked by typing eight characters on the phone instead of scanning."""
    GROUPS = auto()
    GROUP_ADMIN = auto()
    INVITE_LINK = auto()
    QUOTE = auto()
    BUTTONS = auto()
    LISTS = auto()
    TEMPLATES = auto()
    TYPING = auto()
    TYPING_READS = auto()
    """There is no «escribiendo…» without marking what they wrote as read."""
    READ_RECEIPTS = auto()
    DELIVERY_STATUS = auto()
    LID = auto()
    BSUID = auto()
    FREEFORM_ANYTIME = auto()
    """Anything may be sent to anybody at any time; without it only a template, 24 hours after they last wrote."""
    METERED = auto()
    """Each message delivered is paid for (`StatusIn.category`)."""
    CLIENT_REF_ECHO = auto()
    IDEMPOTENT_SEND = auto()
    """A repeated `client_ref` is not sent again: an UNCERTAIN message may be sent again at once."""
    ANTIBAN = auto()
    """The number can be banned for its behaviour: the cautious policy applies."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Lengths in characters, sizes in bytes, times in seconds."""

    text_max: int = 4096
    caption_max: int = 1024
    group_name_max: int = 100
    group_members_max: int = 1024
    media_max: Mapping[str, int] = field(default_factory=dict)
    menu_body_max: int = 4096
    buttons_max: int = 0
    button_title_max: int = 0
    list_rows_max: int = 0
    row_title_max: int = 0
    row_description_max: int = 0
    min_gap_per_chat_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Sent:
    """The network took it. `id` is what ticks and quotes will name."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """Events in order, and the cursor that acknowledges them when given to the next `poll`."""

    events: tuple[Event, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class Connection:
    """State now. `qr` is the text to show while linking, `code` what is typed on the phone instead (PAIR_CODE), good
    until `expires_at`; `me` our own number once linked."""

    state: ConnState
    qr: str = ""
    me: Addr | None = None
    until: datetime | None = None
    code: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MemberResult:
    """How a change went for one person."""

    member: Addr
    status: MemberStatus = "ok"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a group. `alt` is the other address when the network tells it."""

    addr: Addr
    admin: bool = False
    alt: Addr | None = None


@dataclass(frozen=True, slots=True)
class GroupInfo:
    """A group as the network has it; our own number is not in `members`."""

    group: Addr
    name: str
    members: tuple[Member, ...] = ()
    me_admin: bool = False


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A new group, and who could not be put in."""

    group: Addr
    members: tuple[MemberResult, ...] = ()


class Transport(Protocol):
    """One WhatsApp number. Built without touching the network; every call may raise `integrations.errors`.

    A transport is used by two threads at most: one polls, one sends.
    """

    caps: Cap
    limits: Limits

    def poll(self, cursor: str | None) -> Batch:
        """What arrived after `cursor`, at once, perhaps nothing. `cursor` acknowledges all before it, so give it
        only when those events are stored. None goes on from the last acknowledged event."""
        ...

    def send(self, to: Addr, content: Content, *, quote_id: str | None = None, client_ref: str = "") -> Sent:
        """Send one message. `client_ref` names it for CLIENT_REF_ECHO and IDEMPOTENT_SEND.

        Raises: RecipientUnknown, NotInGroup, TemporaryBan, ReachoutLocked, NotConnected, OutcomeUnknown…
        """
        ...

    def create_group(self, name: str, members: Sequence[Addr], *, client_ref: str = "") -> GroupResult:
        """Create a group with our number as its admin. With IDEMPOTENT_SEND a repeated `client_ref` gives the same
        group. Raises: GroupCreationLimited, OutcomeUnknown."""
        ...

    def change_members(self, group: Addr, op: MemberOp, members: Sequence[Addr]) -> list[MemberResult]:
        """Add, remove, promote or demote; repeating it does no harm. One result a member, in order."""
        ...

    def group_info(self, group: Addr) -> GroupInfo:
        """Raises: NotInGroup when we are not in it (any more)."""
        ...

    def list_groups(self) -> list[GroupInfo]:
        """Every group our number is in: how an interrupted creation is found again."""
        ...

    def leave_group(self, group: Addr) -> None: ...

    def invite_link(self, group: Addr) -> str: ...

    def typing(self, chat: Addr, *, on: bool = True) -> None:
        """Show «escribiendo…» for some seconds, or stop."""
        ...

    def mark_read(self, chat: Addr, message_ids: Sequence[str]) -> None: ...

    def state(self) -> Connection: ...

    def begin_pairing(self, phone: str = "") -> Connection:
        """Ask for a QR, or with PAIR_CODE for a code for that `phone` (E.164 digits). Harmless when linked."""
        ...

    def logout(self) -> None:
        """Unlink the number from this side."""
        ...

    def fetch_media(self, handle: str, *, max_bytes: int = 16 * 1024 * 1024) -> bytes:
        """The bytes of a `MediaIn`. Raises: NotFound when it expired, Rejected when larger than `max_bytes`."""
        ...

    def close(self) -> None:
        """Free sockets and threads; the number stays linked."""
        ...


class NotConnected(Unavailable):
    """Not linked or not reachable now. Retry: when StateChanged says ONLINE."""

    staff_text = "WhatsApp no está conectado. El mensaje espera."


class _Until(Throttled):
    """A wait with an end the network told; `now` is for tests."""

    def __init__(self, message: str = "", *, until: datetime, now: datetime | None = None) -> None:
        super().__init__(message, after=max(until - (now or datetime.now(UTC)), timedelta(0)))
        self.until = until


class TemporaryBan(_Until):
    """WhatsApp suspended the number until `until`. Retry: then, slowly."""

    staff_text = "WhatsApp suspendió el número por un tiempo. Se retoma solo."


class ReachoutLocked(_Until):
    """Only open chats may be answered until `until` (WhatsApp's 463)."""

    staff_text = "WhatsApp no deja escribir a contactos nuevos por ahora."


class TooFastForOne(Throttled):
    """This person gets more than the network lets through (the official API's pair rate). Retry: after `after`."""

    staff_text = "WhatsApp pide ir más despacio con esta persona. Se reintenta solo."


class GroupCreationLimited(Throttled):
    """WhatsApp's «unknown error» for too many new groups. Retry: after some minutes."""

    staff_text = "WhatsApp limita la creación de grupos («unknown error»). Se reintenta en unos minutos."


class RecipientUnknown(Rejected):
    """That address is not on WhatsApp."""

    staff_text = "Ese número no tiene WhatsApp."


class GroupAddRefused(Rejected):
    """Privacy settings: the person must be invited by link."""

    staff_text = "Esa persona no permite que la agreguen a grupos. Mandale el enlace de invitación."


class NotInGroup(Rejected):
    """Our number is not in the group (any more)."""

    staff_text = "El número del bot ya no está en ese grupo."


class WindowClosed(Rejected):
    """They have not written for 24 hours: only a template may be sent."""

    staff_text = "Pasaron más de 24 horas desde su último mensaje: por este canal solo se puede mandar una plantilla."


class OptedOut(Rejected):
    """They asked WhatsApp for no more marketing of this business."""

    staff_text = "Esa persona pidió a WhatsApp no recibir promociones de este número."


class AccountBlocked(BadCredentials):
    """WhatsApp closed or restricted the number. Retry: after a person settled it with WhatsApp."""

    staff_text = "WhatsApp restringió este número. Hay que resolverlo con WhatsApp."


class Unsupported(Rejected):
    """The transport has no such thing; `caps` says so beforehand."""

    staff_text = "Este canal de WhatsApp no permite eso."
