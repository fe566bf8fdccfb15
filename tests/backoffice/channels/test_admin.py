"""The rhythm of a number in the panel (ISPBOT-INT-05…08)."""

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.channels.models import Channel
from tests.backoffice import desk

FORM = {
    "name": "Línea principal",
    "kind": "simulator",
    "enabled": "on",
    "policy": "manual",
    "gap_min": "2",
    "gap_max": "8",
    "batch_size": "50",
    "batch_pause": "60",
    "timeout": "30",
}


def test_a_new_number_has_the_rhythm_of_the_seed(db: None) -> None:
    channel = Channel.objects.create(name="Otra", kind="simulator")
    rhythm = (channel.gap_min, channel.gap_max, channel.batch_size, channel.batch_pause, channel.timeout)
    assert rhythm == (2, 8, 50, 60, 30)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("gap_max", "1", "no puede ser menor que la mínima"),
        ("gap_min", "-1", "0"),
        ("batch_size", "0", "1"),
        ("timeout", "1", "3"),
        ("timeout", "900", "120"),
    ],
)
def test_a_rhythm_that_makes_no_sense_is_refused(admin_client: Client, field: str, value: str, why: str) -> None:
    channel = desk.open_for_business()
    url = reverse("admin:channels_channel_change", args=[channel.pk])
    page = admin_client.post(url, FORM | {field: value})
    assert page.status_code == 200
    assert why in page.text
    assert admin_client.post(url, FORM | {"timeout": "45"}).status_code == 302
    channel.refresh_from_db()
    assert channel.timeout == 45
