"""Alerts are worked out from the tables: what is wrong now, in few queries."""

from types import SimpleNamespace

import pytest
from django.utils import timezone

from backoffice.agents.models import WhatsAppGroup
from backoffice.channels.models import ChannelStatus
from backoffice.common.models import Job
from backoffice.conversations.models import InboxEvent, Lane
from backoffice.operations import load
from backoffice.operations.alerts import alerts
from backoffice.operations.models import Heartbeat
from tests.backoffice.operations.conftest import ago, said

pytestmark = pytest.mark.django_db


def texts() -> str:
    return "\n".join(alert.text for alert in alerts())


def test_all_well_says_nothing(support):
    assert alerts() == []


def test_a_new_installation_is_told_what_is_missing():
    assert [(alert.tone, alert.url_name) for alert in alerts()] == [
        ("warn", "channels_channel_changelist"),
        ("warn", "panel_groups"),
    ]


def test_a_channel_that_is_down_or_silent(channel, support):
    ChannelStatus.objects.update(state=ChannelStatus.State.DISCONNECTED, reason="Sesión cerrada.")
    assert texts() == "«WhatsApp» está desconectado. Sesión cerrada."
    ChannelStatus.objects.update(seen_at=ago(minutes=5))
    assert "no da señales" in texts()
    ChannelStatus.objects.update(
        state=ChannelStatus.State.CONNECTED, seen_at=timezone.now(), paused_until=ago(minutes=-30)
    )
    assert "en pausa hasta" in texts()


def test_the_bot_is_dead_only_when_every_dispatcher_is(support):
    first = Heartbeat.objects.create(name="despachador 1", started_at=ago(hours=1), seen_at=ago(minutes=3))
    assert "El bot no atiende desde las" in texts()
    Heartbeat.objects.create(name="despachador 2", started_at=ago(hours=1), seen_at=ago(seconds=2))
    assert alerts() == []
    first.delete()
    assert alerts() == []


def test_messages_that_failed_or_are_in_doubt(maria, support):
    said(maria, "uno", direction="out", status="failed")
    assert texts() == "Un mensaje no se pudo enviar hoy."
    said(maria, "dos", direction="out", status="failed")
    said(maria, "tres", direction="out", status="uncertain")
    said(maria, "viejo", direction="out", status="failed", at=ago(days=3))
    assert texts() == "2 mensajes no se pudieron enviar hoy.\nDe un mensaje no sabemos si salió."
    assert {(alert.url_name, alert.action) for alert in alerts()} == {
        ("panel_doubtful", "Reenviar"),
        ("panel_doubtful", "Decidir"),
    }


def test_a_chat_that_waits_too_long_is_told_whatever_holds_it(support):
    lane = Lane.objects.create(key="1:p:2612345678", ready_at=ago(minutes=5))
    told = "Una conversación espera al bot hace más de 2 minutos."
    assert texts() == told
    assert (alerts()[0].url_name, alerts()[0].action) == ("panel_health", "Volver a intentar")
    Lane.objects.update(ready_at=None, lease_until=ago(minutes=3))  # claimed by a process that died, and nobody else
    assert texts() == told
    Lane.objects.update(lease_until=ago(seconds=-20))  # somebody has it
    assert texts() == ""
    Lane.objects.update(lease_until=None)  # nobody has it, nothing waits
    assert texts() == ""
    event = {"source": "channel:1", "external_id": "a", "kind": "message", "ready_at": ago(minutes=3)}
    InboxEvent.objects.create(lane=lane, **event)  # something waits and nobody would ever look
    assert texts() == told


def test_what_no_turn_could_handle_stays_until_somebody_decides(support):
    lane = Lane.objects.create(key="1:p:2612345678")
    dead = {"lane": lane, "source": "channel:1", "kind": "message", "state": InboxEvent.State.DEAD, "ready_at": None}
    old = InboxEvent.objects.create(external_id="a", received_at=ago(days=40), **dead)
    assert texts() == "Un mensaje hizo fallar al bot."
    assert (alerts()[0].url_name, alerts()[0].action) == ("panel_dead", "Revisar")
    old.state = InboxEvent.State.DISCARDED
    old.save()
    assert alerts() == []


def test_groups_and_jobs(support):
    WhatsAppGroup.objects.create(kind="sales", name="Ventas", state=WhatsAppGroup.State.FAILED)
    support.bot_removed = True
    support.save()
    Job.objects.create(kind="create_groups", owner="channel:1", state=Job.State.FAILED, finished_at=timezone.now())
    assert texts() == "Sacaron al bot de un grupo.\nUn grupo no se pudo crear.\nUna tarea falló hoy."
    assert alerts()[-1].query == "state__exact=failed"


def test_what_is_bad_comes_first_and_few_queries_tell_it_all(maria, django_assert_num_queries):
    said(maria, "uno", direction="out", status="failed")
    with django_assert_num_queries(12):
        found = alerts()
    assert [alert.tone for alert in found] == ["bad", "warn"]


@pytest.mark.parametrize(
    ("free", "total", "is_told"), [(1, 100, True), (0.5, 20, True), (3, 100, False), (2, 20, False), (90, 100, False)]
)
def test_a_disk_that_fills_up_is_told_before_it_is_full(support, monkeypatch, free, total, is_told):
    """Under a twentieth, but of a large disk only under two gigabytes."""
    disk = SimpleNamespace(free=free * 1024**3, total=total * 1024**3)
    monkeypatch.setattr(load.shutil, "disk_usage", lambda _: disk)
    assert ("Queda poco lugar en el disco del servidor." in texts()) == is_told
