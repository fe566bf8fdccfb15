"""An installation with the simulator starts with its channel; one without it, with none."""

import pytest

from backoffice.channels.models import Channel
from backoffice.channels.prepare import prepare

pytestmark = pytest.mark.django_db


def test_the_simulators_channel_is_made_once(settings):
    settings.SIMULATOR = True
    prepare()
    prepare()
    channel = Channel.objects.get()
    assert (channel.kind, channel.name, channel.enabled) == ("simulator", "WhatsApp (simulador)", True)


def test_a_channel_that_staff_renamed_is_left_alone(settings):
    settings.SIMULATOR = True
    prepare()
    Channel.objects.get().delete()
    Channel.objects.create(name="El mío", kind=Channel.Kind.SIMULATOR, enabled=False)
    prepare()
    assert Channel.objects.get().name == "El mío"


def test_production_starts_without_it(settings):
    settings.SIMULATOR = False
    prepare()
    assert not Channel.objects.exists()
