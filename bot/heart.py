"""Signs of life of the bot's processes, and what they counted, as rows that the panel shows."""

import os
import threading
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

from backoffice.common import metrics
from backoffice.operations import metering
from backoffice.operations.models import Heartbeat

EVERY = timedelta(seconds=5)
COUNTED_EVERY = timedelta(seconds=10)


class Heart:
    """Beats at most every five seconds, so that signs of life do not keep the others awake."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._started = timezone.now()
        self._last: datetime | None = None
        self._counted = self._started

    def beat(self, note: str = "") -> None:
        now = timezone.now()
        if self._last is not None and now - self._last < EVERY:
            return
        values = {"pid": os.getpid(), "started_at": self._started, "seen_at": now, "note": note}
        try:
            Heartbeat.objects.update_or_create(name=self._name, defaults=values)
        except DatabaseError:
            connection.close()  # a beat is missed and the panel says so; the next one tries again
        self._last = now
        if now - self._counted >= COUNTED_EVERY:
            self.tell_counters()

    def tell_counters(self) -> None:
        """Store what this process counted; call it once more when the process ends. What fails is told later."""
        self._counted = timezone.now()
        tallies = metrics.drain()
        try:
            metering.store(tallies, at=self._counted)
        except DatabaseError:
            connection.close()
            metrics.put_back(tallies)

    def keep_beating(self, stop: threading.Event) -> None:
        while not stop.wait(1.0):
            self.beat()
