"""How a number is cared for, on its page: the health, the pause with its reason, and the button that ends it."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backoffice.accounts.models import AuditEvent
from backoffice.channels.models import Channel, ChannelStatus
from backoffice.channels.selectors import care_of
from backoffice.channels.services import count_notice, record_state, stop_notices
from backoffice.common.models import ConfigRevision
from backoffice.operations.alerts import alerts
from tests.backoffice import desk


def prudent() -> Channel:
    channel = desk.open_for_business()
    channel.policy = Channel.Policy.PRUDENT
    channel.save()
    record_state(channel=channel, state=ChannelStatus.State.CONNECTED)
    return channel


def page(client: Client, channel: Channel) -> str:
    return client.get(reverse("admin:channels_channel_change", args=[channel.pk])).content.decode()


def test_a_new_number_says_its_day_and_what_it_may_send(admin_client: Client) -> None:
    channel = prudent()
    channel.in_use_since = timezone.localtime().date() - timedelta(days=4)
    channel.save()
    count_notice(channel=channel, now=timezone.now())
    shown = " ".join(page(admin_client, channel).split())
    assert "Con cuidado" in shown
    assert "Avisos de hoy: 1 de 20." in shown
    assert "Día 5 de 15: hasta 20 avisos por día." in shown
    assert "Retomar avisos" not in shown


def test_a_number_that_was_in_use_for_long_is_well(db: None) -> None:
    channel = prudent()
    channel.in_use_since = timezone.localtime().date() - timedelta(days=90)
    care = care_of(channel)
    assert (care.label, care.reasons, care.is_warming, care.cap) == ("Bien", [], False, 200)


def test_being_linked_again_does_not_make_the_number_new(db: None) -> None:
    channel = prudent()
    linked = ChannelStatus.objects.get(channel=channel).linked_at
    assert linked is not None
    record_state(channel=channel, state=ChannelStatus.State.DISCONNECTED)
    record_state(channel=channel, state=ChannelStatus.State.CONNECTED)
    assert ChannelStatus.objects.get(channel=channel).linked_at == linked


def test_a_stop_is_an_alert_and_a_person_ends_it_with_a_trace(admin_client: Client) -> None:
    channel = prudent()
    stop_notices(channel=channel, why="WhatsApp pidió bajar el ritmo (429).", now=timezone.now())
    assert any("frenó los avisos" in alert.text and "429" in alert.text for alert in alerts())
    shown = page(admin_client, channel)
    assert "En riesgo" in shown
    assert "Retomar avisos" in shown
    before = ConfigRevision.current()
    admin_client.post(reverse("admin:panel_resume_notices", args=[channel.pk]))
    status = ChannelStatus.objects.get(channel=channel)
    assert status.stopped_until is not None
    assert status.stopped_until <= timezone.now()
    assert ConfigRevision.current() > before  # so the number's process reads it
    assert AuditEvent.objects.filter(text__contains="Retomó los avisos").exists()
    assert not any("frenó los avisos" in alert.text for alert in alerts())
