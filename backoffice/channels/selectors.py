"""Reads about what a channel may send: its policy, what left, what holds its notices and when the last one leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from backoffice.channels.governor import CALM, PRUDENT, Caps, Hold, Policy, SoFar, finish, hold
from backoffice.channels.models import Channel, ChannelStatus, SentHour
from backoffice.company.selectors import zone

Health = tuple[str, list[str]]
"""A tone of the panel's badges («good», «warn», «bad») and why, in words of the owner."""

LABELS = {"good": "Bien", "warn": "Con cuidado", "bad": "En riesgo"}


def policy_of(channel: Channel) -> Policy:
    """The rhythm and the caps that staff chose for this channel. *Manual* has no cap but the one they set."""
    if channel.policy == Channel.Policy.PRUDENT:
        return PRUDENT
    return Policy(
        float(channel.gap_min),
        float(channel.gap_max),
        channel.batch_size,
        channel.batch_pause,
        channel.human_pause,
        Caps(steps=((1, channel.daily_cap),)) if channel.daily_cap else Caps(),
    )


def so_far(channel: Channel, now: datetime, status: ChannelStatus | None = None) -> SoFar:
    """What left of it up to now, an aware moment in the company's zone (a query, and one for a status not given)."""
    status = status or _status(channel)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = list(SentHour.objects.filter(channel=channel, hour__gte=midnight, hour__lte=now))
    started = now.replace(minute=0, second=0, microsecond=0)
    since = channel.in_use_since or (status.linked_at or now).astimezone(now.tzinfo).date()
    return SoFar(
        at=now,
        day=(now.date() - since).days + 1,
        today=sum(row.notices for row in hours),
        this_hour=sum(row.notices for row in hours if row.hour == started),
        strangers=sum(row.strangers for row in hours),
        stopped_until=status.stopped_until,
        stopped_why=status.stopped_why,
        switched_off=not channel.notices_on,
    )


def notices_hold(channel: Channel, now: datetime | None = None) -> Hold | None:
    """What keeps its notices from leaving now; None where they may."""
    local = _local(now)
    return hold(policy_of(channel), so_far(channel, local), local)


def notices_end(queued: Mapping[int, int], now: datetime | None = None) -> datetime | None:
    """When the last of those that wait leaves, given how many wait by channel (two queries, and one a channel).

    None where nothing waits, and where some have no end: a person keeps them switched off.
    """
    if not queued:
        return None
    local = _local(now)
    last = [
        finish(policy_of(channel), so_far(channel, local, getattr(channel, "status", None)), queued[channel.pk], local)
        for channel in Channel.objects.filter(pk__in=queued).select_related("status")
    ]
    told = [end for end in last if end is not None]
    return max(told) if told and len(told) == len(last) else None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a mass sending takes: its end, on how many different days it leaves, and what makes it last, for staff."""

    ends_at: datetime | None
    days: int
    why: str


def estimate(channel: Channel, how_many: int, now: datetime | None = None) -> Estimate:
    """Before that many notices are put in line behind nothing. Caps, hours and stops of now are in it."""
    local, policy = _local(now), policy_of(channel)
    facts = so_far(channel, local)
    end = finish(policy, facts, how_many, local)
    held = hold(policy, facts, local)
    if end is None:
        return Estimate(None, 0, held.why if held else "Son demasiados para este canal.")
    days = (end.date() - local.date()).days + 1
    without = finish(replace(policy, caps=Caps()), replace(facts, stopped_until=None), how_many, local)
    if held and without != end:
        return Estimate(end, days, held.why)
    slowed = without is not None and end > without
    why = "Lo frena el máximo de avisos y el horario del canal." if slowed else "Lo marcan las pausas entre avisos."
    return Estimate(end, days, why)


@dataclass(frozen=True, slots=True)
class Care:
    """How a number is doing, for the panel. `cap` is what may leave today, None without a cap.

    `warms_until` is the day of use from which the cap grows no more, 1 where there is no warm-up.
    """

    tone: str
    reasons: list[str]
    day: int
    today: int
    cap: int | None
    warms_until: int
    held: Hold | None
    stopped: Hold | None

    @property
    def label(self) -> str:
        return LABELS[self.tone]

    @property
    def is_warming(self) -> bool:
        return self.day < self.warms_until


def care_of(channel: Channel, now: datetime | None = None) -> Care:
    """The health of a number, worked out from what it sent and what WhatsApp complained about."""
    local, policy = _local(now), policy_of(channel)
    status = _status(channel)
    facts = so_far(channel, local, status)
    caps = policy.caps
    tone, reasons = _health(channel, policy, facts, status, local)
    is_stopped = facts.stopped_until is not None and local < facts.stopped_until
    return Care(
        tone=tone,
        reasons=reasons,
        day=max(facts.day, 1),
        today=facts.today,
        cap=caps.a_day(facts.day),
        warms_until=caps.warms_until(),
        held=hold(policy, facts, local),
        stopped=Hold(facts.stopped_until, facts.stopped_why) if is_stopped else None,
    )


def _health(channel: Channel, policy: Policy, facts: SoFar, status: ChannelStatus, now: datetime) -> Health:
    bad, warn = [], []
    if status.paused_until and now < status.paused_until:
        bad.append("WhatsApp suspendió el número por un tiempo.")
    if facts.stopped_until and now < facts.stopped_until:
        bad.append(facts.stopped_why)
    elif facts.stopped_until and now - facts.stopped_until < CALM:
        warn.append(f"Hace menos de un día hubo un freno: {facts.stopped_why}")
    if policy.caps.warms_until() > facts.day:
        warn.append("El número es nuevo: los avisos suben de a poco.")
    cap = policy.caps.a_day(facts.day)
    if cap and facts.today >= cap:
        warn.append("Ya usó todos los avisos de hoy.")
    return ("bad" if bad else "warn" if warn else "good"), bad + warn


def _status(channel: Channel) -> ChannelStatus:
    return ChannelStatus.objects.filter(channel=channel).first() or ChannelStatus()


def _local(now: datetime | None) -> datetime:
    return (now or timezone.now()).astimezone(zone())
