"""Groups on the network, brought to what their rows say: made, with their people in, as administrators.

`run_due` makes one change outside each time it is called, so the channel's process never stops answering for
long. What is left to do is read from the rows each time, which is why a job can be cut at any point and go on.
No call is made inside a transaction.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from backoffice.agents import services as agents
from backoffice.agents.models import GroupMember, WhatsAppGroup
from backoffice.agents.services.jobs import owner_of
from backoffice.channels.models import Channel
from backoffice.common.models import Job
from backoffice.common.services import jobs
from backoffice.tickets import services as tickets
from bot.group_work import Work, work_of
from integrations.errors import IntegrationError, OutcomeUnknown, Throttled, Unavailable
from integrations.whatsapp.base import NotInGroup, Transport

LEASE = jobs.LEASE  # longer than any call of a transport takes
RECONNECT = timedelta(seconds=20)
DOUBT = timedelta(seconds=30)
SHORT_TRIES = 3
LONG_WAIT = timedelta(minutes=15)
GIVE_UP = 12
"""About two hours of «unknown error»: then staff decide (GRP-ERR-09)."""


def retry_at(error: IntegrationError, *, attempts: int, now: datetime, spread: int) -> datetime | None:
    """When to try again, by the error's class; None when it makes no sense any more.

    WhatsApp limits new groups: a minute or two the first times, then a quarter of an hour, and never before it said.
    `attempts` counts this one; `spread` (0 to 60) keeps several jobs from trying in the same second.
    """
    if isinstance(error, Unavailable):
        return now + RECONNECT
    if attempts > GIVE_UP:
        return None
    if isinstance(error, Throttled):
        wait = timedelta(seconds=60 + spread) if attempts <= SHORT_TRIES else LONG_WAIT
        return now + max(wait, error.after)
    return now + DOUBT if isinstance(error, OutcomeUnknown) else None


def run_due(channel: Channel, transport: Transport, now: datetime) -> bool:
    """Take one step of the channel's oldest due job. True when there was one."""
    job = jobs.claim(owner=owner_of(channel.pk), now=now, lease=LEASE)
    if job is None:
        return False
    work = work_of(job, channel, transport, now)
    try:
        work.go_on()
    except NotInGroup:
        _we_were_removed(work)
    except IntegrationError as error:
        _failed(work, error, now)
    return True


def _failed(work: Work, error: IntegrationError, now: datetime) -> None:
    """The network said no: later, or never for what was being tried."""
    job = work.job
    if not isinstance(error, Unavailable):
        job.attempts += 1
    again = retry_at(error, attempts=job.attempts, now=now, spread=(job.pk * 31 + job.attempts * 17) % 61)
    if again is None:
        _give_up(work, error)
        job.attempts, job.error = 0, ""
        again = now
    else:
        job.error = f"{error.staff_text} Se reintenta a las {timezone.localtime(again):%H:%M}."
    jobs.keep(job=job, until=again)


def _give_up(work: Work, error: IntegrationError) -> None:
    """A limit on new groups stands for all that are left; anything else is about one group or one person."""
    target = work.target
    if isinstance(target, WhatsAppGroup) and target.conversation_id is None:
        every = work.groups_to_make() if isinstance(error, Throttled) else [target]
        for group in every:
            agents.group_failed(group=group, error=error.staff_text)
    elif isinstance(target, GroupMember):
        agents.record_member(member=target, state=GroupMember.State.FAILED, error=error.staff_text)
    else:
        jobs.finish(job=work.job, state=Job.State.FAILED, steps=work.job.steps, error=error.staff_text)


def _we_were_removed(work: Work) -> None:
    """The group cannot be worked on: its people stay as they are until staff make it anew."""
    target = work.target
    group = target.group if isinstance(target, GroupMember) else target
    if group is not None:
        tickets.bot_left(group=group)
        group.members.filter(state=GroupMember.State.PENDING).update(
            state=GroupMember.State.FAILED, error=NotInGroup.staff_text
        )
    jobs.keep(job=work.job, until=work.now)
