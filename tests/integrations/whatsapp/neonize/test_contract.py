"""The contract of every transport, kept by a linked number whose library is the stand-in."""

from collections.abc import Sequence
from itertools import count
from typing import Any, ClassVar

import pytest
from neonize.proto.waE2E import WAWebProtobufsE2E_pb2 as e2e
from neonize.utils.enum import ChatPresence

from integrations.errors import IntegrationError, Rejected, Throttled, Unavailable
from integrations.whatsapp.base import ConnState, Location, NotConnected, Option, ReachoutLocked, RecipientUnknown
from tests.cast import MARIA
from tests.integrations.whatsapp.contract import MENU, Seen, TransportContract, World, ear
from tests.integrations.whatsapp.neonize.number import Number
from tests.integrations.whatsapp.neonize.standin import arrived, jid, receipt, source, until

__all__ = ["ear"]
LINES = {
    Throttled: "server returned error 429",
    RecipientUnknown: f"no LID found for {MARIA.phone}@s.whatsapp.net from server",
    ReachoutLocked: "server returned error 463",
    Rejected: "server returned error 406",
    NotConnected: "websocket not connected",
    Unavailable: "failed to get device list: info query timed out",
}
MARIA_THERE = source(jid(MARIA.phone), jid(MARIA.phone, device=1))


class LinkedWorld:
    """María's phone, in the protobufs of the library."""

    refusals: ClassVar[Sequence[type[IntegrationError]]] = tuple(LINES)

    def __init__(self, number: Number) -> None:
        self._number, self._network, self.transport = number, number.network, number.bot
        self._ids = (f"3EB0MARIA{index}" for index in count(1))
        self._last: Any = None

    def _tells(self, content: Any) -> str:
        self._last = arrived(MARIA_THERE, content, id=next(self._ids))
        self.repeat_last()
        return str(self._last.Info.ID)

    def customer_writes(self, text: str, *, quoting: str | None = None) -> str:
        if quoting is None:
            return self._tells(text)
        context = e2e.ContextInfo(stanzaID=quoting)
        extended = e2e.ExtendedTextMessage(text=text, contextInfo=context)
        return self._tells(e2e.Message(extendedTextMessage=extended))

    def customer_sends_photo(self, data: bytes, caption: str = "") -> str:
        self._network.files[b"photo"] = data
        photo = e2e.ImageMessage(mimetype="image/jpeg", fileLength=len(data), caption=caption, mediaKey=b"photo")
        return self._tells(e2e.Message(imageMessage=photo))

    def customer_shares(self, place: Location) -> str:
        where = {"degreesLatitude": place.latitude, "degreesLongitude": place.longitude, "name": place.name}
        return self._tells(e2e.Message(locationMessage=e2e.LocationMessage(**where)))

    def customer_chooses(self, option: Option) -> None:
        self._tells(str(MENU.options.index(option) + 1))

    def customer_reads(self) -> None:
        ids = [one.id for one in self.seen()]
        for kind in ("DELIVERED", "READ"):
            self._network.tells(receipt(MARIA_THERE, kind, *ids))
        self._network.settles()

    def repeat_last(self) -> None:
        self._network.tells(self._last)
        self._network.settles()

    def seen(self) -> list[Seen]:
        sent = enumerate(self._network.sent, start=1)
        return [self._seen(f"3EB0OURS{index}", message) for index, (to, message) in sent if to.User == MARIA.phone]

    def _seen(self, message_id: str, message: Any) -> Seen:
        ((field, content),) = message.ListFields()
        match field.name:
            case "conversation":
                return Seen(message_id, content)
            case "extendedTextMessage":
                return Seen(message_id, content.text, quoted_id=content.contextInfo.stanzaID)
            case "locationMessage":
                place = Location(content.degreesLatitude, content.degreesLongitude, content.name, content.address)
                return Seen(message_id, location=place)
        return Seen(message_id, getattr(content, "caption", ""), self._network.files[content.mediaKey])

    def sees_typing(self) -> bool:
        shown = [args[-1] for name, args in self._network.called if name in ("send_chat_presence", "send_message")]
        return bool(shown) and shown[-1] == ChatPresence.CHAT_PRESENCE_COMPOSING

    def has_read(self, message_id: str) -> bool:
        return any(name == "mark_read" and message_id in args[0] for name, args in self._network.called)

    def refuse(self, error: type[IntegrationError]) -> None:
        self._network.once["send_message"] = LINES[error]

    def lose_the_answer(self) -> None:
        self._network.lost = True

    def disconnect(self) -> None:
        self._network.drops()
        until(lambda: self.transport.state().state == ConnState.RECONNECTING)


class TestContract(TransportContract):
    @pytest.fixture
    def world(self, number: Number) -> World:
        return LinkedWorld(number)
