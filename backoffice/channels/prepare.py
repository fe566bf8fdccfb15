"""The channel that an installation with the simulator starts with."""

from django.conf import settings
from django.db import transaction

from backoffice.channels.models import Channel

SIMULATOR_NAME = "WhatsApp (simulador)"


@transaction.atomic
def prepare() -> None:
    """Make the simulator's channel where the simulator is on and there is none. Safe to repeat."""
    simulators = Channel.objects.filter(kind=Channel.Kind.SIMULATOR)
    if settings.SIMULATOR and not simulators.exists():
        Channel.objects.create(name=SIMULATOR_NAME, kind=Channel.Kind.SIMULATOR)
