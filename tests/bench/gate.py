"""A gateway to knock at, and the bare view's table. Called by `tests.bench.worker`."""

from backoffice.channels.models import Channel
from backoffice.notices.models import Gateway, GatewayNotice
from backoffice.notices.services import renew_key
from tests import hands
from tests.bench import anchors

SLUG = "banco"


def load() -> str:
    """Returns the gateway's key."""
    channel = Channel.objects.get(pk=hands.load_world())
    anchors.create()
    gateway = Gateway.objects.create(name="Banco de pruebas", slug=SLUG, channel=channel)
    return renew_key(gateway=gateway, by=None)


def stored() -> list[int]:
    """How many notices are kept, and how many rows of the bare view."""
    return [GatewayNotice.objects.count(), anchors.Line.objects.count()]
