"""When notices may leave a number so that WhatsApp does not ban it. Pure: facts and an hour in, a verdict out.

Moments are aware and in the company's zone, because caps are of its days and hours. The figures of `PRUDENT` are
those of reference/whatsapp.md 4. Replies and agents' lines are no notices: nothing here is ever asked about them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from math import ceil

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAR = 3650 * DAY  # a queue that takes longer than this has no end worth telling

WINDOW = 20  # notices that are looked back on
FAULTS = 2  # of them, those that stop the rest
UNDELIVERED = 4  # of them, those without a delivery that stop the rest: one in five
CALM = DAY  # a stop that ended longer ago than this is over and forgotten
SETTLED = timedelta(minutes=10)  # sooner than this a missing tick says nothing


@dataclass(frozen=True, slots=True)
class Caps:
    """What may leave at most. None is «no cap».

    `steps` are (first day of the number's use, notices a day) in order, the first for day 1; `strangers` are those a
    day to who is no customer and never wrote, and none before `strangers_from`; notices leave from `opens` to `closes`.
    """

    steps: tuple[tuple[int, int], ...] = ()
    an_hour: int | None = None
    strangers: int | None = None
    strangers_from: int = 1
    opens: time | None = None
    closes: time | None = None

    def a_day(self, day: int) -> int | None:
        """How many may leave on that day of the number's use; a day before the first counts as the first."""
        return next((cap for first, cap in reversed(self.steps) if max(day, 1) >= first), None)

    def warms_until(self) -> int:
        """The day from which the daily cap grows no more."""
        return self.steps[-1][0] if self.steps else 1


@dataclass(frozen=True, slots=True)
class Policy:
    """A channel's rhythm, in seconds, and its caps.

    `gap_min` to `gap_max` is the random pause between notices; after `batch` of them comes `batch_pause`. A policy that
    `guards` stops notices by itself when WhatsApp complains.
    """

    gap_min: float
    gap_max: float
    batch: int
    batch_pause: float
    human_pause: bool = False
    caps: Caps = Caps()
    guards: bool = False

    @property
    def pace(self) -> float:
        """Seconds from a notice to the next, on average."""
        return ((self.batch - 1) * (self.gap_min + self.gap_max) / 2 + self.batch_pause) / self.batch


PRUDENT = Policy(
    gap_min=20,
    gap_max=60,
    batch=20,
    batch_pause=480,
    human_pause=True,
    caps=Caps(
        steps=((1, 0), (3, 20), (6, 50), (11, 100), (15, 200)),
        an_hour=60,
        strangers=5,
        strangers_from=8,
        opens=time(9),
        closes=time(20),
    ),
    guards=True,
)


@dataclass(frozen=True, slots=True)
class SoFar:
    """What left a number up to `at`, and what stops it. `day` is the number's age: 1 on its first day."""

    at: datetime
    day: int = 1
    today: int = 0
    this_hour: int = 0
    strangers: int = 0
    stopped_until: datetime | None = None
    stopped_why: str = ""
    switched_off: bool = False

    def by(self, now: datetime) -> "SoFar":
        """The same facts later: another hour and another day begin at nothing. A clock set back changes nothing."""
        if now <= self.at:
            return self
        days = (now.date() - self.at.date()).days
        if days:
            return replace(self, at=now, day=self.day + days, today=0, this_hour=0, strangers=0)
        return replace(self, at=now, this_hour=self.this_hour if now.hour == self.at.hour else 0)

    def plus(self, notices: int = 1, *, strangers: int = 0) -> "SoFar":
        """With some more that left."""
        return replace(
            self,
            today=self.today + notices,
            this_hour=self.this_hour + notices,
            strangers=self.strangers + strangers,
        )


@dataclass(frozen=True, slots=True)
class Hold:
    """No notice leaves before `until`; None waits for a person. `why` is for staff."""

    until: datetime | None
    why: str


def hold(policy: Policy, so_far: SoFar, now: datetime, *, stranger: bool = False) -> Hold | None:
    """What keeps a notice from leaving now, the gravest first; None where it may leave."""
    facts, caps = so_far.by(now), policy.caps
    if facts.switched_off:
        return Hold(None, "Los avisos de este canal están apagados.")
    if facts.stopped_until is not None and now < facts.stopped_until:
        return Hold(facts.stopped_until, facts.stopped_why)
    cap = caps.a_day(facts.day)
    if cap is not None and facts.today >= cap:
        why = f"Ya salieron los {cap} avisos de hoy." if cap else "El número es nuevo: todavía no manda avisos."
        return Hold(_tomorrow(caps, now), why)
    if stranger and (held := _strangers_held(caps, facts, now)):
        return held
    if caps.opens is not None and now.time() < caps.opens:
        return Hold(_at(now, caps.opens), f"Los avisos salen desde las {caps.opens:%H:%M}.")
    if caps.closes is not None and now.time() >= caps.closes:
        return Hold(_tomorrow(caps, now), f"Los avisos salen hasta las {caps.closes:%H:%M}.")
    if caps.an_hour is not None and facts.this_hour >= caps.an_hour:
        return Hold(_next_hour(now), f"Ya salieron los {caps.an_hour} avisos de esta hora.")
    return None


def finish(policy: Policy, so_far: SoFar, queued: int, now: datetime) -> datetime | None:
    """When the last of `queued` notices leaves, at the policy's average pace; None where that is not known.

    It is not known while a person keeps them switched off, nor beyond ten years.
    """
    at, facts, left = now, so_far.by(now), queued
    while left > 0:
        held = hold(policy, facts, at)
        if held is None:
            some = min(left, _room(policy, facts, at))
            left -= some
            last = at + timedelta(seconds=(some - 1) * policy.pace)
            if not left:
                return last
            facts, at = facts.plus(some), last + timedelta(seconds=policy.pace)
        elif held.until is None or held.until > now + FAR:
            return None
        else:
            at = held.until.astimezone(now.tzinfo)  # a stop is kept in UTC; hours and days are the company's
        facts = facts.by(at)
    return at


def stop_of(repeated: int) -> timedelta:
    """How long notices stop when WhatsApp complained: an hour, and twice as long each time it does so again."""
    return min(HOUR * 2 ** min(repeated, 10), DAY)


def _strangers_held(caps: Caps, facts: SoFar, now: datetime) -> Hold | None:
    if caps.strangers is None:
        return None
    if facts.day < caps.strangers_from:
        first = _tomorrow(caps, now + (caps.strangers_from - facts.day - 1) * DAY)
        return Hold(first, "El número es nuevo: todavía no escribe a quien no es cliente.")
    if facts.strangers >= caps.strangers:
        return Hold(_tomorrow(caps, now), f"Ya se escribió hoy a {caps.strangers} personas que no son clientes.")
    return None


def _room(policy: Policy, facts: SoFar, at: datetime) -> int:
    """How many may leave from here, one each `pace`, before the hour ends or a cap is met: one at least."""
    caps = policy.caps
    end = _next_hour(at)
    if caps.closes is not None:
        end = min(end, _at(at, caps.closes))
    day, hour = caps.a_day(facts.day), caps.an_hour
    limits = [cap - done for cap, done in ((day, facts.today), (hour, facts.this_hour)) if cap is not None]
    if policy.pace:
        limits.append(ceil((end - at).total_seconds() / policy.pace))
    return max(1, min(limits, default=10**9))


def _at(now: datetime, hour: time) -> datetime:
    return datetime.combine(now.date(), hour, now.tzinfo)


def _tomorrow(caps: Caps, now: datetime) -> datetime:
    return datetime.combine(now.date() + DAY, caps.opens or time(0), now.tzinfo)


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + HOUR
