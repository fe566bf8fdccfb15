"""FibraSur's MikroWisp, at its door."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from backoffice.channels.models import Channel
from backoffice.notices import doors, services, views
from backoffice.notices.models import Gateway, GatewayNotice
from tests.backoffice import desk


@dataclass
class Isp:
    """The ISP's system: it knows its key and sends bytes."""

    client: Client
    gateway: Gateway
    key: str

    @property
    def path(self) -> str:
        return f"/gateway/{self.gateway.slug}/send"

    def get(self, query: str, *, key: str | None = None, path: str = "", **meta: Any) -> HttpResponse:
        return self.client.generic("GET", f"{path or self.path}?{query}", **self._headers(key), **meta)

    def post(
        self, body: bytes, content_type: str = "", *, key: str | None = None, query: str = "", **meta: Any
    ) -> HttpResponse:
        path = f"{self.path}?{query}" if query else self.path
        return self.client.generic("POST", path, body, content_type, **self._headers(key), **meta)

    def _headers(self, key: str | None) -> dict[str, str]:
        return {"HTTP_AUTHORIZATION": f"Bearer {self.key if key is None else key}"} if key != "" else {}

    def changes(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self.gateway, name, value)
        self.gateway.save()
        doors.forget()


@pytest.fixture
def channel(db: None) -> Channel:
    return desk.open_for_business()


@pytest.fixture
def isp(channel: Channel, client: Client) -> Isp:
    views._told.clear()
    gateway = Gateway.objects.create(name="MikroWisp", slug="mikrowisp", channel=channel)
    return Isp(client, gateway, services.renew_key(gateway=gateway, by=None))


@pytest.fixture
def notice(isp: Isp) -> Callable[..., GatewayNotice]:
    """A notice for María that came in."""

    def make(text: str = "Tu factura vence mañana", to: str = "2612345678") -> GatewayNotice:
        answer = isp.get(f"to={to}&text={text}")
        assert answer.status_code == 200, answer.content
        return GatewayNotice.objects.get(token=answer.json()["id"])

    return make
