"""Alerts are worked out from the tables: what is wrong now, in few queries."""

import pytest
from django.utils import timezone

from backoffice.agents.models import WhatsAppGroup
from backoffice.channels.models import ChannelStatus
from backoffice.common.models import Job
from backoffice.conversations.models import InboxEvent, Lane
from backoffice.operations.models import Heartbeat
from backoffice.operations.selectors import alerts
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
    assert texts() == "2 mensajes no se pudieron enviar hoy.\nDe un mensaje no sabemos si salió. Revisalo."


def test_lanes_that_wait_and_events_that_were_given_up(support):
    lane = Lane.objects.create(key="p:2612345678", ready_at=ago(minutes=5))
    assert "Una conversación espera al bot hace más de 2 minutos" in texts()
    lane.lease_until = ago(minutes=-1)
    lane.save()
    InboxEvent.objects.create(lane=lane, source="channel:1", external_id="a", kind="message", state=2)
    assert texts() == "Un mensaje hizo fallar al bot hoy y pasaron a una persona."


def test_groups_and_jobs(support):
    WhatsAppGroup.objects.create(kind="sales", name="Ventas", state=WhatsAppGroup.State.FAILED)
    support.bot_removed = True
    support.save()
    Job.objects.create(kind="create_groups", owner="channel:1", state=Job.State.FAILED, finished_at=timezone.now())
    assert texts() == "Sacaron al bot de un grupo.\nUn grupo no se pudo crear.\nUna tarea falló hoy."
    assert alerts()[-1].query == "state__exact=failed"


def test_what_is_bad_comes_first_and_few_queries_tell_it_all(maria, django_assert_num_queries):
    said(maria, "uno", direction="out", status="failed")
    with django_assert_num_queries(10):
        found = alerts()
    assert [alert.tone for alert in found] == ["bad", "warn"]
