"""Elena sets up FibraSur's connections; its MikroWisp is a server on this machine."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from backoffice.accounts.models import User
from backoffice.accounts.prepare import prepare
from backoffice.connections import services
from backoffice.connections.models import Connection
from tests.outside import Outside

TOKEN = "Q2xhdmUtZGUtRmlicmFTdXI-1234"
FINE = {"estado": "exito", "departamentos": []}


def enters(role: str, username: str = "elena") -> Client:
    prepare()
    cache.clear()
    user = User.objects.create_user(username, first_name="Elena", last_name="Soto", is_staff=True)
    user.groups.set([Group.objects.get(name=role)])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin(db: None) -> Client:
    return enters("Administrador")


@pytest.fixture
def form(outside: Outside) -> dict[str, str]:
    """What Elena types."""
    outside.answers(FINE)
    return {
        "name": "MikroWisp",
        "enabled": "on",
        "base_url": outside.url,
        "token": TOKEN,
        "timeout": "5",
        "verify_tls": "on",
    }


@pytest.fixture
def kept(db: None, outside: Outside) -> Callable[..., Connection]:
    """One that is set up already, as `form` says it."""
    outside.answers(FINE)

    def make(name: str = "MikroWisp", **changes: object) -> Connection:
        row = Connection(kind="isp", provider="mikrowisp", name=name)
        settings = {"base_url": outside.url, "timeout": 5, "verify_tls": True} | changes
        return services.save_connection(connection=row, settings=settings, secrets={"token": TOKEN}, by=None)

    return make
