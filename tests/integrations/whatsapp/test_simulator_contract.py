"""The contract of every transport, kept by the simulator's adapter against the real application."""

import base64
from collections.abc import Sequence
from itertools import count
from typing import ClassVar

import pytest

from integrations.errors import IntegrationError, Rejected, Throttled
from integrations.whatsapp.base import Location, Option, ReachoutLocked, RecipientUnknown
from tests.integrations.whatsapp.conftest import MARIA, Hands
from tests.integrations.whatsapp.contract import MENU, Seen, TransportContract, World, ear

__all__ = ["ear"]
CODES = {RecipientUnknown: "recipient_unknown", ReachoutLocked: "reachout_locked", Rejected: "refused"}


class SimulatorWorld:
    """María's phone by the simulator's public API."""

    refusals: ClassVar[Sequence[type[IntegrationError]]] = (Throttled, *CODES)

    def __init__(self, hands: Hands) -> None:
        self._hands, self.transport, self._numbers = hands, hands.bot, count(1)
        self._last: dict[str, str] = {}

    def customer_writes(self, text: str, *, quoting: str | None = None) -> str:
        self._last = {"text": text, "id": f"maria-{next(self._numbers)}"}
        return self._hands.says(MARIA, **self._last | ({"quoted_id": quoting} if quoting else {}))

    def customer_sends_photo(self, data: bytes, caption: str = "") -> str:
        file = {"kind": "image", "filename": "router.jpg", "mimetype": "image/jpeg"}
        return self._hands.says(MARIA, caption, media=file | {"base64": base64.b64encode(data).decode()})

    def customer_shares(self, place: Location) -> str:
        point = {"latitude": place.latitude, "longitude": place.longitude, "name": place.name}
        return self._hands.says(MARIA, "", media={"kind": "location"} | point)

    def customer_chooses(self, option: Option) -> None:
        self._hands.says(MARIA, str(MENU.options.index(option) + 1))

    def customer_reads(self) -> None:
        self._hands.sees(MARIA)

    def repeat_last(self) -> None:
        self._hands.says(MARIA, **self._last)

    def seen(self) -> list[Seen]:
        lines = self._hands.sees(MARIA, include="base64")
        return [_seen(line) for line in lines if line["from"] == "bot"]

    def sees_typing(self) -> bool:
        return bool(self._hands.http.get("/chats", params={"phone": MARIA}).json()[0]["typing"])

    def has_read(self, message_id: str) -> bool:
        return any(line["status"] == "read" for line in self._hands.sees(MARIA) if line["id"] == message_id)

    def refuse(self, error: type[IntegrationError]) -> None:
        if error is Throttled:
            self._hands.fault("rate_limit", seconds=9)
        else:
            self._hands.fault("send_refused", phone=MARIA, code=CODES[error])

    def lose_the_answer(self) -> None:
        self._hands.fault("send_timeout")

    def disconnect(self) -> None:
        self._hands.post("/unlink")


def _seen(line: dict) -> Seen:
    media = line["media"] or {}
    place = None
    if media.get("kind") == "location":
        place = Location(media["latitude"], media["longitude"], media["name"], media["address"])
    data = base64.b64decode(media.get("base64") or "")
    return Seen(line["id"], line["text"], data, place, line["quoted_id"])


class TestContract(TransportContract):
    @pytest.fixture
    def world(self, hands: Hands) -> World:
        return SimulatorWorld(hands)
