"""How fast one person may be written to: Meta's pair rate (error 131056), kept before Meta has to say it."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Lock

from integrations.whatsapp.base import TooFastForOne

EVERY = 6.0
"""Seconds a message to the same person costs."""
BURST = 45
"""Messages that may go at once, and are then paid back by waiting (developers.facebook.com, «Pair rate limits»)."""
REMEMBERED = 10_000


class PairRate:
    """A bucket for each chat. `clock` gives seconds that never go back."""

    def __init__(
        self, *, every: float = EVERY, burst: int = BURST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._every, self._credit, self._clock = every, every * burst, clock
        self._paid_until: dict[str, float] = {}
        self._lock = Lock()

    def take(self, chat: str, messages: int = 1) -> None:
        """Room for so many messages to `chat`, all or none. Raises: TooFastForOne with the wait.

        More than a whole burst goes when nothing is owed: no wait would ever make room for it.
        """
        cost = self._every * messages
        with self._lock:
            now = self._clock()
            owed = max(self._paid_until.get(chat, now) - now, 0.0)
            wait = owed + min(cost, self._credit) - self._credit
            if wait > 0:
                raise TooFastForOne(f"{chat}: pair rate", after=timedelta(seconds=wait))
            if len(self._paid_until) >= REMEMBERED:
                self._paid_until = {key: until for key, until in self._paid_until.items() if until > now}
            self._paid_until[chat] = now + owed + cost
