"""Cases of the systems of others: set up, taken away, tried, and old calls forgotten."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from backoffice.connections import services as connections
from backoffice.connections.adapters import Tried
from backoffice.connections.models import CallLog, Connection
from integrations.health import Health, HealthState
from tests.faults.cases import Call, admin, case
from tests.story import StoryHere

ADDRESS = {"base_url": "https://mikrowisp.fibrasur.test"}


def kept() -> Connection:
    row = Connection.objects.filter(name="MikroWisp").first() or Connection(
        kind="isp", provider="mikrowisp", name="MikroWisp"
    )
    if row.pk is None:
        connections.save_connection(connection=row, settings=ADDRESS, secrets={"token": "uno"}, by=None)
    return row


@case("connections.save_connection")
def save_connection(story: StoryHere) -> Call:
    """Its address and its key, one changed and audited with the other or neither."""
    kept()
    return lambda: connections.save_connection(
        connection=Connection.objects.get(), settings=ADDRESS | {"timeout": 9}, secrets={"token": "dos"}, by=admin()
    )


@case("connections.delete_connection")
def delete_connection(story: StoryHere) -> Call:
    kept()
    return lambda: connections.delete_connection(connection=Connection.objects.get(), by=admin())


@case("connections.record_test")
def record_test(story: StoryHere) -> Call:
    kept()
    tried = Tried(Health(HealthState.OK, "Contesta."), timezone.now(), 120)
    return lambda: connections.record_test(
        connection=Connection.objects.get(), name="MikroWisp", provider="mikrowisp", tried=tried, by=admin()
    )


@case("connections.forget_calls")
def forget_calls(story: StoryHere) -> Call:
    old = timezone.now() - timedelta(days=91)
    CallLog.objects.create(name="MikroWisp", provider="mikrowisp", what="Probar conexión", at=old, ms=1, result="ok")
    return lambda: connections.forget_calls(now=timezone.now())
