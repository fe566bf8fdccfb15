"""The contract of every transport, kept by the Cloud API's adapter against Meta's shapes."""

import re
from collections.abc import Sequence
from typing import ClassVar

import pytest

from integrations.errors import BadCredentials, IntegrationError, Rejected, Throttled, Unavailable
from integrations.whatsapp.base import (
    AccountBlocked,
    Location,
    OptedOut,
    Option,
    RecipientUnknown,
    TooFastForOne,
    WindowClosed,
)
from integrations.whatsapp.cloud.client import CloudTransport
from tests.cast import MARIA
from tests.integrations.whatsapp.cloud.meta import Json, Meta, Refusal, error_body
from tests.integrations.whatsapp.contract import Seen, TransportContract, World, ear

__all__ = ["ear"]
TEMPLATES = {"factura_lista": "Hola {{1}}, tu factura es de {{2}}."}
CODES: dict[type[IntegrationError], tuple[int, int]] = {
    WindowClosed: (400, 131047),
    RecipientUnknown: (400, 131026),
    OptedOut: (400, 131050),
    TooFastForOne: (400, 131056),
    Throttled: (429, 130429),
    AccountBlocked: (403, 131031),
    BadCredentials: (401, 190),
    Unavailable: (503, 131016),
    Rejected: (400, 131009),
}


class MetaWorld:
    """María's phone, at the other side of Meta's server."""

    refusals: ClassVar[Sequence[type[IntegrationError]]] = tuple(CODES)

    def __init__(self, meta: Meta, transport: CloudTransport) -> None:
        self._meta, self.transport, self._last = meta, transport, {}

    def _tells(self, body: Json) -> str:
        self._last = body
        self._meta.tells(body)
        return body["entry"][0]["changes"][0]["value"]["messages"][0]["id"]

    def customer_writes(self, text: str, *, quoting: str | None = None) -> str:
        return self._tells(self._meta.message("text", {"body": text}, quoting=quoting))

    def customer_sends_photo(self, data: bytes, caption: str = "") -> str:
        self._meta.media["137524587935346"] = (data, "image/jpeg")
        photo = {"id": "137524587935346", "mime_type": "image/jpeg", "sha256": "x"}
        return self._tells(self._meta.message("image", photo | ({"caption": caption} if caption else {})))

    def customer_shares(self, place: Location) -> str:
        point = {"latitude": place.latitude, "longitude": place.longitude, "name": place.name}
        return self._tells(self._meta.message("location", point))

    def customer_chooses(self, option: Option) -> None:
        reply = {"type": "button_reply", "button_reply": {"id": option.id, "title": option.title}}
        self._tells(self._meta.message("interactive", reply, quoting=self._meta.sent[-1]["id"]))

    def customer_reads(self) -> None:
        for sent in self._meta.sent:
            for status in ("sent", "delivered", "read"):
                self._meta.tells(self._meta.status(sent, status))

    def repeat_last(self) -> None:
        self._meta.tells(self._last)

    def seen(self) -> list[Seen]:
        mine = [sent for sent in self._meta.sent if sent.get("to") == MARIA.phone]
        return [_seen(sent, self._meta) for sent in mine]

    def sees_typing(self) -> bool:
        calls = [body for _, path, body in self._meta.calls if path.endswith("/messages")]
        return "typing_indicator" in calls[-1]

    def has_read(self, message_id: str) -> bool:
        return any(read["message_id"] == message_id for read in self._meta.read)

    def refuse(self, error: type[IntegrationError]) -> None:
        status, code = CODES[error]
        self._meta.refuses(code, status)

    def lose_the_answer(self) -> None:
        self._meta.refusals.append(Refusal(take=True, cut=True))

    def disconnect(self) -> None:
        self._meta.always = Refusal(401, error_body(190))


def _seen(sent: Json, meta: Meta) -> Seen:
    content, quoted = sent[sent["type"]], sent.get("context", {}).get("message_id")
    match sent["type"]:
        case "text":
            return Seen(sent["id"], content["body"], quoted_id=quoted)
        case "location":
            return Seen(sent["id"], location=Location(**content))
        case "template":
            values = [one["text"] for one in content["components"][0]["parameters"]]
            text = re.sub(r"{{(\d)}}", lambda hole: values[int(hole[1]) - 1], TEMPLATES[content["name"]])
            return Seen(sent["id"], text)
        case "interactive":
            titles = [one["reply"]["title"] for one in content["action"].get("buttons", [])]
            titles += [row["title"] for section in content["action"].get("sections", []) for row in section["rows"]]
            return Seen(sent["id"], content["body"]["text"], options=tuple(titles), quoted_id=quoted)
    return Seen(sent["id"], content.get("caption", ""), meta.media[content["id"]][0], quoted_id=quoted)


class TestContract(TransportContract):
    @pytest.fixture
    def world(self, meta: Meta, cloud: CloudTransport) -> World:
        return MetaWorld(meta, cloud)
