"""The simulator's API through Django's own client."""

import json
from typing import Any

import pytest
from django.test import Client

MARIA, JUAN, ANA = "5492612345678", "5492615550101", "5492615550102"


class Api:
    """JSON to the API and back."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/simulator/api/{path}", query)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"/simulator/api/{path}", json.dumps(body or {}), content_type="application/json", headers=headers
        )

    def says(self, phone: str, text: str, chat: str = "bot", **more: Any) -> Any:
        return self.post("messages", {"from": phone, "chat": chat, "text": text} | more)

    def sees(self, phone: str, chat: str = "bot", **query: Any) -> list[str]:
        return [message["text"] for message in self.get("messages", phone=phone, chat=chat, **query).json()["messages"]]


@pytest.fixture
def api(db, settings) -> Api:
    settings.SIMULATOR = True
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
    return Api(Client())


@pytest.fixture
def linked(api: Api) -> Api:
    api.post("scan")
    return api
