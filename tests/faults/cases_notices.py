"""Cases of the ISP's gateway: its key, and what staff do with a notice."""

from __future__ import annotations

from django.utils import timezone

from backoffice.conversations import services as conversations
from backoffice.notices import doors
from backoffice.notices import services as notices
from backoffice.notices.models import Gateway, GatewayNotice
from integrations.understanding.notices import Notice
from tests import cast
from tests.faults.cases import NO_WRITES, Call, admin, case, channel, maria_chat
from tests.story import StoryHere

NO_WRITES |= {f"notices.{name}" for name in ("address_of", "can_cancel", "can_resend", "hash_of", "read_notice")}


def gateway() -> Gateway:
    row = Gateway.objects.filter(slug="mikrowisp").first()
    return row or Gateway.objects.create(name="MikroWisp", slug="mikrowisp", channel=channel())


def read() -> GatewayNotice:
    door = doors.open_door(gateway(), "261")
    return notices.read_notice(door=door, notice=Notice(cast.MARIA.phone, "Tu factura vence mañana"), raw={})


def came() -> GatewayNotice:
    return notices.store_notice(notice=read())


def latest() -> GatewayNotice:
    return GatewayNotice.objects.select_related("message").latest("pk")


@case("notices.renew_key")
def renew_key(story: StoryHere) -> Call:
    gateway()
    return lambda: notices.renew_key(gateway=gateway(), by=admin())


@case("notices.store_notice")
def store_notice(story: StoryHere) -> Call:
    gateway()
    return lambda: notices.store_notice(notice=read(), by=admin())


@case("notices.cancel")
def cancel(story: StoryHere) -> Call:
    """One that is in the outbox already: both its rows or none."""
    story.maria.says("hola")
    message = conversations.queue_message(conversation=maria_chat(), author="system", text="Aviso", priority=2)
    notice = came()
    GatewayNotice.objects.filter(pk=notice.pk).update(
        state="queued", message=message, queued_at=timezone.now(), due_at=None
    )
    return lambda: notices.cancel(notice=latest(), by=admin())


@case("notices.cancel_waiting")
def cancel_waiting(story: StoryHere) -> Call:
    came()
    came()
    return lambda: notices.cancel_waiting(by=admin())


@case("notices.resend")
def resend(story: StoryHere) -> Call:
    GatewayNotice.objects.filter(pk=came().pk).update(state="expired", due_at=None)
    first = latest().pk
    return lambda: notices.resend(notice=GatewayNotice.objects.get(pk=first), by=admin())
