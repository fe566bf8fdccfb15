"""The stand-in network, profile "qr": over its HTTP API, as neonize would speak to WhatsApp.

The network keeps each event until it is acknowledged by the next poll's cursor, and refuses a repeated
`client_ref` by answering with the message (or group) it made the first time.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

import httpx

from integrations.errors import IntegrationError, OutcomeUnknown, Rejected, Throttled, Unavailable
from integrations.http import Wire
from integrations.registry import Provider
from integrations.whatsapp.base import (
    Addr,
    Batch,
    Cap,
    Connection,
    ConnState,
    Content,
    Event,
    GroupCreationLimited,
    GroupInfo,
    GroupResult,
    Limits,
    Location,
    Media,
    Member,
    MemberOp,
    MemberResult,
    Menu,
    NotConnected,
    NotInGroup,
    QrCode,
    ReachoutLocked,
    RecipientUnknown,
    Sent,
    Template,
    TemporaryBan,
    Text,
    menu_text,
)
from integrations.whatsapp.told import told

MEGA = 1024 * 1024
GROUP_WAIT = timedelta(seconds=90)
"""WhatsApp's own advice after «unknown error»: one or two minutes."""
LOCK_WAIT = timedelta(hours=24)
T = TypeVar("T")


class SimulatorTransport:
    """One number of the stand-in network at `url` (scheme, host and port).

    `refuses_repeats` is whether that network was set up to send a repeated `client_ref` only once.
    """

    caps = (
        Cap.QR_LINK
        | Cap.GROUPS
        | Cap.GROUP_ADMIN
        | Cap.INVITE_LINK
        | Cap.QUOTE
        | Cap.TYPING
        | Cap.READ_RECEIPTS
        | Cap.DELIVERY_STATUS
        | Cap.LID
        | Cap.FREEFORM_ANYTIME
        | Cap.CLIENT_REF_ECHO
        | Cap.IDEMPOTENT_SEND
    )
    limits = Limits(
        text_max=65_536,
        group_name_max=100,
        media_max=dict.fromkeys(("image", "audio", "video", "document"), 16 * MEGA),
    )

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 10.0,
        refuses_repeats: bool = True,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if not refuses_repeats:
            self.caps &= ~Cap.IDEMPOTENT_SEND
        self._wire = Wire(
            f"{url.rstrip('/')}/simulator/api", timeout=timeout, translate=_translate, transport=transport
        )
        self._last_qr = ""

    def poll(self, cursor: str | None) -> Batch:
        """Events after the cursor, and a QrCode whenever it renewed."""
        answer = self._wire.read_json("/network/poll", params={"after": cursor} if cursor else {})
        return _understood(lambda: self._batch(answer), Unavailable)

    def _batch(self, answer: Mapping[str, Any]) -> Batch:
        events: list[Event] = [told(payload) for payload in answer["events"]]
        qr = str(answer["qr"] or "")
        if qr and qr != self._last_qr:
            digest = sha256(qr.encode()).hexdigest()[:24]
            events.append(QrCode(event_id=f"qr:{digest}", data=qr, at=datetime.now(UTC)))
        self._last_qr = qr
        return Batch(tuple(events), str(answer["cursor"]))

    def send(self, to: Addr, content: Content, *, quote_id: str | None = None, client_ref: str = "") -> Sent:
        """Send one message; with IDEMPOTENT_SEND the same `client_ref` again gives the same id and sends nothing."""
        body = _body(content) | {"to": to.key, "quoted_id": quote_id, "client_ref": client_ref or None}
        answer = self._wire.write_json("POST", "/network/send", json=body)
        return _understood(lambda: Sent(str(answer["id"]), datetime.fromisoformat(answer["at"])), OutcomeUnknown)

    def create_group(self, name: str, members: Sequence[Addr], *, client_ref: str = "") -> GroupResult:
        """Create a group. Raises: GroupCreationLimited for the network's «unknown error»."""
        body = {"name": name, "members": [member.key for member in members], "client_ref": client_ref or None}
        answer = self._wire.write_json("POST", "/network/groups", json=body)
        return _understood(
            lambda: GroupResult(Addr.parse(answer["group"]), tuple(_results(answer["members"]))), OutcomeUnknown
        )

    def change_members(self, group: Addr, op: MemberOp, members: Sequence[Addr]) -> list[MemberResult]:
        """Repeating it does no harm."""
        body = {"op": op, "members": [member.key for member in members]}
        answer = self._wire.write_json("POST", f"/network/groups/{group.value}/members", json=body)
        return _understood(lambda: _results(answer["members"]), OutcomeUnknown)

    def group_info(self, group: Addr) -> GroupInfo:
        """Raises: NotInGroup."""
        answer = self._wire.read_json(f"/network/groups/{group.value}")
        return _understood(lambda: _group(answer), Unavailable)

    def list_groups(self) -> list[GroupInfo]:
        """Every group the number is in."""
        answer = self._wire.read_json("/network/groups")
        return _understood(lambda: [_group(one) for one in answer], Unavailable)

    def leave_group(self, group: Addr) -> None:
        """Leave; out already is fine."""
        self._wire.write("POST", f"/network/groups/{group.value}/leave", json={})

    def invite_link(self, group: Addr) -> str:
        """The link that lets somebody in."""
        answer = self._wire.read_json(f"/network/groups/{group.value}/invite")
        return _understood(lambda: str(answer["link"]), Unavailable)

    def typing(self, chat: Addr, *, on: bool = True) -> None:
        """Show or hide «escribiendo…»."""
        self._wire.write("POST", "/network/typing", json={"chat": chat.key, "on": on})

    def mark_read(self, chat: Addr, message_ids: Sequence[str]) -> None:
        """Two blue ticks for their writers."""
        self._wire.write("POST", "/network/read", json={"chat": chat.key, "ids": list(message_ids)})

    def state(self) -> Connection:
        """The link now."""
        return _connection(self._wire.read_json("/network/state"))

    def begin_pairing(self, phone: str = "") -> Connection:
        """Ask for a QR; there is no other way."""
        return _connection(self._wire.write_json("POST", "/network/pair", json={}))

    def logout(self) -> None:
        """Unlink the number."""
        self._wire.write("POST", "/network/logout", json={})

    def fetch_media(self, handle: str, *, max_bytes: int = 16 * MEGA) -> bytes:
        """The bytes of an attachment. Raises: NotFound, Rejected when too large."""
        data = self._wire.read(f"/media/{handle}").content
        if len(data) > max_bytes:
            raise Rejected(f"{len(data)} bytes", staff_text="El archivo es demasiado grande.")
        return data

    def close(self) -> None:
        """Free the connections."""
        self._wire.close()


def _body(content: Content) -> dict[str, Any]:
    match content:
        case Text(body) | Template(body=body):
            return {"text": body}
        case Menu():
            return {"text": menu_text(content)}
        case Location(latitude, longitude, name, address):
            point = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
            return {"media": {"kind": "location"} | point}
        case Media():
            file = {"kind": content.kind, "filename": content.filename, "mimetype": content.mimetype}
            encoded = base64.b64encode(content.read()).decode()
            return {"text": content.caption, "media": file | {"voice": content.voice, "base64": encoded}}


def _results(rows: Sequence[Mapping[str, Any]]) -> list[MemberResult]:
    return [MemberResult(Addr.parse(row["member"]), row["status"], row.get("detail", "")) for row in rows]


def _group(row: Mapping[str, Any]) -> GroupInfo:
    members = tuple(
        Member(Addr.parse(one["addr"]), bool(one["admin"]), Addr.parse(one["alt"]) if one["alt"] else None)
        for one in row["members"]
    )
    return GroupInfo(Addr.parse(row["group"]), str(row["name"]), members, bool(row["me_admin"]))


def _connection(answer: Any) -> Connection:
    return _understood(
        lambda: Connection(
            ConnState(answer["state"]),
            str(answer["qr"] or ""),
            Addr.parse(answer["me"]) if answer["me"] else None,
            datetime.fromisoformat(answer["until"]) if answer["until"] else None,
        ),
        Unavailable,
    )


def _understood(read: Callable[[], T], otherwise: type[IntegrationError]) -> T:
    """Read an answer whose shape is not what we know: after a write, nobody knows what happened."""
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise otherwise(f"unexpected answer: {error!r}") from error


def _translate(response: httpx.Response) -> IntegrationError | None:
    """The network's refusals by their `code`; None leaves the usual meaning of the status."""
    try:
        body = response.json()
    except ValueError:
        return None
    if not isinstance(body, dict):
        return None
    line = str(body.get("error", ""))
    match body.get("code"):
        case "not_connected":
            return NotConnected(line)
        case "temp_ban":
            return TemporaryBan(line, until=datetime.fromisoformat(str(body["until"])))
        case "reachout_locked":
            return ReachoutLocked(line, until=datetime.now(UTC) + LOCK_WAIT)
        case "rate_limit":
            return Throttled(line, after=timedelta(seconds=float(body.get("seconds", 5))))
        case "group_create_error":
            return GroupCreationLimited(line, after=GROUP_WAIT)
        case "recipient_unknown":
            return RecipientUnknown(line)
        case "not_in_group":
            return NotInGroup(line)
        case "refused":
            return Rejected(line)
    return Rejected(line) if response.status_code == 400 else None


def _build(settings: Mapping[str, Any], secrets: Mapping[str, Any]) -> SimulatorTransport:
    return SimulatorTransport(
        str(settings.get("url") or "http://127.0.0.1:8000"), timeout=float(settings.get("timeout", 10))
    )


PROVIDER = Provider(
    name="simulator",
    label="Simulador",
    build=_build,
    help_text="Una red de WhatsApp de mentira, para probar y aprender. No hace falta ningún número.",
)
