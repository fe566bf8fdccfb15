"""Looks around while the supervisor waits: mends what is safe to mend, samples the queue, forgets what is old."""

import logging
import time
from collections.abc import Callable

from django.utils import timezone

from backoffice.common import metrics
from backoffice.connections.services import forget_calls
from backoffice.operations import metering
from backoffice.operations.load import queue_age
from backoffice.operations.services import forget_activity, forget_silent, mend_lanes
from backoffice.sales.services import expire_orders, give_back_expired, warn_supervisors

log = logging.getLogger(__name__)


class Watchdog:
    """Each of its chores has its own pace, in seconds; two supervisors on one database do no harm to each other.

    `look` raises DatabaseError like any query: the supervisor's loop goes on and the next look tries again.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._chores: list[tuple[float, Callable[[], None]]] = [
            (10, _sample),
            (30, _mend),
            (60, _orders),
            (3600, _tidy),
        ]
        self._due = [0.0] * len(self._chores)

    def look(self) -> None:
        """Do what is due."""
        now = self._clock()
        for place, (pace, chore) in enumerate(self._chores):
            if now >= self._due[place]:
                self._due[place] = now + pace
                chore()


def _sample() -> None:
    metrics.observe("queue", queue_age(timezone.now()).total_seconds())


def _mend() -> None:
    mended = mend_lanes()
    if mended:
        metrics.count("mended", mended)
        log.error("%d lanes had lost their turn and got it back", mended)


def _orders() -> None:
    now = timezone.now()
    warn_supervisors(now=now)
    expire_orders(now=now)
    give_back_expired(now=now)


def _tidy() -> None:
    now = timezone.now()
    metering.prune(now=now)
    forget_silent(now=now)
    forget_calls(now=now)
    forget_activity(now=now)
