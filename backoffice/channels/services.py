"""What a channel's process says of its number, for everybody to see."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from backoffice.accounts import audit
from backoffice.accounts.models import User
from backoffice.channels.governor import CALM, stop_of
from backoffice.common.errors import DomainError
from backoffice.common.models import Activity, ConfigRevision

from .models import Channel, ChannelStatus, SentHour


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
        changes |= {"qr": "", "reason": "", "linked_at": row.linked_at or timezone.now()}
    ChannelStatus.objects.filter(pk=row.pk).update(**changes)


@transaction.atomic
def record_qr(*, channel: Channel, qr: str) -> None:
    """A new QR to show. It renews by itself; only the last one counts."""
    record_state(channel=channel, state=ChannelStatus.State.WAITING_QR)
    ChannelStatus.objects.filter(channel=channel).update(qr=qr)


def record_cursor(*, channel: Channel, cursor: str) -> None:
    """Everything up to here is stored."""
    ChannelStatus.objects.filter(channel=channel).update(cursor=cursor, seen_at=timezone.now())


def count_notice(*, channel: Channel, now: datetime, stranger: bool = False) -> None:
    """One more left in this hour. Call it in the transaction that claims the message; `now` is aware."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    more = {"notices": F("notices") + 1, "strangers": F("strangers") + int(stranger)}
    if not SentHour.objects.filter(channel=channel, hour=hour).update(**more):
        SentHour.objects.create(channel=channel, hour=hour, notices=1, strangers=int(stranger))


@transaction.atomic
def stop_notices(*, channel: Channel, why: str, now: datetime, until: datetime | None = None) -> datetime:
    """Let no notice out until `until`, or for an hour that doubles while it happens again; returns when it ends.

    A stop that is on already is made longer, never shorter, and keeps the gravest reason: the last to end.
    """
    status = status_of(channel)
    before = status.stopped_until
    repeated = status.stops if before and now - before < CALM else 0
    if before and now < before and (until is None or until <= before):
        return before
    end = until or now + stop_of(repeated)
    ChannelStatus.objects.filter(pk=status.pk).update(stopped_until=end, stopped_why=why[:200], stops=repeated + 1)
    told = f"avisos frenados hasta el {timezone.localtime(end):%d/%m a las %H:%M}. {why}"
    Activity.note(Activity.Kind.CONNECTION, f"{channel}: {told}")
    return end


@transaction.atomic
def resume_notices(*, channel: Channel, by: User | None) -> None:
    """End the stop now. The next one is longer all the same, because WhatsApp remembers.

    Raises:
        DomainError: nothing was stopped.
    """
    now = timezone.now()
    stopped = ChannelStatus.objects.filter(channel=channel, stopped_until__gt=now)
    if not stopped.update(stopped_until=now):
        raise DomainError("Los avisos de este canal no están frenados.")
    ConfigRevision.bump()  # the channel's process reads it again
    audit.note(audit.Kind.BOT, f"Retomó los avisos de «{channel}»", by=by, about=f"canal {channel.pk}")
    Activity.note(Activity.Kind.CONNECTION, f"{by or 'El sistema'} retomó los avisos de {channel}")
