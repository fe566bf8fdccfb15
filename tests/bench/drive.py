"""Phones that wait for their replies while the dispatchers are other processes. Called by `tests.bench.worker`.

This process is the channel's receiver: each cohort's line is taken in as one poll's batch, and the next one when the
whole cohort was answered. Several cohorts are under way, so the dispatchers never wait for a slow one.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from backoffice.conversations.lanes import Bell
from backoffice.conversations.models import InboxEvent, Lane
from bot.intake import take_in
from bot.wake import Waker
from tests.bench import dialogue, engine
from tests.bench.engine import A_POLL

PHONES = engine.MOST_PHONES
GIVE_UP = timedelta(seconds=120)


@dataclass(slots=True)
class Cohort:
    """Phones that speak together: where they are in the dialogue, and the lanes in which they are answered."""

    phones: list[str]
    lanes: frozenset[int] = field(default_factory=frozenset)
    said: int = 0


def run(check: bool = True) -> dict[str, float]:
    """The dialogue with every phone, while others dispatch. Returns {"turns", "seconds", "cpu"} (of this process).

    Without `check` the outbox is left as it is: somebody else is sending.
    """
    desk = engine.desk(PHONES)
    known = dict(Lane.objects.values_list("key", "pk"))
    cohorts = [Cohort(desk.phones[start : start + A_POLL]) for start in range(0, PHONES, A_POLL)]
    for cohort in cohorts:
        cohort.lanes = frozenset(known[f"{desk.channel.pk}:p:{phone.removeprefix('549')}"] for phone in cohort.phones)
    told = engine.timed(lambda: _until_all_heard(desk, cohorts))
    if check:
        engine.check_outbox(int(told["turns"]))
        engine.another_day()
    return told


def send(amount: int) -> int:
    """As the channel's sender, until that many replies have left. Returns how many did."""
    desk, waker, sent = engine.desk(PHONES), Waker(Bell.OUTBOX), 0
    until = timezone.now() + GIVE_UP
    while sent < amount and timezone.now() < until:
        if not (left := desk.send_all()):
            waker.wait(0.05)
        sent += left
    waker.close()
    engine.check_outbox(0)
    engine.another_day()
    return sent


def _until_all_heard(desk: engine.Desk, cohorts: list[Cohort]) -> int:
    waker, until = Waker(Bell.OUTBOX), timezone.now() + GIVE_UP
    talking = list(cohorts)
    for cohort in talking:
        _speak(desk, cohort)
    while talking:
        waiting = set(InboxEvent.objects.filter(ready_at__isnull=False).values_list("lane_id", flat=True))
        answered = [cohort for cohort in talking if not cohort.lanes & waiting]
        for cohort in answered:
            if cohort.said < len(dialogue.LINES):
                _speak(desk, cohort)
            else:
                talking.remove(cohort)
        if not answered:
            if timezone.now() > until:
                raise RuntimeError(f"{len(waiting)} phones were not answered in time")
            waker.wait(0.05)
    waker.close()
    return len(dialogue.LINES) * sum(len(cohort.phones) for cohort in cohorts)


def _speak(desk: engine.Desk, cohort: Cohort) -> None:
    take_in(desk.channel, desk.network, desk.wave(dialogue.LINES[cohort.said], cohort.phones))
    cohort.said += 1
