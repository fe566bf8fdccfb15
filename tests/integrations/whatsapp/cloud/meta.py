"""Meta on loopback: the Graph API as far as one number needs it, and the webhooks it sends, in their own shapes."""

import json
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.cast import COMPANY, MARIA

NUMBER_ID, ACCOUNT_ID, TOKEN, VERSION = "106540352242922", "102290129340398", "EAAtoken", "v26.0"
OUR_NUMBER = "+54 9 261 555-0100"
USER_ID = "AR.1349120865530274"
BEGAN = 1_796_000_000
Json = dict[str, Any]


@dataclass
class Refusal:
    """How the next call is answered. `take` is whether Meta does what was asked all the same."""

    status: int = 400
    body: bytes = b""
    kind: str = "application/json"
    take: bool = False
    cut: bool = False
    headers: dict[str, str] = field(default_factory=dict)


def error_body(code: int, *, subcode: int | None = None, details: str = "") -> bytes:
    """`{"error": …}` as Graph answers."""
    error: Json = {"message": f"(#{code}) refused", "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    if subcode is not None:
        error["error_subcode"] = subcode
    if details:
        error["error_data"] = {"messaging_product": "whatsapp", "details": details}
    return json.dumps({"error": error}).encode()


class Meta:
    """The server's memory, and the webhook's table (it is the adapter's `Inlet` too)."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.calls: list[tuple[str, str, Json]] = []
        self.sent: list[Json] = []
        self.read: list[Json] = []
        self.media: dict[str, tuple[bytes, str]] = {}
        self.media_host = self.url
        self.refusals: list[Refusal] = []
        self.always: Refusal | None = None
        self.templates: dict[str, Json] = {}
        self.number: Json = {"verified_name": COMPANY, "quality_rating": "GREEN", "status": "CONNECTED"}
        self.hooks: dict[int, bytes] = {}
        self._hook_ids, self._ids, self._clock = count(1), count(1), count(BEGAN)

    # --- the inlet ------------------------------------------------------------------------------
    def waiting(self, most: int) -> Sequence[tuple[int, bytes]]:
        return list(self.hooks.items())[:most]

    def done(self, ids: Iterable[int]) -> None:
        for hook_id in ids:
            self.hooks.pop(hook_id, None)

    def tells(self, body: Json | bytes) -> None:
        """Meta posts a webhook."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.hooks[next(self._hook_ids)] = raw

    # --- what Meta says ---------------------------------------------------------------------------
    def message(self, kind: str, content: Any, *, quoting: str | None = None, **more: Any) -> Json:
        """A webhook with one message of María's."""
        one = {"from": MARIA.phone, "from_user_id": USER_ID, "id": f"wamid.in.{next(self._ids)}"}
        one |= {"timestamp": str(next(self._clock)), "type": kind}
        if kind:
            one[kind] = content
        if quoting is not None:
            one["context"] = {"from": "5492615550100", "id": quoting}
        return hook(messages=[one | more], contacts=[contact()])

    def status(self, sent: Json, status: str, **more: Any) -> Json:
        """A webhook with one tick of what we sent."""
        one = {"id": sent["id"], "status": status, "timestamp": str(next(self._clock)), "recipient_id": MARIA.phone}
        one |= {"recipient_user_id": USER_ID}
        if "biz_opaque_callback_data" in sent:
            one["biz_opaque_callback_data"] = sent["biz_opaque_callback_data"]
        if status in ("sent", "delivered"):
            one["pricing"] = {"billable": True, "pricing_model": "PMP", "category": "service", "type": "regular"}
        return hook(statuses=[one | more], contacts=[contact()])

    def refuses(self, code: int, status: int = 400, *, subcode: int | None = None, **headers: str) -> None:
        """The next call is refused with that code."""
        self.refusals.append(Refusal(status, error_body(code, subcode=subcode), headers=headers))

    # --- what Meta answers ------------------------------------------------------------------------
    def answer(self, method: str, path: str, query: Json, body: Any) -> tuple[int, bytes, str]:
        parts = path.strip("/").split("/")
        self.calls.append((method, path, body if isinstance(body, dict) else {}))
        if parts[0] == "files":
            data, mimetype = self.media[parts[1]]
            return 200, data, mimetype
        status, told = self._graph(method, parts[1:], query, body)
        return status, json.dumps(told).encode() if not isinstance(told, bytes) else told, "application/json"

    def _graph(self, method: str, parts: list[str], query: Json, body: Any) -> tuple[int, Any]:
        match method, parts:
            case "POST", [number, "messages"] if number == NUMBER_ID:
                return 200, self._takes(body)
            case "POST", [number, "media"] if number == NUMBER_ID:
                media_id = str(10**15 + next(self._ids))
                self.media[media_id] = (body["file"], body["type"])
                return 200, {"id": media_id}
            case "GET", [number] if number == NUMBER_ID:
                return 200, {"id": NUMBER_ID, "display_phone_number": OUR_NUMBER} | self.number
            case "GET", [account, "phone_numbers"] if account == ACCOUNT_ID:
                return 200, {"data": [{"id": NUMBER_ID}]}
            case "GET", [media_id] if media_id in self.media:
                data, mimetype = self.media[media_id]
                place = {"url": f"{self.media_host}/files/{media_id}", "mime_type": mimetype, "file_size": len(data)}
                return 200, place | {"id": media_id, "messaging_product": "whatsapp"}
            case _, [account, "message_templates"] if account == ACCOUNT_ID:
                return self._templates(method, query, body)
            case "POST", [template_id] if template_id in self.templates:
                self.templates[template_id] |= body | {"status": "PENDING"}
                return 200, {"success": True}
        return 400, error_body(100, subcode=33)

    def _takes(self, body: Json) -> Json:
        if body.get("status") == "read":
            self.read.append(body)
            return {"success": True}
        wamid = f"wamid.out.{next(self._ids)}"
        self.sent.append(body | {"id": wamid})
        contacts = [{"input": body.get("to") or body.get("recipient"), "wa_id": body.get("to")}]
        return {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": wamid}]}

    def _templates(self, method: str, query: Json, body: Any) -> tuple[int, Any]:
        if method == "POST":
            template_id = str(10**14 + next(self._ids))
            self.templates[template_id] = body | {"id": template_id, "status": "PENDING"}
            return 200, {"id": template_id, "status": "PENDING", "category": body["category"]}
        if method == "DELETE":
            gone = [one for one in self.templates.values() if one["name"] == query["name"]]
            gone = [one for one in gone if query.get("hsm_id", one["id"]) == one["id"]]
            for one in gone:
                del self.templates[one["id"]]
            return 200, {"success": True}
        rows, first, most = list(self.templates.values()), int(query.get("after", 0)), int(query["limit"])
        paging: Json = {"cursors": {"before": "x", "after": str(first + most)}}
        if first + most < len(rows):
            paging["next"] = "https://graph.facebook.com/…"
        return 200, {"data": rows[first : first + most], "paging": paging}


def contact(name: str = MARIA.name) -> Json:
    return {"profile": {"name": name}, "wa_id": MARIA.phone, "user_id": USER_ID}


def hook(*, field: str = "messages", number_id: str = NUMBER_ID, **value: Any) -> Json:
    """The envelope of a webhook."""
    metadata = {"display_phone_number": "5492615550100", "phone_number_id": number_id}
    change = {"value": {"messaging_product": "whatsapp", "metadata": metadata} | value, "field": field}
    return {"object": "whatsapp_business_account", "entry": [{"id": ACCOUNT_ID, "changes": [change]}]}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def _attend(self) -> None:
        meta, parts = self.server.meta, urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._reply(401, error_body(190), "application/json")
        refusal = meta.always or (meta.refusals.pop(0) if meta.refusals else None)
        if refusal is None or refusal.take:
            answer = meta.answer(self.command, parts.path, query, self._body(raw))
            if refusal is None:
                return self._reply(*answer)
        if refusal.cut:
            self.close_connection = True
            self.wfile.write(refusal.body)
            return None
        return self._reply(refusal.status, refusal.body, refusal.kind, refusal.headers)

    do_GET = do_POST = do_DELETE = _attend

    def _body(self, raw: bytes) -> Any:
        kind = self.headers.get("Content-Type", "")
        if not kind.startswith("multipart/"):
            return json.loads(raw) if raw else None
        parts = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + raw).get_payload()
        return {
            re.search(r'name="(\w+)"', part["Content-Disposition"])[1]: (
                part.get_payload(decode=True) if part.get_filename() else part.get_payload()
            )
            for part in parts
        }

    def _reply(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    meta: Meta


@contextmanager
def running() -> Iterator[Meta]:
    """One of them for the length of the block."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.meta = Meta(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.meta
        finally:
            server.shutdown()
            thread.join()
