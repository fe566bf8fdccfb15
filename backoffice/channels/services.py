"""What a channel's process says of its number, for everybody to see."""

from django.db import transaction
from django.utils import timezone

from backoffice.common.models import Activity

from .models import Channel, ChannelStatus


def status_of(channel: Channel) -> ChannelStatus:
    return ChannelStatus.objects.get_or_create(channel=channel)[0]


@transaction.atomic
def record_state(*, channel: Channel, state: str, reason: str = "", number: str = "") -> None:
    """Keep the state; a change also goes to the live console. A linked number shows no QR."""
    row = status_of(channel)
    changes = {"reason": reason[:200], "seen_at": timezone.now()}
    if number:
        changes["number"] = number
    if row.state != state:
        changes |= {"state": state, "since": timezone.now()}
        label = ChannelStatus.State(state).label
        Activity.note(Activity.Kind.CONNECTION, f"{channel}: {label}" + (f" ({reason})" if reason else ""))
    if state == ChannelStatus.State.CONNECTED:
        changes |= {"qr": "", "reason": ""}
    ChannelStatus.objects.filter(pk=row.pk).update(**changes)


@transaction.atomic
def record_qr(*, channel: Channel, qr: str) -> None:
    """A new QR to show. It renews by itself; only the last one counts."""
    record_state(channel=channel, state=ChannelStatus.State.WAITING_QR)
    ChannelStatus.objects.filter(channel=channel).update(qr=qr)


def record_cursor(*, channel: Channel, cursor: str) -> None:
    """Everything up to here is stored."""
    ChannelStatus.objects.filter(channel=channel).update(cursor=cursor, seen_at=timezone.now())
