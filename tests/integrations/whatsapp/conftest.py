"""The network in this very process: the adapter speaks HTTP to the real Django application, with no socket."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from integrations.whatsapp.base import Event, MessageIn
from integrations.whatsapp.simulator import SimulatorTransport

URL = "http://127.0.0.1:8000"
MARIA, JUAN, ANA = "5492612345678", "5492615550101", "5492615550102"


class Hands:
    """People's phones, by the public API; and the bot's side, by the adapter."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self.http = httpx.Client(base_url=f"{URL}/simulator/api", transport=transport)
        self.bot = SimulatorTransport(URL, transport=transport)
        self.cursor: str | None = None

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(path, json=body)

    def says(self, phone: str, text: str, chat: str = "bot", **more: Any) -> str:
        answer = self.post("/messages", **{"from": phone, "chat": chat, "text": text} | more)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def sees(self, phone: str, chat: str = "bot", **query: str) -> list[dict[str, Any]]:
        answer = self.http.get("/messages", params={"phone": phone, "chat": chat} | query)
        assert answer.status_code == 200, answer.text
        return answer.json()["messages"]

    def fault(self, kind: str, **options: Any) -> None:
        answer = self.post("/faults", kind=kind, **options)
        assert answer.status_code == 201, answer.text

    def events(self) -> list[Event]:
        """What the bot hears now; asking again acknowledges it."""
        batch = self.bot.poll(self.cursor)
        self.cursor = batch.cursor
        return list(batch.events)

    def heard(self) -> list[MessageIn]:
        return [event for event in self.events() if isinstance(event, MessageIn)]


@pytest.fixture
def same_connection(db) -> Iterator[None]:
    """As Django's own test client does: the end of a request must not close the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def unlinked(same_connection, settings) -> Iterator[Hands]:
    settings.SIMULATOR = True
    hands = Hands(httpx.WSGITransport(app=get_wsgi_application(), raise_app_exceptions=True))
    yield hands
    hands.http.close()
    hands.bot.close()


@pytest.fixture
def hands(unlinked: Hands) -> Hands:
    unlinked.post("/scan")
    unlinked.events()
    return unlinked
