"""What has to change in a copy as it comes back: nothing of then may be sent again by itself."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_q.models import OrmQ

from backoffice.accounts import audit
from backoffice.accounts.models import StaffSession
from backoffice.agents import services as agents
from backoffice.agents.models import GroupMember, WhatsAppGroup
from backoffice.common.importing.models import Import
from backoffice.common.models import Activity, ConfigRevision, Job
from backoffice.common.services import jobs
from backoffice.company.selectors import zone
from backoffice.conversations.models import InboxEvent, Lane, Message
from backoffice.mail.models import OutgoingMail
from backoffice.notices.models import GatewayNotice
from backoffice.operations import services as operations
from backoffice.operations.models import BotControl, Heartbeat
from backoffice.safekeeping.backups.status import mark


@dataclass(frozen=True, slots=True)
class Held:
    """How much waits for somebody's decision."""

    messages: int
    notices: int
    events: int
    jobs: int


@transaction.atomic
def hold_what_was_pending(*, name: str, made_at: datetime, by: str, token: str, revision: int) -> Held:
    """Make a copy that was just put back safe to go on with. Runs in the same step that puts it back.

    What was about to leave is held for staff, since after the copy it may well have left. The bot is in «Parado» and
    starts anew. Everybody signs in again, and whoever held a lane or a job of then holds nothing. The configuration's
    number goes past the copy's and past `revision`, the one in force until now, so that nobody keeps an older one.
    """
    when = f"{made_at.astimezone(zone()):%d/%m/%Y a las %H:%M}"
    held = _hold(f"Esperaba en la copia del {when}: puede que ya haya salido.")
    _stop(f"Se restauró la copia del {when}: revisá lo que quedó pendiente y volvé a activar el bot")
    _let_everybody_go()
    number = max(ConfigRevision.current(), revision) + 1
    ConfigRevision.objects.update_or_create(pk=1, defaults={"number": number})
    audit.note(
        audit.Kind.DATA, f"{by or 'Alguien desde el servidor'} restauró la copia del {when} ({name})", about=mark(token)
    )
    return held


def _hold(why: str) -> Held:
    now = timezone.now()
    leaving = Message.objects.filter(due_at__isnull=False, status__in=[Message.Status.QUEUED, Message.Status.SENDING])
    waiting = GatewayNotice.objects.filter(due_at__isnull=False)
    unread = InboxEvent.objects.filter(ready_at__isnull=False, state=InboxEvent.State.PENDING)
    told = Held(
        messages=leaving.update(status=Message.Status.UNCERTAIN, error=why, status_at=now),
        notices=waiting.update(state=GatewayNotice.State.CANCELLED, reason=why, due_at=None),
        events=unread.filter(kind="message").update(state=InboxEvent.State.DEAD, ready_at=None, reason=why),
        jobs=Job.objects.filter(state__in=jobs.OPEN).update(
            state=Job.State.CANCELLED, error=why, finished_at=now, lease_until=None
        ),
    )
    mails = OutgoingMail.objects.filter(state__in=[OutgoingMail.State.QUEUED, OutgoingMail.State.SENDING])
    mails.update(state=OutgoingMail.State.UNCERTAIN, error=why)
    moving = [Import.State.READING, Import.State.APPLYING, Import.State.UNDOING]
    Import.objects.filter(state__in=moving).update(state=Import.State.FAILED, error=why)
    overdue = unread.filter(source="timer", ready_at__lte=now)
    overdue.update(state=InboxEvent.State.DISCARDED, ready_at=None, reason=why)
    _hold_groups()
    return told


def _hold_groups() -> None:
    """What was to be made on WhatsApp may have been made: staff look before they ask for it again."""
    why = "Quedó por hacer en la copia restaurada: mirá en WhatsApp si ya está antes de reintentar."
    for group in WhatsAppGroup.objects.filter(state=WhatsAppGroup.State.PENDING):
        agents.group_failed(group=group, error=why)
    GroupMember.objects.filter(state=GroupMember.State.PENDING).update(state=GroupMember.State.FAILED, error=why)


def _stop(why: str) -> None:
    operations.change_mode(mode=BotControl.Mode.STOPPED, by=None)
    operations.ask_restart(by=None)
    Activity.note(Activity.Kind.MODE, why)


def _let_everybody_go() -> None:
    now = timezone.now()
    held = Lane.objects.filter(~Q(token="") | Q(lease_until__isnull=False))
    held.update(token="", lease_until=None, ready_at=now)
    Heartbeat.objects.all().delete()
    OrmQ.objects.all().delete()
    Session.objects.all().delete()
    StaffSession.objects.filter(ended_at=None).update(ended_at=now, ended_by=StaffSession.Ended.CLOSED)
