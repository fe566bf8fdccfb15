"""Takes ready lanes by lease, runs the engine over each, and commits (design 3, rows 3 to 6).

Any number of dispatchers may run: a claim is a conditional UPDATE, and a lane whose owner died is free
again when its lease ends. A turn that raises counts a strike; at the third a person gets it.
"""

import logging
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from backoffice.conversations.lanes import Bell
from backoffice.conversations.models import InboxEvent, Lane
from bot import engine, tally
from bot.commit import commit, release
from bot.context import LINES_A_TURN, Run, build
from bot.documents import invoice_media
from bot.effects import Stale
from bot.rescue import hand_over
from bot.snapshot import Snapshot, current
from bot.wake import Waker

log = logging.getLogger(__name__)

LANES_AT_ONCE = 64  # docs/adr: one transaction for all of them is what makes a turn cheap
LEASE = timedelta(seconds=30)
STRIKES = 3
FRESH_LOOKS = 5  # how often a turn is decided anew because what it was decided on had changed
EXPIRED_ALONE, EXPIRED_GIVEN_UP = 2, 5


class Dispatcher:
    """One loop over the lanes. `run_once` is what tests and `make chat` drive."""

    def __init__(self) -> None:
        self._waker = Waker(Bell.LANES)

    def loop(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self._waker.clear()
                if not self.run_once():
                    self._waker.wait(_nap())
            except DatabaseError:
                log.exception("the database did not answer; trying again")
                connection.close()
                stop.wait(1.0)
        self._waker.close()

    def run_once(self, now: datetime | None = None) -> int:
        """Claim what is ready and run it. Returns how many lanes were run."""
        moment = now or timezone.now()
        if not _is_any_ready(moment):
            return 0
        snapshot = current()  # before the claim: a configuration that cannot be read costs no lane its lease
        token = str(uuid.uuid4())
        lanes = _claim(moment, token)
        if not lanes:
            return 0
        moment = now or timezone.now()  # what came up to the claim runs with it
        together = [lane for lane in lanes if not lane.strikes and lane.expired < EXPIRED_ALONE]
        alone = [lane for lane in lanes if lane.strikes or lane.expired >= EXPIRED_ALONE]
        if together and not self._try(together, token, moment, snapshot):
            alone = together + alone
        for lane in alone:
            _renew(lane, token)
            self._run_alone(lane, token, moment, snapshot)
        return len(lanes)

    def _try(self, lanes: Sequence[Lane], token: str, now: datetime, snapshot: Snapshot) -> bool:
        """Run these lanes in one transaction; False (and nothing written) when any of them fails."""
        try:
            process(lanes, token=token, now=now, snapshot=snapshot)
        except Exception:
            if len(lanes) > 1:
                log.warning("a batch of %d lanes failed; running each alone", len(lanes))
            return False
        return True

    def _run_alone(self, lane: Lane, token: str, now: datetime, snapshot: Snapshot) -> None:
        if lane.expired >= EXPIRED_GIVEN_UP:
            _give_up(lane, token, now, "el proceso se cortó varias veces al atenderlo")
            return
        try:
            _process_fresh(lane, token, now, snapshot)
        except OperationalError as error:  # a deadlock, a full disk, a database restarting: not the lane's fault
            log.warning("lane %s will run again: %s", lane.key, error, extra={"lane": lane.key})
            _retry(lane, token, now + timedelta(milliseconds=500), strikes=lane.strikes)
        except Exception as error:
            log.exception("lane %s failed (strike %d)", lane.key, lane.strikes + 1, extra={"lane": lane.key})
            if lane.strikes + 1 >= STRIKES:
                _give_up(lane, token, now, type(error).__name__)
            else:
                _retry(lane, token, now + timedelta(seconds=2**lane.strikes), strikes=lane.strikes + 1)


def _process_fresh(lane: Lane, token: str, now: datetime, snapshot: Snapshot) -> None:
    """Run a lane's turn on what the tables say now; decide it anew, a few times, when that changed meanwhile.

    Raises:
        Stale: it changes every time, which is a fault of ours and counts as one.
    """
    for _ in range(FRESH_LOOKS - 1):
        try:
            return process([lane], token=token, now=now, snapshot=snapshot)
        except Stale:
            _renew(lane, token)
    return process([lane], token=token, now=now, snapshot=snapshot)


def _give_up(lane: Lane, token: str, now: datetime, reason: str) -> None:
    try:
        hand_over(lane, token=token, now=now, reason=reason)
    except Exception:
        log.exception("could not open a case for lane %s; its events are kept as dead letters", lane.key)


def process(lanes: Sequence[Lane], *, token: str, now: datetime, snapshot: Snapshot) -> None:
    """Read, run and write the next turn of each lane. All or nothing."""
    started = time.monotonic()
    events = _pending(lanes, now)
    runs = build([(lane, events[lane.pk]) for lane in lanes], now=now, snapshot=snapshot)
    for run in runs:
        if not run.is_mute:
            engine.run(run.turn)
    commit(runs, token=token, now=now, invoices=invoice_media(run.turn for run in runs))
    tally.turns_done(runs, time.monotonic() - started)
    _let_go_idle(lanes, runs, token, now)


def _pending(lanes: Sequence[Lane], now: datetime) -> dict[int, list[InboxEvent]]:
    """The due events of each lane, oldest first: one more than a turn takes, whatever the backlog."""
    found: dict[int, list[InboxEvent]] = {lane.pk: [] for lane in lanes}
    place = Window(RowNumber(), partition_by="lane_id", order_by="pk")
    due = InboxEvent.objects.filter(lane__in=lanes, state=InboxEvent.State.PENDING, ready_at__lte=now)
    for event in due.annotate(place=place).filter(place__lte=LINES_A_TURN + 1).order_by("lane_id", "pk"):
        found[event.lane_id].append(event)
    return found


def _let_go_idle(lanes: Sequence[Lane], runs: Sequence[Run], token: str, now: datetime) -> None:
    """Lanes that were claimed with nothing due (a timer moved, an event already handled)."""
    ran = {run.lane.pk for run in runs}
    idle = [lane.pk for lane in lanes if lane.pk not in ran]
    if idle:
        with transaction.atomic():
            held = Lane.objects.select_for_update().filter(pk__in=idle, token=token).order_by("pk")
            release(dict(held.values_list("pk", "ready_at")), leftovers=set(), now=now)


def _ready(now: datetime) -> Q:
    return Q(lease_until__isnull=True, ready_at__lte=now) | Q(lease_until__lt=now)


def _is_any_ready(now: datetime) -> bool:
    return Lane.objects.filter(_ready(now)).exists()


def _claim(now: datetime, token: str) -> list[Lane]:
    """Take up to `LANES_AT_ONCE` ready lanes. `ready_at` is emptied: whoever adds an event from now on sets it again.

    Those whose owner died come first. One that was there at more than one death is claimed with no other, so
    that the next death counts against it alone.
    """
    with transaction.atomic():
        wanted = Lane.objects.filter(_ready(now)).order_by(F("ready_at").asc(nulls_first=True), "pk")
        if connection.features.has_select_for_update_skip_locked:
            wanted = wanted.select_for_update(skip_locked=True)
        found = list(wanted[:LANES_AT_ONCE])
        suspect = [lane for lane in found if lane.lease_until is not None and lane.expired + 1 >= EXPIRED_ALONE]
        claimed = sorted(suspect[:1] or found, key=lambda lane: lane.pk)
        alike: dict[int, list[int]] = defaultdict(list)
        for lane in claimed:
            lane.expired = 0 if lane.lease_until is None else lane.expired + 1
            alike[lane.expired].append(lane.pk)
        until = timezone.now() + LEASE
        for expired, ids in alike.items():
            Lane.objects.filter(pk__in=ids).update(
                token=token, lease_until=until, expired=expired, ready_at=None, burst_started_at=None
            )
        return claimed


def _renew(lane: Lane, token: str) -> None:
    Lane.objects.filter(pk=lane.pk, token=token).update(lease_until=timezone.now() + LEASE)


def _retry(lane: Lane, token: str, at: datetime, *, strikes: int) -> None:
    Lane.objects.filter(pk=lane.pk, token=token).update(
        token="", lease_until=None, strikes=strikes, expired=0, ready_at=at
    )


def _nap() -> float:
    """Up to a second, less when a timer or a burst is due before."""
    due = Lane.objects.filter(lease_until__isnull=True, ready_at__isnull=False).order_by("ready_at")
    first = due.values_list("ready_at", flat=True).first()
    if first is None:
        return 1.0
    return min(1.0, max(0.005, (first - timezone.now()).total_seconds()))
