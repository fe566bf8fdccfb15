"""One number of a network that lives in memory: it answers each send as it was told, and remembers what left."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from integrations.whatsapp.base import (
    Addr,
    Batch,
    Cap,
    Connection,
    ConnState,
    Content,
    Limits,
    Sent,
    Transport,
    menu_text,
)
from integrations.whatsapp.content import Location, Media, Menu

SAFE = Cap.IDEMPOTENT_SEND | Cap.CLIENT_REF_ECHO | Cap.GROUPS


class Wire:
    """`failing` holds what the next sends raise (None lets one pass); `batches` what the next polls bring."""

    def __init__(self, caps: Cap = SAFE) -> None:
        self.caps, self.limits = caps, Limits()
        self.failing: list[Exception | None] = []
        self.sent: list[tuple[str, str]] = []
        self.refs: list[str] = []
        self.quotes: list[str | None] = []
        self.files: dict[str, bytes | Exception] = {}
        self.batches: list[Batch | Exception] = []
        self.cursors: list[str | None] = []
        self.link: Connection | Exception = Connection(ConnState.ONLINE, me=Addr.phone("5492610000001"))
        self.before_answering: Callable[[str], None] = lambda ref: None
        self.is_closed = False

    @property
    def transport(self) -> Transport:
        return cast(Transport, self)

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.sent]

    def send(self, to: Addr, content: Content, *, quote_id: str | None = None, client_ref: str = "") -> Sent:
        failure = self.failing.pop(0) if self.failing else None
        if failure is not None:
            raise failure
        self.sent.append((to.key, _words(content)))
        self.refs.append(client_ref)
        self.quotes.append(quote_id)
        self.before_answering(client_ref)
        return Sent(f"wamid-{client_ref}", datetime.now(UTC))

    def poll(self, cursor: str | None) -> Batch:
        self.cursors.append(cursor)
        batch = self.batches.pop(0) if self.batches else Batch((), cursor or "0")
        if isinstance(batch, Exception):
            raise batch
        return batch

    def state(self) -> Connection:
        if isinstance(self.link, Exception):
            raise self.link
        return self.link

    begin_pairing = state

    def fetch_media(self, handle: str, *, max_bytes: int = 0) -> bytes:
        found = self.files[handle]
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None:
        self.is_closed = True


def _words(content: Content) -> str:
    if isinstance(content, Media):
        return f"[{content.kind} {content.filename} {len(content.read())} B] {content.caption}".strip()
    if isinstance(content, Location):
        return f"[{content.latitude}, {content.longitude}] {content.name}".strip()
    return menu_text(content) if isinstance(content, Menu) else content.body
