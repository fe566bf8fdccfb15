"""Meta's WhatsApp Cloud API: one number of the company, over the Graph API.

Messages come by webhook, so whoever has the web view keeps each body and gives them back through an `Inlet`. Nothing
is linked here: a number is in order when its token is. There are no groups (Meta keeps them for verified businesses).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Protocol

import httpx

from integrations.diagnosis import refusal
from integrations.errors import (
    BadCredentials,
    IntegrationError,
    OutcomeUnknown,
)
from integrations.health import Health
from integrations.http import Wire
from integrations.outbound import OutboundTransport
from integrations.whatsapp.base import (
    AccountBlocked,
    Addr,
    Batch,
    Cap,
    Connection,
    ConnState,
    Content,
    GroupInfo,
    GroupResult,
    MemberOp,
    MemberResult,
    MessageIn,
    RecipientUnknown,
    Sent,
    Unsupported,
)
from integrations.whatsapp.cloud.checking import check_number, state_told
from integrations.whatsapp.cloud.errors import NOT_ALLOWED_IN_TEST, code_of, translate
from integrations.whatsapp.cloud.files import Files
from integrations.whatsapp.cloud.memory import remember
from integrations.whatsapp.cloud.pace import PairRate
from integrations.whatsapp.cloud.reading import events_of
from integrations.whatsapp.cloud.saying import LIMITS, MEGA, PART_MARK, Body, bodies_of
from integrations.whatsapp.cloud.templates import Templates

API = "https://graph.facebook.com"
VERSION = "v26.0"
BODIES_AT_ONCE = 50
UNACKNOWLEDGED = 64
"""Batches whose cursor is still understood."""
REMEMBERED = 10_000
FILE_DEADLINE = 120.0


class Inlet(Protocol):
    """The bodies that the webhook kept, oldest first, until `done` says that their events are stored."""

    def waiting(self, most: int) -> Sequence[tuple[int, bytes]]:
        """(id, raw body) of the oldest `most`; the same ones again until they are done."""
        ...

    def done(self, ids: Iterable[int]) -> None: ...


class CloudTransport:
    """One number. `base_url` is Graph's and `version` its version; `timeout` is seconds for each phase of a call.

    `last_heard` gives the id of the last message of a chat ("" when there is none), which Meta wants for typing;
    without it only what this very object polled is known.
    """

    caps = (
        Cap.QUOTE
        | Cap.BUTTONS
        | Cap.LISTS
        | Cap.TEMPLATES
        | Cap.TYPING
        | Cap.TYPING_READS
        | Cap.READ_RECEIPTS
        | Cap.DELIVERY_STATUS
        | Cap.BSUID
        | Cap.METERED
        | Cap.CLIENT_REF_ECHO
    )
    limits = LIMITS

    def __init__(
        self,
        *,
        number_id: str,
        token: str,
        account_id: str = "",
        base_url: str = API,
        version: str = VERSION,
        timeout: float = 20.0,
        inlet: Inlet | None = None,
        last_heard: Callable[[Addr], str] | None = None,
        pace: PairRate | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._number_id, self._account_id = number_id, account_id

        def wire(deadline: float, largest: int) -> Wire:
            return Wire(
                f"{base_url.rstrip('/')}/{version}/",
                timeout=timeout,
                headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
                translate=lambda response: translate(response) or refusal(response),
                transport=transport or OutboundTransport(deadline=deadline, largest=largest),
            )

        self._wire = wire(3 * timeout, 4 * MEGA)
        self._files = Files(wire(FILE_DEADLINE, 100 * MEGA), base_url, number_id)
        self._inlet, self._pace = inlet, pace or PairRate()
        self._last_heard = last_heard or (lambda chat: self._heard.get(chat.key, ""))
        self._heard: dict[str, str] = {}
        self._handed: dict[str, tuple[int, ...]] = {}
        self._halfway: dict[tuple[str, str], list[Body]] = {}
        self._forms: dict[str, str] = {}
        self.templates = Templates(self._wire, account_id)

    # --- what arrives -----------------------------------------------------------------------------
    def poll(self, cursor: str | None) -> Batch:
        """The events of the bodies that wait, oldest first. `cursor` names the bodies of the batch it came with.

        One that this object did not give (the process began again) acknowledges nothing: those bodies are read again,
        with the same event ids.
        """
        if self._inlet is None:
            return Batch((), cursor or "")
        if cursor in self._handed:
            self._inlet.done(self._handed.pop(cursor))
        waiting = self._inlet.waiting(BODIES_AT_ONCE)
        if not waiting:
            return Batch((), cursor or "")
        ids = tuple(body_id for body_id, _ in waiting)
        token = f"{ids[-1]}:{sha256(repr(ids).encode()).hexdigest()[:16]}"
        remember(self._handed, token, ids, UNACKNOWLEDGED)
        events = [event for _, body in waiting for event in events_of(body, number_id=self._number_id)]
        for event in events:
            if isinstance(event, MessageIn) and not event.from_me:
                remember(self._heard, event.chat.key, event.message_id, REMEMBERED)
        return Batch(tuple(sorted(events, key=lambda event: event.at)), token)

    def fetch_media(self, handle: str, *, max_bytes: int = 16 * MEGA) -> bytes:
        """The bytes of a file that arrived less than seven days ago. Raises: NotFound, Rejected when larger…"""
        return self._files.fetch(handle, most=max_bytes)

    # --- what leaves ------------------------------------------------------------------------------
    def send(self, to: Addr, content: Content, *, quote_id: str | None = None, client_ref: str = "") -> Sent:
        """Send, in as many messages as it needs; the id is the last one's, whose ticks are the whole's.

        Where a part fails after another left, it is OutcomeUnknown whatever the reason (nobody repeats that by
        himself), and the same `client_ref` to the same chat goes on from the part that failed, while this object lives.
        Raises: TooFastForOne, WindowClosed, RecipientUnknown, OptedOut, Unsupported, AccountBlocked, OutcomeUnknown…
        """
        _reachable(to)
        bodies = bodies_of(content, self._files.upload)
        out = self._already_out((to.key, client_ref), bodies)
        self._pace.take(to.key, len(bodies) - out)
        answer: Any = None
        for place, body in enumerate(bodies[out:], start=out):
            head = _head(client_ref, place, len(bodies), quote_id)
            try:
                answer = self._deliver(to, head | body)
            except IntegrationError as error:
                if place == 0:
                    raise
                if client_ref:
                    remember(self._halfway, (to.key, client_ref), bodies[:place], REMEMBERED)
                raise _in_part(place, len(bodies), error) from error
        self._halfway.pop((to.key, client_ref), None)
        return Sent(_id_of(answer), datetime.now(UTC))

    def _already_out(self, key: tuple[str, str], bodies: list[Body]) -> int:
        """How many of these left before the last failure."""
        out = self._halfway.get(key, [])
        return len(out) if out == bodies[: len(out)] else 0

    def _deliver(self, to: Addr, request: Body) -> Any:
        """One message. An Argentine number that a test number's list has without its 9 is asked for once without it."""
        try:
            return self._post(self._recipient(to) | request)
        except RecipientUnknown as error:
            other = _other_form(to)
            if code_of(error) != NOT_ALLOWED_IN_TEST or not other or to.value in self._forms:
                raise
            answer = self._post({"to": other} | request)
            remember(self._forms, to.value, other, REMEMBERED)
            return answer

    def _recipient(self, to: Addr) -> Body:
        return {"recipient": to.value} if to.kind == "bsuid" else {"to": self._forms.get(to.value, to.value)}

    def _post(self, request: Body) -> Any:
        base = {"messaging_product": "whatsapp", "recipient_type": "individual"}
        return self._wire.write_json("POST", f"{self._number_id}/messages", json=base | request)

    def typing(self, chat: Addr, *, on: bool = True) -> None:
        """«Escribiendo…» until the answer, 25 s at most; it marks what they wrote as read. It cannot be stopped."""
        _reachable(chat)
        last = self._last_heard(chat)
        if on and last:
            self._says_read(last, typing_indicator={"type": "text"})

    def mark_read(self, chat: Addr, message_ids: Sequence[str]) -> None:
        """The last of them: Meta marks the ones before it as well."""
        _reachable(chat)
        if message_ids:
            self._says_read(message_ids[-1])

    def _says_read(self, message_id: str, **more: Any) -> None:
        body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
        self._wire.ask_json(f"{self._number_id}/messages", json=body | more)

    # --- the number -------------------------------------------------------------------------------
    def state(self) -> Connection:
        """How Meta has the number now. Raises: Unavailable when Meta does not answer."""
        try:
            return state_told(self._wire, self._number_id)
        except AccountBlocked:
            return Connection(ConnState.RESTRICTED)
        except BadCredentials:
            return Connection(ConnState.AUTH_ERROR)

    def check(self) -> Health:
        """«Probar conexión»: the number, and whether it is of that account. Never raises."""
        return check_number(self._wire, self._number_id, self._account_id)

    def close(self) -> None:
        """Free the connections."""
        self._wire.close()
        self._files.close()

    # --- what there is not --------------------------------------------------------------------------
    def begin_pairing(self, phone: str = "") -> Connection:
        """Raises: Unsupported, always: the number is set up in Meta's pages."""
        raise Unsupported("the Cloud API links nothing")

    def logout(self) -> None:
        """Raises: Unsupported, always."""
        raise Unsupported("the Cloud API links nothing")

    def create_group(self, name: str, members: Sequence[Addr], *, client_ref: str = "") -> GroupResult:
        """Raises: Unsupported, always; as do the other verbs of groups."""
        raise _no_groups()

    def change_members(self, group: Addr, op: MemberOp, members: Sequence[Addr]) -> list[MemberResult]:
        raise _no_groups()

    def group_info(self, group: Addr) -> GroupInfo:
        raise _no_groups()

    def list_groups(self) -> list[GroupInfo]:
        raise _no_groups()

    def leave_group(self, group: Addr) -> None:
        raise _no_groups()

    def invite_link(self, group: Addr) -> str:
        raise _no_groups()


def _no_groups() -> Unsupported:
    return Unsupported("no groups here", staff_text="El canal oficial de WhatsApp no tiene grupos.")


def _reachable(addr: Addr) -> None:
    if addr.is_group:
        raise _no_groups()
    if addr.kind not in ("phone", "bsuid"):
        raise Unsupported(f"{addr.kind} is not of this network")


def _head(client_ref: str, place: int, parts: int, quote_id: str | None) -> Body:
    """What goes with a part: the quote with the first, the bare reference with the last."""
    head: Body = {"context": {"message_id": quote_id}} if quote_id and place == 0 else {}
    if client_ref:
        mark = "" if place == parts - 1 else f"{PART_MARK}{place + 1}/{parts}"
        head["biz_opaque_callback_data"] = f"{client_ref}{mark}"
    return head


def _in_part(place: int, parts: int, error: IntegrationError) -> OutcomeUnknown:
    text = f"Salieron {place} de {parts} partes. {error.staff_text}"
    return OutcomeUnknown(f"part {place + 1} of {parts}: {error}", staff_text=text)


def _id_of(answer: Any) -> str:
    """Raises: OutcomeUnknown when the answer is not Meta's."""
    try:
        message_id = answer["messages"][0]["id"]
    except (KeyError, TypeError, IndexError) as error:
        raise OutcomeUnknown(f"unexpected answer: {answer!r:.100}") from error
    if not isinstance(message_id, str) or not message_id:
        raise OutcomeUnknown(f"a message without its id: {answer!r:.100}")
    return message_id


def _other_form(to: Addr) -> str:
    """An Argentine mobile without its 9, or with it; "" for any other address."""
    if to.kind != "phone" or not to.value.startswith("54"):
        return ""
    if to.value.startswith("549") and len(to.value) == 13:
        return f"54{to.value[3:]}"
    return f"549{to.value[2:]}" if len(to.value) == 12 else ""
